package dev.lychee.rerank.deploy.calibration;

import dev.lychee.rerank.schemas.CalibrationMap;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The maps of one fingerprint and segment that a topic still has.
 *
 * @param fingerprint whose logits they are for
 * @param segment user group
 * @param holds version that results name; null when none does, as the only pin was lifted
 * @param pin the latest decision about a pin; null if there never was one
 * @param versions by version, ascending, at least one
 */
public record SegmentHistory(
        String fingerprint,
        String segment,
        @Nullable Long holds,
        @Nullable Pin pin,
        List<MapVersion> versions) {

    /** More are not listed in a sentence. */
    private static final int LISTED = 10;

    /**
     * A map and where it was found.
     *
     * @param offset of its record
     * @param published when its record was written; null where only a pin has kept it
     * @param map the map, to hold by its version
     */
    public record MapVersion(long offset, @Nullable Instant published, CalibrationMap map) {

        /** The map's version. */
        public long number() {
            return map.version();
        }
    }

    /**
     * What somebody decided.
     *
     * @param pinned whether the version is pinned, or no longer
     * @param version the map that was pinned
     * @param at when
     * @param offset of the record that says so
     */
    public record Pin(boolean pinned, long version, Instant at, long offset) {}

    /** The pin that holds; null when the highest version does. */
    public @Nullable Pin activePin() {
        return pin != null && pin.pinned() ? pin : null;
    }

    /** A version; null if the topic does not have it any more. */
    public @Nullable MapVersion version(long number) {
        return versions.stream().filter(each -> each.number() == number).findFirst().orElse(null);
    }

    /** The version that holds; null for none. */
    public @Nullable MapVersion holding() {
        return holds == null ? null : version(holds);
    }

    /** The highest version below a number; null for none. */
    public @Nullable MapVersion before(long number) {
        return versions.stream()
                .filter(each -> each.number() < number)
                .reduce((lower, higher) -> higher)
                .orElse(null);
    }

    /** The version that will hold without a pin; null for none. */
    public @Nullable MapVersion newest() {
        return versions.stream()
                .filter(each -> each.published() != null)
                .reduce((lower, higher) -> higher)
                .orElse(null);
    }

    /** The version numbers for a sentence, the latest ones of many. */
    public String listedVersions() {
        String last =
                versions.stream()
                        .skip(Math.max(0, versions.size() - LISTED))
                        .map(each -> String.valueOf(each.number()))
                        .collect(Collectors.joining(", "));
        return versions.size() > LISTED ? "..., " + last : last;
    }
}
