package dev.lychee.rerank.schemas;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one set wants different from its profile. Absent means: as the profile says.
 *
 * @param temperature divides the logit before the sigmoid, greater than 0
 * @param weights weights of business signals by name, 0 or more
 * @param threshold how the set is cut
 * @param inStockFirst whether candidates in stock come first
 * @param priceRange lowest and highest price
 * @param rules whether the profile's rules apply
 * @param explain whether each item of the result accounts for its score
 * @param returnDocuments whether the result carries the candidates themselves
 */
public record Overrides(
        @Nullable Double temperature,
        Map<String, Double> weights,
        @Nullable ThresholdSpec threshold,
        @Nullable Boolean inStockFirst,
        List<Double> priceRange,
        @Nullable Boolean rules,
        @Nullable Boolean explain,
        @Nullable Boolean returnDocuments) {

    public static final Overrides NONE =
            new Overrides(null, Map.of(), null, null, List.of(), null, null, null);

    public Overrides {
        weights = Objects.requireNonNullElse(weights, Map.of());
        priceRange = Objects.requireNonNullElse(priceRange, List.of());
    }
}
