package dev.lychee.rerank.operators.recalibration;

import dev.lychee.rerank.schemas.CalibrationMap;
import java.util.LinkedHashSet;
import java.util.Set;

/** Names of the tables that a fingerprint has. */
final class ClickTables {

    /** What chance showed at the upper rank of two, of all segments. */
    static final String UPPER_OF_PAIRS = "explored/upper";

    /** What chance showed at the lower rank of two, of all segments. */
    static final String LOWER_OF_PAIRS = "explored/lower";

    private static final String SEGMENT = "segment/";

    private ClickTables() {}

    /** The table of a segment's requests. */
    static String of(String segment) {
        return SEGMENT + segment;
    }

    /** Whether a table is that of a segment. */
    static boolean isOfSegment(String table) {
        return table.startsWith(SEGMENT);
    }

    /** The segment of a table; that of all for the explored ones. */
    static String segment(String table) {
        return isOfSegment(table)
                ? table.substring(SEGMENT.length())
                : CalibrationMap.DEFAULT_SEGMENT;
    }

    /** A segment, what it is part of, and all. */
    static Set<String> withParents(String segment) {
        Set<String> segments = new LinkedHashSet<>();
        for (String part = segment; !part.isEmpty(); ) {
            segments.add(part);
            int slash = part.lastIndexOf('/');
            part = slash < 0 ? "" : part.substring(0, slash);
        }
        segments.add(CalibrationMap.DEFAULT_SEGMENT);
        return segments;
    }
}
