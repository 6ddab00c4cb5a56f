package dev.lychee.rerank.schemas;

import org.jspecify.annotations.Nullable;

/**
 * Which calibration map made {@code calibrated} from {@code logit}.
 *
 * @param method {@code identity}, {@code isotonic}, {@code platt} or {@code temperature}
 * @param segment segment the map was fitted on; null for {@code identity}
 * @param version version of the map; null for {@code identity}
 */
public record CalibrationReference(
        String method, @Nullable String segment, @Nullable Long version) {

    public static final CalibrationReference IDENTITY =
            new CalibrationReference("identity", null, null);
}
