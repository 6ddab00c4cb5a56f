package dev.lychee.rerank.deploy.calibration;

import dev.lychee.rerank.deploy.UserMistakeException;
import dev.lychee.rerank.deploy.calibration.SegmentHistory.MapVersion;
import dev.lychee.rerank.deploy.calibration.SegmentHistory.Pin;
import dev.lychee.rerank.schemas.CalibrationMap;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What it takes to freeze a segment, to roll it back, or to let it go; a command that is repeated
 * changes nothing.
 *
 * @param record what is to be published; null when nothing changes
 * @param sentence what was done, and what results name
 */
public record PinChange(@Nullable CalibrationMap record, String sentence) {

    private static final String UNFREEZE = "until lychee calibration unfreeze";

    /**
     * Pins the version that holds.
     *
     * @throws UserMistakeException when none does
     */
    public static PinChange freeze(SegmentHistory history, Instant now) {
        Pin pinned = history.activePin();
        if (pinned != null) {
            return already(history, pinned, "newer ones wait " + UNFREEZE);
        }
        MapVersion live = live(history);
        return new PinChange(
                pin(history, live, now),
                "%s is pinned to version %d: results name it whatever is published, %s."
                        .formatted(name(history), live.number(), UNFREEZE));
    }

    /**
     * Pins an earlier version.
     *
     * @param to the version; null for the one before that which holds
     * @throws UserMistakeException when the topic does not have it
     */
    public static PinChange rollback(SegmentHistory history, @Nullable Long to, Instant now) {
        Pin pinned = history.activePin();
        if (pinned != null && (to == null ? isRollback(history, pinned) : to == pinned.version())) {
            return already(history, pinned, "--to VERSION pins another of " + there(history));
        }
        MapVersion live = live(history);
        MapVersion target = to == null ? history.before(live.number()) : history.version(to);
        if (target == null) {
            throw new UserMistakeException(
                    "%s has no version %s: the topic has %s. What is not listed was replaced longer ago than the topic keeps."
                            .formatted(
                                    name(history),
                                    to == null ? "before " + live.number() : to,
                                    there(history)));
        }
        return new PinChange(
                pin(history, target, now),
                "%s went from version %d to version %d and stays pinned to it: results name it whatever is published, %s."
                        .formatted(name(history), live.number(), target.number(), UNFREEZE));
    }

    /** Lifts the pin. */
    public static PinChange unfreeze(SegmentHistory history, Instant now) {
        Pin pinned = history.activePin();
        if (pinned == null) {
            return new PinChange(
                    null,
                    "%s is not pinned: nothing was changed, and results name %s."
                            .formatted(name(history), named(history)));
        }
        CalibrationMap map = Objects.requireNonNull(history.holding(), "a pin holds").map();
        return new PinChange(
                map.withPin(false, after(history, now)),
                "%s is no longer pinned to version %d: results name %s."
                        .formatted(name(history), pinned.version(), named(history)));
    }

    /**
     * Whether a newer version was there when this one was pinned, so that to roll back again is to
     * repeat oneself. To roll back a segment that was frozen at its newest version is not.
     */
    private static boolean isRollback(SegmentHistory history, Pin pinned) {
        return history.versions().stream()
                .anyMatch(
                        each ->
                                each.published() != null
                                        && each.number() > pinned.version()
                                        && each.offset() < pinned.offset());
    }

    private static MapVersion live(SegmentHistory history) {
        MapVersion live = history.holding();
        if (live == null) {
            throw new UserMistakeException(
                    "%s has no map that holds: publish one first.".formatted(name(history)));
        }
        return live;
    }

    private static PinChange already(SegmentHistory history, Pin pinned, String remedy) {
        return new PinChange(
                null,
                "%s is pinned to version %d already, since %s: nothing was changed, results name it; %s."
                        .formatted(name(history), pinned.version(), pinned.at(), remedy));
    }

    private static CalibrationMap pin(SegmentHistory history, MapVersion version, Instant now) {
        return version.map().withPin(true, after(history, now));
    }

    /** The clock of whoever pinned before may have been ahead; the later decision must win. */
    private static long after(SegmentHistory history, Instant now) {
        Pin last = history.pin();
        return last == null
                ? now.toEpochMilli()
                : Math.max(now.toEpochMilli(), last.at().toEpochMilli() + 1);
    }

    private static String named(SegmentHistory history) {
        MapVersion newest = history.newest();
        return newest == null
                ? "the map of its parent segment, or identity, until one is published"
                : "version %d, and newer ones as they are published".formatted(newest.number());
    }

    private static String name(SegmentHistory history) {
        return "Segment %s of fingerprint %s".formatted(history.segment(), history.fingerprint());
    }

    private static String there(SegmentHistory history) {
        return history.listedVersions();
    }
}
