package dev.lychee.rerank.operators.recalibration;

import dev.lychee.rerank.schemas.CalibrationMap;
import java.util.LinkedHashSet;
import java.util.Set;

/** Names of the tables that a fingerprint has. */
final class ClickTables {

    /**
     * Requests whose order was random, of all segments: they tell examination from relevance best.
     */
    static final String EXPLORED = "explored";

    private static final String TRAINING = "training/";
    private static final String HELD_OUT = "held-out/";

    private ClickTables() {}

    static String training(String segment) {
        return TRAINING + segment;
    }

    static String heldOut(String segment) {
        return HELD_OUT + segment;
    }

    /** Whether a table is of a segment's training requests. */
    static boolean isTraining(String table) {
        return table.startsWith(TRAINING);
    }

    /** The segment of a table; that of all for the explored ones. */
    static String segment(String table) {
        return table.equals(EXPLORED)
                ? CalibrationMap.DEFAULT_SEGMENT
                : table.substring(table.indexOf('/') + 1);
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
