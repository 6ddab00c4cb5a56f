package dev.lychee.rerank.operators.scoring;

import dev.lychee.rerank.operators.image.ImageProcessor;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A loaded model that judges how relevant documents are to a query.
 *
 * <p>{@link #encodeQuery} and {@link #encodePair} may be called by any number of threads. {@link
 * #score} and {@link #begin} are called by one thread at a time, and {@link #close} when no other
 * call is under way; passes that were begun may be.
 */
public interface Scorer extends AutoCloseable {

    /** What is loaded, and where it runs. */
    ScorerDescription description();

    /**
     * Tokenizes what all pairs of a candidate set share. A query longer than the model package
     * allows is shortened, and its pairs say so.
     *
     * @param instruction what the model is asked to judge; null for the package's own. Models that
     *     read no instruction ignore it
     * @param query the query, with a picture only where {@link ScorerDescription#images} says so
     * @throws IllegalArgumentException if instruction and query leave no room for a document
     */
    EncodedQuery encodeQuery(@Nullable String instruction, Content query);

    /** Tokenizes a query of text alone. */
    default EncodedQuery encodeQuery(@Nullable String instruction, String query) {
        return encodeQuery(instruction, Content.ofText(query));
    }

    /**
     * Tokenizes one document and joins it to a query; the document is shortened where both do not
     * fit.
     *
     * @param query what {@link #encodeQuery} of this scorer returned
     * @param document the document, with a picture only where {@link ScorerDescription#images} says
     *     so
     * @throws IllegalArgumentException if the pictures alone do not fit
     */
    EncodedPair encodePair(EncodedQuery query, Content document);

    /** Tokenizes a document of text alone. */
    default EncodedPair encodePair(EncodedQuery query, String document) {
        return encodePair(query, Content.ofText(document));
    }

    /** Makes pictures into what this scorer reads; null unless it reads pixels. */
    default @Nullable ImageProcessor imageProcessor() {
        return null;
    }

    /**
     * The shape to which a batch is padded: not smaller than the batch. Few different shapes suit
     * engines that prepare kernels for each.
     *
     * @param pairs pairs in the batch, at least 1
     * @param longest tokens of its longest pair
     */
    default BatchShape shape(int pairs, int longest) {
        return new BatchShape(pairs, longest);
    }

    /**
     * Scores pairs in one forward pass. A pair's score does not depend on its neighbours, except
     * for rounding.
     *
     * @param batch pairs that this scorer encoded, at least one
     * @return relevance log-odds before any temperature, one per pair, in the batch's order
     */
    float[] score(List<EncodedPair> batch);

    /**
     * Begins a pass. A model in this process has run it when this returns; one that is served
     * elsewhere returns at once, and ends the pass on a thread of its own.
     *
     * @param batch pairs that this scorer encoded, at least one; of one query where the model is
     *     served elsewhere
     * @param wanted whether anybody still waits for these scores; may be asked before trying again
     * @return fails with {@link ScorerUnavailableException} when the pairs are not the reason, and
     *     with anything else when they may be
     */
    default CompletableFuture<PassScores> begin(List<EncodedPair> batch, BooleanSupplier wanted) {
        return CompletableFuture.completedFuture(PassScores.of(score(batch)));
    }

    /** How much may be asked of a model that is served elsewhere; null for one in this process. */
    default @Nullable RemoteLimits remoteLimits() {
        return null;
    }

    /** What this scorer reports besides what every scorer does: numbers or texts by name. */
    default Map<String, Supplier<Object>> gauges() {
        return Map.of();
    }

    /** Lets everything go; passes that are under way fail or are forgotten. */
    @Override
    void close();
}
