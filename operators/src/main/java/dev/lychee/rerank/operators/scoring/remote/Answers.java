package dev.lychee.rerank.operators.scoring.remote;

import com.fasterxml.jackson.databind.JsonNode;

/** Reads parts of answers. */
final class Answers {

    private static final int MAX_QUOTED_CHARS = 200;

    private Answers() {}

    /** A finite JSON number; text that looks like one is none. */
    static double number(JsonNode node, String field) throws UnparsedException {
        if (!node.isNumber() || !Double.isFinite(node.asDouble())) {
            throw new UnparsedException(
                    "the answer's " + field + " is no number: " + bounded(node.toString()));
        }
        return node.asDouble();
    }

    /** The beginning of a text on one line, for messages. */
    static String bounded(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        return line.length() <= MAX_QUOTED_CHARS
                ? line
                : line.substring(0, MAX_QUOTED_CHARS) + "...";
    }
}
