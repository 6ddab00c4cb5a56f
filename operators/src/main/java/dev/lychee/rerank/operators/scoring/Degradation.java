package dev.lychee.rerank.operators.scoring;

import dev.lychee.rerank.operators.assembly.TokenEstimate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a task with a deadline goes without because the scorer is behind. The further behind, the
 * less is computed for each task, so that all of them get something in time rather than some
 * everything and others nothing.
 *
 * <p>{@code pressure} is the share of the time left that work due no later already takes:
 *
 * <ul>
 *   <li>from {@value #HALF_WINDOW}: {@link #RERANK_WINDOW}, only the better half by the retriever's
 *       rank is computed, at least {@value #SMALLEST_WINDOW} of the set;
 *   <li>from {@value #QUARTER_WINDOW}: a quarter, and {@link #SHORTER_DOCUMENTS}, half of each
 *       document and at most {@value #SHORT_DOCUMENT_TOKENS} tokens;
 *   <li>what cannot be done in {@value #USABLE_SHARE} of the time left is not computed either; when
 *       that is everything, also of the best documents, it is {@link #CACHE_OR_RETRIEVAL}.
 * </ul>
 *
 * <p>What is not computed gets its score from the cache, or none, and keeps the retriever's order.
 *
 * @param computed whether each document is computed
 * @param shortDocuments whether documents are shortened
 * @param steps names of the steps taken, in order; empty when everything is computed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Degradation(boolean[] computed, boolean shortDocuments, List<String> steps) {

    static final String RERANK_WINDOW = "rerank-window";
    static final String SHORTER_DOCUMENTS = "shorter-documents";
    static final String CACHE_OR_RETRIEVAL = "cache-or-retrieval";

    static final double HALF_WINDOW = 0.25;
    static final double QUARTER_WINDOW = 0.4;
    static final double USABLE_SHARE = 0.65;
    static final int SMALLEST_WINDOW = 10;
    static final int SHORT_DOCUMENT_TOKENS = 128;

    /** Documents are not shortened below this, in tokens: a title stays whole. */
    private static final int SHORTEST_DOCUMENT_TOKENS = 16;

    /**
     * Decides for one task.
     *
     * @param ranks the retriever's rank of each document in its set, 1-based
     * @param candidates documents in the set
     * @param nanosPerDocument time that the device takes for each document as it is
     * @param backlogNanos time that the device needs for work that is due no later
     * @param nanosLeft time until the deadline
     */
    static Degradation choose(
            int[] ranks,
            int candidates,
            double[] nanosPerDocument,
            double backlogNanos,
            double nanosLeft) {
        double pressure = nanosLeft <= 0 ? Double.POSITIVE_INFINITY : backlogNanos / nanosLeft;
        boolean shorter = pressure >= QUARTER_WINDOW;
        int divisor = pressure >= QUARTER_WINDOW ? 4 : pressure >= HALF_WINDOW ? 2 : 1;
        int window = Math.max(SMALLEST_WINDOW, (candidates + divisor - 1) / divisor);
        double usable = USABLE_SHARE * nanosLeft - backlogNanos;

        boolean[] computed = new boolean[ranks.length];
        boolean hasBest = false;
        int count = 0;
        for (int index : bestFirst(ranks)) {
            hasBest |= ranks[index] <= SMALLEST_WINDOW;
            usable -= shorter ? nanosPerDocument[index] / 2 : nanosPerDocument[index];
            if (ranks[index] > window || usable < 0) {
                break;
            }
            computed[index] = true;
            count++;
        }
        List<String> steps = new ArrayList<>();
        if (count == 0 && hasBest) {
            steps.add(CACHE_OR_RETRIEVAL);
        } else {
            if (count < ranks.length) {
                steps.add(RERANK_WINDOW);
            }
            if (shorter && count > 0) {
                steps.add(SHORTER_DOCUMENTS);
            }
        }
        return new Degradation(computed, shorter && count > 0, steps);
    }

    /** Everything is computed. */
    static Degradation none(int documents) {
        boolean[] computed = new boolean[documents];
        Arrays.fill(computed, true);
        return new Degradation(computed, false, List.of());
    }

    /** The beginning of a document that is to be read faster. */
    static String shortened(String document) {
        int tokens = TokenEstimate.of(document);
        int kept = Math.max(SHORTEST_DOCUMENT_TOKENS, Math.min(SHORT_DOCUMENT_TOKENS, tokens / 2));
        if (tokens <= kept) {
            return document;
        }
        int fits = TokenEstimate.prefixLength(document, kept);
        boolean splitsCharacter = Character.isHighSurrogate(document.charAt(fits - 1));
        return document.substring(0, splitsCharacter ? fits - 1 : fits);
    }

    private static int[] bestFirst(int[] ranks) {
        long[] keys = new long[ranks.length];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = ((long) ranks[i] << 32) | i;
        }
        Arrays.sort(keys);
        int[] indexes = new int[keys.length];
        for (int i = 0; i < keys.length; i++) {
            indexes[i] = (int) keys[i];
        }
        return indexes;
    }
}
