package dev.lychee.rerank.deploy.calibration;

import dev.lychee.rerank.deploy.UserMistakeException;
import dev.lychee.rerank.deploy.calibration.SegmentHistory.MapVersion;
import dev.lychee.rerank.deploy.calibration.SegmentHistory.Pin;
import dev.lychee.rerank.operators.calibration.CalibrationMaps;
import dev.lychee.rerank.schemas.CalibrationMap;
import dev.lychee.rerank.schemas.InvalidMessageException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What lies in the topic of maps, by fingerprint and segment; what holds is decided by {@link
 * CalibrationMaps}, as in the job.
 *
 * @param segments by fingerprint, then by segment
 * @param refused records that are no maps
 */
public record MapHistory(List<SegmentHistory> segments, List<Refused> refused) {

    private static final int SHORTEST_FINGERPRINT = 8;

    /**
     * A record that is no map; the job makes a dead letter of it.
     *
     * @param offset its place in the topic
     * @param why a phrase
     */
    public record Refused(long offset, String why) {}

    /** All that these records say, in the order of the topic; tombstones say nothing. */
    static MapHistory of(List<MapRecord> records) {
        List<Refused> refused = new ArrayList<>();
        Map<String, Map<String, Found>> found = new TreeMap<>();
        for (MapRecord record : records) {
            byte[] value = record.value();
            if (value == null) {
                continue;
            }
            try {
                CalibrationMap map = CalibrationMaps.decode(value);
                found.computeIfAbsent(map.fingerprint(), any -> new TreeMap<>())
                        .computeIfAbsent(map.segment(), any -> new Found())
                        .add(map, record);
            } catch (InvalidMessageException e) {
                refused.add(new Refused(record.offset(), String.valueOf(e.getMessage())));
            }
        }
        List<SegmentHistory> segments = new ArrayList<>();
        found.forEach(
                (fingerprint, bySegment) ->
                        bySegment.forEach(
                                (segment, one) -> segments.add(one.history(fingerprint, segment))));
        return new MapHistory(List.copyOf(segments), List.copyOf(refused));
    }

    /** Records of one fingerprint and segment, as they come. */
    private static final class Found {

        private CalibrationMaps maps = CalibrationMaps.NONE;
        private @Nullable Pin pin;
        private final TreeMap<Long, MapVersion> versions = new TreeMap<>();
        private final TreeMap<Long, MapVersion> onlyPinned = new TreeMap<>();

        void add(CalibrationMap map, MapRecord record) {
            CalibrationMaps next = maps.with(List.of(map));
            Long pinnedAt = map.pinnedAt();
            if (pinnedAt == null) {
                Instant published = Instant.ofEpochMilli(record.timestampMillis());
                versions.putIfAbsent(
                        map.version(), new MapVersion(record.offset(), published, map));
            } else {
                // Compaction may have left no other copy of that version.
                onlyPinned.putIfAbsent(
                        map.version(), new MapVersion(record.offset(), null, map.withoutPin()));
                if (next != maps) {
                    pin =
                            new Pin(
                                    Boolean.TRUE.equals(map.pinned()),
                                    map.version(),
                                    Instant.ofEpochMilli(pinnedAt),
                                    record.offset());
                }
            }
            maps = next;
        }

        SegmentHistory history(String fingerprint, String segment) {
            onlyPinned.forEach(versions::putIfAbsent);
            CalibrationMap holding = maps.holding(fingerprint, segment);
            return new SegmentHistory(
                    fingerprint,
                    segment,
                    holding == null ? null : holding.version(),
                    pin,
                    List.copyOf(versions.values()));
        }
    }

    /**
     * The one that somebody means.
     *
     * @param fingerprint its beginning, or null where there is only one
     * @param segment its name, or null where the fingerprint has only one
     * @throws UserMistakeException listing what there is, when that is none or several
     */
    public SegmentHistory find(@Nullable String fingerprint, @Nullable String segment) {
        String meant = fingerprint(fingerprint);
        List<SegmentHistory> ofMeant =
                segments.stream().filter(each -> each.fingerprint().equals(meant)).toList();
        Set<String> names =
                ofMeant.stream()
                        .map(SegmentHistory::segment)
                        .collect(Collectors.toCollection(LinkedHashSet::new));
        if (segment == null && names.size() > 1) {
            throw new UserMistakeException(
                    "Fingerprint %s has maps of several segments: name one with --segment (there are %s)."
                            .formatted(meant, listed(names)));
        }
        return ofMeant.stream()
                .filter(each -> segment == null || each.segment().equals(segment))
                .findFirst()
                .orElseThrow(
                        () ->
                                new UserMistakeException(
                                        "Fingerprint %s has no map of segment %s: it has %s."
                                                .formatted(meant, segment, listed(names))));
    }

    private String fingerprint(@Nullable String beginning) {
        Set<String> known = fingerprints();
        if (beginning != null && known.contains(beginning)) {
            return beginning;
        }
        List<String> meant =
                known.stream()
                        .filter(each -> beginning == null || each.startsWith(beginning))
                        .toList();
        if (meant.isEmpty()) {
            throw new UserMistakeException(
                    "No fingerprint begins with %s: there are %s."
                            .formatted(beginning, listed(known)));
        }
        if (meant.size() > 1) {
            throw new UserMistakeException(
                    "%s: name one with --fingerprint (%s)."
                            .formatted(
                                    beginning == null
                                            ? "There are maps of several fingerprints"
                                            : "Several fingerprints begin with " + beginning,
                                    listed(meant)));
        }
        return meant.get(0);
    }

    /** The shortest beginning of a fingerprint that no other one has, for people. */
    public String shortened(String fingerprint) {
        for (int length = SHORTEST_FINGERPRINT; length < fingerprint.length(); length++) {
            String beginning = fingerprint.substring(0, length);
            if (fingerprints().stream().filter(each -> each.startsWith(beginning)).count() == 1) {
                return beginning;
            }
        }
        return fingerprint;
    }

    private Set<String> fingerprints() {
        return segments.stream()
                .map(SegmentHistory::fingerprint)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static String listed(Collection<String> names) {
        return String.join(", ", names);
    }
}
