package dev.lychee.rerank.operators.text;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one file says about cleaning queries.
 *
 * @param language ISO 639 code of the queries that it is for; null for those of every language
 * @param fillers words that are dropped
 * @param keep words and phrases in which nothing is changed
 * @param models names of models, and the words that may follow each; null takes a name out that
 *     another dictionary has
 */
public record TextDictionary(
        @Nullable String language,
        List<String> fillers,
        List<String> keep,
        Map<String, @Nullable List<String>> models) {

    public TextDictionary {
        fillers = Objects.requireNonNullElse(fillers, List.of());
        keep = Objects.requireNonNullElse(keep, List.of());
        models = Objects.requireNonNullElse(models, Map.of());
    }

    /** How many words and names it has. */
    int size() {
        return fillers.size() + keep.size() + models.size();
    }
}
