package dev.lychee.rerank.deploy.eval;

import dev.lychee.rerank.deploy.UserMistakeException;
import dev.lychee.rerank.deploy.files.JsonLines;
import dev.lychee.rerank.schemas.RerankedResult;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Rankings in TREC's form: query id, {@code Q0}, document id, rank, score and a tag.
 *
 * @param ranked document ids by query id, best first
 */
public record TrecRun(Map<String, List<String>> ranked) {

    private static final int COLUMNS = 6;

    private record Line(String document, double score) {}

    /**
     * Reads a file. As in trec_eval the score decides, not the rank; equal scores are ordered by
     * document id, the last in the alphabet first.
     */
    public static TrecRun read(Path file) throws IOException {
        Map<String, List<Line>> byQuery = new LinkedHashMap<>();
        JsonLines.lines(
                file,
                (place, line) -> {
                    String[] columns = line.strip().split("\\s+", -1);
                    if (columns.length != COLUMNS) {
                        throw new UserMistakeException(
                                "%s has %d columns: query id, Q0, document id, rank, score and tag are needed."
                                        .formatted(place, columns.length));
                    }
                    try {
                        byQuery.computeIfAbsent(columns[0], query -> new ArrayList<>())
                                .add(new Line(columns[2], Double.parseDouble(columns[4])));
                    } catch (NumberFormatException e) {
                        throw new UserMistakeException(
                                "%s: the score \"%s\" is not a number."
                                        .formatted(place, columns[4]));
                    }
                });
        Map<String, List<String>> ranked = new LinkedHashMap<>();
        byQuery.forEach(
                (query, lines) -> {
                    lines.sort(
                            Comparator.comparingDouble(Line::score)
                                    .thenComparing(Line::document)
                                    .reversed());
                    ranked.put(query, lines.stream().map(Line::document).toList());
                });
        return new TrecRun(ranked);
    }

    /**
     * Writes results. The score counts down to 1, so that whoever sorts by it finds the order of
     * the results, ties included.
     *
     * @param tag names the run; spaces become underscores
     */
    public static void write(Path file, List<RerankedResult> results, String tag)
            throws IOException {
        String name = tag.replaceAll("\\s+", "_");
        try (BufferedWriter writer = Files.newBufferedWriter(file)) {
            for (RerankedResult result : results) {
                List<String> order =
                        Evaluation.order(result).stream().map(item -> item.id()).toList();
                for (int i = 0; i < order.size(); i++) {
                    writer.write(
                            "%s Q0 %s %d %d %s%n"
                                    .formatted(
                                            result.requestId(),
                                            order.get(i),
                                            i + 1,
                                            order.size() - i,
                                            name));
                }
            }
        }
    }
}
