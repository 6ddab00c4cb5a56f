package dev.lychee.rerank.operators.assembly;

import dev.lychee.rerank.schemas.Candidate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Builds the text of a candidate that the model reads. */
public final class DocumentText {

    /** Longest text that is built of parts, in characters. A candidate's own text is not cut. */
    static final int MAX_CHARACTERS = 512;

    private static final int MAX_SELLING_POINTS = 3;
    private static final String SEPARATOR = " | ";

    private DocumentText() {}

    /**
     * The candidate's own text if it has one; else its title and up to three selling points, or its
     * description where it has none, joined by {@code " | "}, at most 512 characters.
     *
     * @return the text; empty for a candidate that has only pictures
     */
    public static String of(Candidate candidate) {
        String text = candidate.text();
        if (text != null && !text.isBlank()) {
            return text;
        }
        StringBuilder document = new StringBuilder();
        append(document, candidate.title());
        List<String> points = candidate.sellingPoints();
        for (int i = 0; i < Math.min(MAX_SELLING_POINTS, points.size()); i++) {
            append(document, points.get(i));
        }
        if (points.isEmpty()) {
            append(document, candidate.description());
        }
        if (document.length() <= MAX_CHARACTERS) {
            return document.toString();
        }
        boolean splitsPair = Character.isHighSurrogate(document.charAt(MAX_CHARACTERS - 1));
        return document.substring(0, splitsPair ? MAX_CHARACTERS - 1 : MAX_CHARACTERS);
    }

    private static void append(StringBuilder document, @Nullable String part) {
        if (part != null && !part.isBlank()) {
            if (!document.isEmpty()) {
                document.append(SEPARATOR);
            }
            document.append(part.strip());
        }
    }
}
