package dev.lychee.rerank.deploy.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.lychee.rerank.deploy.UserMistakeException;
import dev.lychee.rerank.schemas.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Files with one JSON value, or one record of columns, per line; blank lines count but say nothing.
 */
public final class JsonLines {

    private JsonLines() {}

    /** Takes one line. */
    @FunctionalInterface
    public interface LineReader<T> {

        /**
         * Takes a value.
         *
         * @param place the line, for sentences about it: {@code line 3 of FILE}
         */
        void read(String place, T value);
    }

    /** Reads each line as a value of a type; a line that is none is the user's mistake. */
    public static <T> void read(Path file, Class<T> type, LineReader<T> reader) throws IOException {
        lines(
                file,
                (place, line) -> {
                    T value;
                    try {
                        value = Json.mapper().readValue(line, type);
                    } catch (JsonProcessingException e) {
                        throw new UserMistakeException(
                                "%s is not the JSON that was expected: %s."
                                        .formatted(place, Json.problem(e)));
                    }
                    if (value == null) {
                        throw new UserMistakeException(place + " is null: an object is needed.");
                    }
                    reader.read(place, value);
                });
    }

    /** Reads each line that is not blank. */
    public static void lines(Path file, LineReader<String> reader) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new UserMistakeException("There is no file %s.".formatted(file));
        }
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank()) {
                    reader.read("line %d of %s".formatted(number, file), line);
                }
            }
        } catch (MalformedInputException e) {
            throw new UserMistakeException(file + " is not text in UTF-8.");
        }
    }
}
