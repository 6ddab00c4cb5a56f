package dev.lychee.rerank.deploy.cli;

import dev.lychee.rerank.deploy.UserMistakeException;
import dev.lychee.rerank.schemas.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What was measured, as a file of JSON that an option names. */
final class ReportFile {

    private ReportFile() {}

    /**
     * Checks before the work begins that its report can be written.
     *
     * @throws UserMistakeException if the file is a folder, or its folder does not exist
     */
    static void require(Path file, String option) {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder) || Files.isDirectory(file)) {
            throw new UserMistakeException(
                    "%s cannot be written: %s needs a file in a folder that exists."
                            .formatted(file, option));
        }
    }

    static void write(Path file, Object report) throws IOException {
        Files.writeString(
                file,
                Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(report) + "\n");
    }
}
