package dev.lychee.rerank.operators.scoring.djl;

import dev.lychee.rerank.operators.scoring.EncodedQuery;
import dev.lychee.rerank.operators.scoring.InvalidModelPackageException;
import dev.lychee.rerank.operators.scoring.PackageDescription;
import dev.lychee.rerank.operators.scoring.djl.ModelPackage.Prompt;
import org.jspecify.annotations.Nullable;

/**
 * Writes query and document into the prompt of a yes-no model.
 *
 * <p>Prefix and suffix are tokenized by themselves, with their control tokens, and are never
 * shortened. Instruction, query and document are tokenized as one text, because that is how these
 * models are trained: a question mark and the line break after it are one token. The document
 * stands last in that text, so cutting the text's end shortens the document alone.
 */
final class PromptPairEncoder implements PairEncoder {

    private final PackageTokenizer tokenizer;
    private final Prompt prompt;
    private final String documentLead;
    private final int[] prefix;
    private final int[] suffix;
    private final int room;
    private final int maxQueryTokens;
    private final boolean withTypes;

    PromptPairEncoder(ModelPackage model, Prompt prompt, PackageTokenizer tokenizer)
            throws InvalidModelPackageException {
        this.tokenizer = tokenizer;
        this.prompt = prompt;
        this.documentLead = prompt.document().replace("{document}", "");
        this.prefix = tokenizer.idsOfTemplate(prompt.prefix());
        this.suffix = tokenizer.idsOfTemplate(prompt.suffix());
        this.room = model.limits().maxTokens() - prefix.length - suffix.length;
        this.maxQueryTokens = model.limits().maxQueryTokens();
        this.withTypes = model.inputs().contains(ModelPackage.Input.TOKEN_TYPE_IDS);
        for (int id :
                tokenizer.idsOfTemplate(prompt.instruction() + prompt.query() + documentLead)) {
            if (tokenizer.isControl(id)) {
                throw new InvalidModelPackageException(
                        "Control tokens in prompt.instruction, prompt.query or prompt.document of "
                                + model.directory().resolve(PackageDescription.FILE)
                                + " cannot be told from those in a user's text; move them to"
                                + " prompt.prefix or prompt.suffix.");
            }
        }
        int taken = headTokens(head(prompt.defaultInstruction(), ""));
        if (taken + maxQueryTokens >= room) {
            throw new InvalidModelPackageException(
                    "Field 'limits.max_tokens' of "
                            + model.directory().resolve(PackageDescription.FILE)
                            + " leaves no token for a document: the prompt takes "
                            + (prefix.length + suffix.length + taken)
                            + " and the query up to "
                            + maxQueryTokens
                            + " of "
                            + model.limits().maxTokens()
                            + ".");
        }
    }

    @Override
    public @Nullable String defaultInstruction() {
        return prompt.instruction().isEmpty() ? null : prompt.defaultInstruction();
    }

    @Override
    public EncodedQuery encodeQuery(@Nullable String instruction, String query) {
        String asked =
                instruction == null
                        ? prompt.defaultInstruction()
                        : tokenizer.neutralize(instruction);
        String bounded = tokenizer.neutralize(PairEncoder.bounded(query, maxQueryTokens));
        String kept = tokenizer.firstTokens(bounded, maxQueryTokens);
        boolean truncated =
                kept.length() < bounded.length()
                        || query.length() > PairEncoder.bounded(query, maxQueryTokens).length();
        String head = head(asked, kept);
        int taken = headTokens(head);
        if (taken >= room) {
            throw new IllegalArgumentException(
                    "instruction and query take "
                            + taken
                            + " of "
                            + room
                            + " tokens, which leaves none for a document");
        }
        return new Query(head, truncated);
    }

    @Override
    public Pair encodePair(EncodedQuery query, String document) {
        Query lead = (Query) query;
        String bounded = PairEncoder.bounded(document, room);
        int[] body =
                tokenizer.idsOfUserText(lead.head + documentLead + tokenizer.neutralize(bounded));
        int kept = Math.min(body.length, room);
        int[] ids = new int[prefix.length + kept + suffix.length];
        System.arraycopy(prefix, 0, ids, 0, prefix.length);
        System.arraycopy(body, 0, ids, prefix.length, kept);
        System.arraycopy(suffix, 0, ids, prefix.length + kept, suffix.length);
        return new Pair(
                ids,
                withTypes ? new int[ids.length] : null,
                lead.truncated || kept < body.length || bounded.length() < document.length());
    }

    private String head(String instruction, String query) {
        return prompt.instruction().replace("{instruction}", instruction)
                + prompt.query().replace("{query}", query);
    }

    private int headTokens(String head) {
        return tokenizer.idsOfUserText(head + documentLead).length;
    }

    private record Query(String head, boolean truncated) implements EncodedQuery {}
}
