package dev.lychee.rerank.deploy.explain;

import dev.lychee.rerank.schemas.RerankedResult;
import dev.lychee.rerank.schemas.ResultItem;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What {@code lychee explain} found, as {@code --json} writes it.
 *
 * @param schema version of this shape
 * @param result the whole set's result, with an {@code explanation} in each scored item
 * @param pairs the candidates that were asked for
 */
public record ExplainReport(int schema, RerankedResult result, List<Pair> pairs) {

    /** Version of this shape. */
    public static final int SCHEMA = 1;

    /**
     * One candidate.
     *
     * @param id which
     * @param logit the model's relevance log-odds of the whole pair; null when it was not scored
     * @param query words of the query
     * @param document words of the text that the model read
     * @param parts what the text was built of; empty for a candidate with a text of its own
     */
    public record Pair(
            String id, @Nullable Double logit, Text query, Text document, List<Part> parts) {

        /** The largest effect of a word, whatever its sign; 0 without any. */
        double largestEffect() {
            return Stream.concat(query.words().stream(), document.words().stream())
                    .map(Word::effect)
                    .filter(Objects::nonNull)
                    .mapToDouble(Math::abs)
                    .max()
                    .orElse(0);
        }
    }

    /**
     * A text and its words.
     *
     * @param text the text
     * @param words those that were left out, one at a time, in order
     * @param notTried how many further words there are
     */
    public record Text(String text, List<Word> words, int notTried) {}

    /**
     * A word.
     *
     * @param text the word
     * @param start its first character in the text (UTF-16), 0-based
     * @param end behind its last one
     * @param logitWithout log-odds of the pair without it; null when nothing is left to score
     * @param effect log-odds with it minus without it: above 0 it helps; null without one of both
     */
    public record Word(
            String text,
            int start,
            int end,
            @Nullable Double logitWithout,
            @Nullable Double effect) {}

    /**
     * A part of the document.
     *
     * @param part {@code title}, {@code selling_points[0]} and so on, or {@code description}
     * @param text what it says
     * @param logitWithout log-odds of the pair without it; null when nothing is left to score
     * @param effect log-odds with it minus without it; null without one of both
     */
    public record Part(
            String part, String text, @Nullable Double logitWithout, @Nullable Double effect) {}

    /** What the job made of a candidate. */
    ResultItem item(Pair pair) {
        return Stream.concat(result.results().stream(), result.dropped().stream())
                .filter(item -> item.id().equals(pair.id()))
                .findFirst()
                .orElseThrow();
    }
}
