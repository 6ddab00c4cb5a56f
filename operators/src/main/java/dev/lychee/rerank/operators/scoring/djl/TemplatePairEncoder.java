package dev.lychee.rerank.operators.scoring.djl;

import ai.djl.huggingface.tokenizers.Encoding;
import dev.lychee.rerank.operators.image.ModelImage;
import dev.lychee.rerank.operators.scoring.Content;
import dev.lychee.rerank.operators.scoring.EncodedQuery;
import dev.lychee.rerank.operators.scoring.InvalidModelPackageException;
import dev.lychee.rerank.operators.scoring.PackageDescription;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Joins query and document by the tokenizer's own pair template: {@code [CLS] q [SEP] d [SEP]} of
 * BERT, {@code <s> q </s></s> d </s>} of XLM-R, or another. What stands before, between and after
 * is learned once by encoding a pair of marker words.
 */
final class TemplatePairEncoder implements PairEncoder {

    private static final int[] NO_IDS = {};

    private final PackageTokenizer tokenizer;
    private final @Nullable ImageBlock imageBlock;
    private final boolean withTypes;
    private final int maxTokens;
    private final int maxQueryTokens;
    private final Segment before;
    private final Segment between;
    private final Segment after;
    private final int queryType;
    private final int documentType;

    TemplatePairEncoder(
            ModelPackage model, PackageTokenizer tokenizer, @Nullable ImageBlock imageBlock)
            throws InvalidModelPackageException {
        this.tokenizer = tokenizer;
        this.imageBlock = imageBlock;
        this.withTypes = model.inputs().contains(ModelPackage.Input.TOKEN_TYPE_IDS);
        this.maxTokens = model.limits().maxTokens();
        this.maxQueryTokens = model.limits().maxQueryTokens();

        Encoding marker = tokenizer.encodePair("a", "b");
        long[] special = marker.getSpecialTokenMask();
        int queryStart = runEnd(special, 0, 1);
        int queryEnd = runEnd(special, queryStart, 0);
        int documentStart = runEnd(special, queryEnd, 1);
        int documentEnd = runEnd(special, documentStart, 0);
        int end = runEnd(special, documentEnd, 1);
        boolean twoTexts = queryEnd > queryStart && documentEnd > documentStart;
        if (!twoTexts || documentStart == queryEnd || end != special.length) {
            throw new InvalidModelPackageException(
                    model.tokenizer()
                            + " has no pair template that separates two texts; give its"
                            + " post_processor a 'pair' part, as the original model uses it.");
        }
        this.before = segment(marker, 0, queryStart);
        this.between = segment(marker, queryEnd, documentStart);
        this.after = segment(marker, documentEnd, end);
        this.queryType = (int) marker.getTypeIds()[queryStart];
        this.documentType = (int) marker.getTypeIds()[documentStart];
        if (maxQueryTokens + controlTokens() >= maxTokens) {
            throw new InvalidModelPackageException(
                    "Field 'limits.max_query_tokens' of "
                            + model.directory().resolve(PackageDescription.FILE)
                            + " leaves no token for a document: "
                            + maxQueryTokens
                            + " for the query and "
                            + controlTokens()
                            + " control tokens of limits.max_tokens "
                            + maxTokens
                            + ".");
        }
    }

    @Override
    public @Nullable String defaultInstruction() {
        return null;
    }

    @Override
    public EncodedQuery encodeQuery(@Nullable String instruction, Content content) {
        String query = content.text();
        ModelImage image = PairEncoder.imageOf(content);
        String bounded = PairEncoder.bounded(query, maxQueryTokens);
        int[] ids = tokenizer.idsOfUserText(tokenizer.neutralize(bounded));
        boolean truncated = ids.length > maxQueryTokens || bounded.length() < query.length();
        return new Query(
                imageIds(image),
                ids.length > maxQueryTokens ? Arrays.copyOf(ids, maxQueryTokens) : ids,
                image,
                truncated);
    }

    @Override
    public Pair encodePair(EncodedQuery query, Content content) {
        Query head = (Query) query;
        String document = content.text();
        ModelImage image = PairEncoder.imageOf(content);
        int[] imageIds = imageIds(image);
        int taken = controlTokens() + head.imageIds.length + head.ids.length + imageIds.length;
        int room = maxTokens - taken;
        if (room < 0) {
            throw new IllegalArgumentException(
                    "query and pictures take " + taken + " of " + maxTokens + " tokens");
        }
        String bounded = PairEncoder.bounded(document, room);
        int[] body = tokenizer.idsOfUserText(tokenizer.neutralize(bounded));
        int kept = Math.min(body.length, room);
        int[] ids = new int[taken + kept];
        int[] types = withTypes ? new int[ids.length] : null;
        int at = put(before.ids, before.types, ids, types, 0);
        at = put(head.imageIds, head.imageIds.length, queryType, ids, types, at);
        at = put(head.ids, head.ids.length, queryType, ids, types, at);
        at = put(between.ids, between.types, ids, types, at);
        at = put(imageIds, imageIds.length, documentType, ids, types, at);
        at = put(body, kept, documentType, ids, types, at);
        put(after.ids, after.types, ids, types, at);
        return new Pair(
                ids,
                types,
                head.truncated || kept < body.length || bounded.length() < document.length(),
                PairEncoder.images(head.image, image));
    }

    private int[] imageIds(@Nullable ModelImage image) {
        return image == null ? NO_IDS : Objects.requireNonNull(imageBlock).ids(image);
    }

    private int controlTokens() {
        return before.ids.length + between.ids.length + after.ids.length;
    }

    private static int put(
            int[] source, int[] sourceTypes, int[] ids, int @Nullable [] types, int at) {
        System.arraycopy(source, 0, ids, at, source.length);
        if (types != null) {
            System.arraycopy(sourceTypes, 0, types, at, source.length);
        }
        return at + source.length;
    }

    private static int put(
            int[] source, int count, int type, int[] ids, int @Nullable [] types, int at) {
        System.arraycopy(source, 0, ids, at, count);
        if (types != null) {
            Arrays.fill(types, at, at + count, type);
        }
        return at + count;
    }

    private static int runEnd(long[] mask, int from, long value) {
        int end = from;
        while (end < mask.length && mask[end] == value) {
            end++;
        }
        return end;
    }

    private static Segment segment(Encoding encoding, int from, int to) {
        int[] ids = new int[to - from];
        int[] types = new int[to - from];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = (int) encoding.getIds()[from + i];
            types[i] = (int) encoding.getTypeIds()[from + i];
        }
        return new Segment(ids, types);
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Segment(int[] ids, int[] types) {}

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Query(int[] imageIds, int[] ids, @Nullable ModelImage image, boolean truncated)
            implements EncodedQuery {}
}
