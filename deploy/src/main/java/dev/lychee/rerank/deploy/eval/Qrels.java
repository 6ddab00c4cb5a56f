package dev.lychee.rerank.deploy.eval;

import dev.lychee.rerank.deploy.UserMistakeException;
import dev.lychee.rerank.deploy.files.JsonLines;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Judgements in TREC's form: query id, an unused column, document id and grade, between spaces or
 * tabs. Grades above 0 are relevant in some degree.
 *
 * @param grades grade of a document by query id and document id
 */
public record Qrels(Map<String, Map<String, Integer>> grades) {

    private static final int COLUMNS = 4;

    /** Reads a file; what is wrong with it is a {@link UserMistakeException} with the line. */
    public static Qrels read(Path file) throws IOException {
        Map<String, Map<String, Integer>> grades = new LinkedHashMap<>();
        JsonLines.lines(
                file,
                (place, line) -> {
                    String[] columns = line.strip().split("\\s+", -1);
                    if (columns.length != COLUMNS) {
                        throw new UserMistakeException(
                                "%s has %d columns: query id, 0, document id and grade are needed."
                                        .formatted(place, columns.length));
                    }
                    Integer before;
                    try {
                        before =
                                grades.computeIfAbsent(columns[0], query -> new HashMap<>())
                                        .put(columns[2], Integer.valueOf(columns[3]));
                    } catch (NumberFormatException e) {
                        throw new UserMistakeException(
                                "%s: the grade \"%s\" is not a whole number."
                                        .formatted(place, columns[3]));
                    }
                    if (before != null) {
                        throw new UserMistakeException(
                                "%s judges document %s for query %s a second time."
                                        .formatted(place, columns[2], columns[0]));
                    }
                });
        if (grades.isEmpty()) {
            throw new UserMistakeException(file + " is empty: it needs at least one judgement.");
        }
        return new Qrels(grades);
    }

    /** Whether a file looks like judgements, by its first line. */
    static boolean isLikely(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            String first = reader.readLine();
            return first != null && first.strip().matches("[^{\\s]\\S*(\\s+\\S+){2}\\s+-?\\d+");
        } catch (CharacterCodingException notText) {
            return false;
        }
    }

    /**
     * Writes the judgements of some queries, in their order.
     *
     * @param queries those that nobody judged are left out
     */
    public void write(Path file, List<String> queries) throws IOException {
        try (BufferedWriter writer = Files.newBufferedWriter(file)) {
            for (String query : queries) {
                Map<String, Integer> judged = grades.getOrDefault(query, Map.of());
                for (Map.Entry<String, Integer> grade : new TreeMap<>(judged).entrySet()) {
                    writer.write("%s 0 %s %d%n".formatted(query, grade.getKey(), grade.getValue()));
                }
            }
        }
    }

    /** Whether anything was judged for a query. */
    public boolean knows(String query) {
        return grades.containsKey(query);
    }

    /** The grade of a document; null where nobody judged it. */
    public @Nullable Integer find(String query, String document) {
        return grades.getOrDefault(query, Map.of()).get(document);
    }

    /** The grade of a document, 0 where nobody judged it, as TREC counts. */
    int grade(String query, String document) {
        return grades.getOrDefault(query, Map.of()).getOrDefault(document, 0);
    }

    /** All grades of a query, in no order. */
    double[] judged(String query) {
        return grades.getOrDefault(query, Map.of()).values().stream()
                .mapToDouble(Integer::doubleValue)
                .toArray();
    }
}
