package dev.lychee.rerank.job;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lychee.rerank.schemas.Json;
import dev.lychee.rerank.schemas.RerankedResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads what a file sink committed, in the order of the input lines. */
final class NumberedLines {

    private NumberedLines() {}

    /** A line of output and the number of the input line it answers. */
    record Numbered<T>(long line, T value) {}

    static List<Numbered<RerankedResult>> results(Path folder) throws IOException {
        return read(folder, RerankedResult.class);
    }

    static List<Numbered<JsonNode>> deadLetters(Path folder) throws IOException {
        return read(folder, JsonNode.class);
    }

    private static <T> List<Numbered<T>> read(Path folder, Class<T> type) throws IOException {
        List<Numbered<T>> all = new ArrayList<>();
        if (!Files.exists(folder)) {
            return all;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(NumberedLines::isCommitted).toList()) {
                for (String line : Files.readAllLines(file)) {
                    int tab = line.indexOf('\t');
                    all.add(
                            new Numbered<>(
                                    Long.parseLong(line.substring(0, tab)),
                                    Json.mapper().readValue(line.substring(tab + 1), type)));
                }
            }
        }
        all.sort((a, b) -> Long.compare(a.line(), b.line()));
        return all;
    }

    /** Files in progress begin with a dot. */
    private static boolean isCommitted(Path file) {
        return Files.isRegularFile(file) && !file.getFileName().toString().startsWith(".");
    }
}
