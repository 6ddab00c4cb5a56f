package dev.lychee.rerank.operators.scoring;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A loaded model that judges how relevant documents are to a query.
 *
 * <p>{@link #encodeQuery} and {@link #encodePair} may be called by any number of threads. {@link
 * #score} is called by one thread at a time, and {@link #close} when no other call is under way.
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
     * @param query the query text
     * @throws IllegalArgumentException if instruction and query leave no room for a document
     */
    EncodedQuery encodeQuery(@Nullable String instruction, String query);

    /**
     * Tokenizes one document and joins it to a query; the document is shortened where both do not
     * fit.
     *
     * @param query what {@link #encodeQuery} of this scorer returned
     * @param document the document text
     */
    EncodedPair encodePair(EncodedQuery query, String document);

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

    @Override
    void close();
}
