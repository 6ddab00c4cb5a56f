package dev.lychee.rerank.operators.scoring.djl;

import dev.lychee.rerank.operators.image.ModelImage;
import dev.lychee.rerank.operators.scoring.Content;
import dev.lychee.rerank.operators.scoring.EncodedQuery;
import dev.lychee.rerank.operators.scoring.InvalidModelPackageException;
import dev.lychee.rerank.operators.scoring.PackageDescription;
import dev.lychee.rerank.operators.scoring.djl.ModelPackage.Prompt;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes query and document into the prompt of a yes-no model.
 *
 * <p>Prefix and suffix are tokenized by themselves, with their control tokens, and are never
 * shortened. Instruction, query and document are tokenized as one text, because that is how these
 * models are trained: a question mark and the line break after it are one token. The document
 * stands last in that text, so cutting the text's end shortens the document alone. A picture stands
 * before the text of its side and parts the text there, as its control tokens do for the tokenizer.
 */
final class PromptPairEncoder implements PairEncoder {

    private static final String QUERY = "{query}";

    private final PackageTokenizer tokenizer;
    private final @Nullable ImageBlock imageBlock;
    private final Prompt prompt;
    private final String documentLead;
    private final int[] prefix;
    private final int[] suffix;
    private final int room;
    private final int maxQueryTokens;
    private final boolean withTypes;

    PromptPairEncoder(
            ModelPackage model,
            Prompt prompt,
            PackageTokenizer tokenizer,
            @Nullable ImageBlock imageBlock)
            throws InvalidModelPackageException {
        this.tokenizer = tokenizer;
        this.imageBlock = imageBlock;
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
        int taken = count(parts(head(prompt.defaultInstruction(), "", null), null));
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
    public EncodedQuery encodeQuery(@Nullable String instruction, Content content) {
        String query = content.text();
        String asked =
                instruction == null
                        ? prompt.defaultInstruction()
                        : tokenizer.neutralize(instruction);
        String bounded = tokenizer.neutralize(PairEncoder.bounded(query, maxQueryTokens));
        String kept = tokenizer.firstTokens(bounded, maxQueryTokens);
        boolean truncated =
                kept.length() < bounded.length()
                        || query.length() > PairEncoder.bounded(query, maxQueryTokens).length();
        Query head = head(asked, kept, PairEncoder.imageOf(content)).withTruncated(truncated);
        int taken = count(parts(head, null));
        if (taken >= room) {
            throw new IllegalArgumentException(
                    "instruction and query take "
                            + taken
                            + " of "
                            + room
                            + " tokens, which leaves none for a document");
        }
        return head;
    }

    @Override
    public Pair encodePair(EncodedQuery query, Content content) {
        Query head = (Query) query;
        ModelImage image = PairEncoder.imageOf(content);
        String document = content.text();
        String bounded = PairEncoder.bounded(document, room);
        List<Object> parts = parts(head, image);
        // The last part is text, and grows by the document, with which it is one to the tokenizer.
        String lead = (String) parts.remove(parts.size() - 1);
        int taken = count(parts);
        int[] body = tokenizer.idsOfUserText(lead + tokenizer.neutralize(bounded));
        if (taken >= room) {
            throw new IllegalArgumentException(
                    "query and pictures take " + taken + " of " + room + " tokens");
        }
        int kept = Math.min(body.length, room - taken);
        int[] ids = new int[prefix.length + taken + kept + suffix.length];
        int at = put(prefix, prefix.length, ids, 0);
        for (Object part : parts) {
            int[] own = ids(part);
            at = put(own, own.length, ids, at);
        }
        at = put(body, kept, ids, at);
        put(suffix, suffix.length, ids, at);
        return new Pair(
                ids,
                withTypes ? new int[ids.length] : null,
                head.truncated || kept < body.length || bounded.length() < document.length(),
                PairEncoder.images(head.image, image));
    }

    /**
     * Texts and pictures from the instruction to where the document's text begins; text is last.
     */
    private List<Object> parts(Query head, @Nullable ModelImage documentImage) {
        List<Object> parts = new ArrayList<>(5);
        String text = head.before;
        if (head.image != null) {
            parts.add(text);
            parts.add(head.image);
            text = "";
        }
        text += head.after + documentLead;
        if (documentImage != null) {
            parts.add(text);
            parts.add(documentImage);
            text = "";
        }
        parts.add(text);
        return parts;
    }

    private int[] ids(Object part) {
        return part instanceof ModelImage image
                ? Objects.requireNonNull(imageBlock).ids(image)
                : tokenizer.idsOfUserText((String) part);
    }

    private int count(List<Object> parts) {
        int tokens = 0;
        for (Object part : parts) {
            tokens += ids(part).length;
        }
        return tokens;
    }

    private static int put(int[] source, int count, int[] ids, int at) {
        System.arraycopy(source, 0, ids, at, count);
        return at + count;
    }

    private Query head(String instruction, String query, @Nullable ModelImage image) {
        int place = prompt.query().indexOf(QUERY);
        return new Query(
                prompt.instruction().replace("{instruction}", instruction)
                        + prompt.query().substring(0, place),
                query + prompt.query().substring(place + QUERY.length()),
                image,
                false);
    }

    /**
     * A query.
     *
     * @param before text before its picture, the instruction with it
     * @param after text after its picture
     */
    private record Query(String before, String after, @Nullable ModelImage image, boolean truncated)
            implements EncodedQuery {

        Query withTruncated(boolean shortened) {
            return new Query(before, after, image, shortened);
        }
    }
}
