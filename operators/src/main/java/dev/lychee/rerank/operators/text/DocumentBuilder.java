package dev.lychee.rerank.operators.text;

import dev.lychee.rerank.operators.assembly.TokenEstimate;
import dev.lychee.rerank.schemas.Candidate;
import dev.lychee.rerank.schemas.Profile;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Builds the text of a candidate that the model reads. */
public final class DocumentBuilder {

    /** As profiles have it that say nothing else. */
    public static final DocumentBuilder DEFAULT = new DocumentBuilder(Profile.Document.DEFAULTS);

    private final Profile.Document options;
    private final List<List<String>> parts;
    private final boolean ownTextAlone;

    /**
     * A builder of documents.
     *
     * @param options as {@link Profile#validate} has checked them
     */
    public DocumentBuilder(Profile.Document options) {
        this.options = options;
        parts = options.alternatives();
        ownTextAlone = parts.stream().noneMatch(each -> each.contains("text"));
    }

    /**
     * The candidate's own text as it is, unless the parts name it; else its parts, joined and cut.
     * A candidate that has none of the parts gives its title.
     *
     * @return the text; empty for a candidate that has only pictures
     */
    public String document(Candidate candidate) {
        String text = candidate.text();
        if (ownTextAlone && text != null && !text.isBlank()) {
            return text;
        }
        List<String> found = new ArrayList<>();
        for (List<String> alternatives : parts) {
            int before = found.size();
            for (String part : alternatives) {
                if (found.size() == before) {
                    add(found, part, candidate);
                }
            }
        }
        if (found.isEmpty()) {
            add(found, "title", candidate);
        }
        return cut(String.join(options.separator(), found));
    }

    private void add(List<String> found, String part, Candidate candidate) {
        switch (part) {
            case "title" -> add(found, candidate.title());
            case "text" -> add(found, candidate.text());
            case "description" -> add(found, candidate.description());
            case "category" -> add(found, candidate.category());
            case "selling_points" -> {
                int most = found.size() + options.maxSellingPoints();
                for (String point : candidate.sellingPoints()) {
                    if (found.size() < most) {
                        add(found, point);
                    }
                }
            }
            default -> throw new IllegalArgumentException("no part of a candidate: " + part);
        }
    }

    private static void add(List<String> found, @Nullable String value) {
        if (value != null && !value.isBlank()) {
            found.add(value.strip());
        }
    }

    private String cut(String document) {
        int end = Math.min(document.length(), options.maxCharacters());
        Integer maxTokens = options.maxTokens();
        if (maxTokens != null) {
            end = Math.min(end, TokenEstimate.prefixLength(document, maxTokens));
        }
        boolean splitsPair =
                end > 0
                        && end < document.length()
                        && Character.isHighSurrogate(document.charAt(end - 1))
                        && Character.isLowSurrogate(document.charAt(end));
        return document.substring(0, splitsPair ? end - 1 : end);
    }
}
