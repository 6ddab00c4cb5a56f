package dev.lychee.rerank.deploy.bench;

import dev.lychee.rerank.deploy.UserMistakeException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The model package that peers are compared with: the shape of MiniLM-L6, random weights. It is too
 * large to be shipped, so a script writes it where it is needed.
 */
public final class MinilmShape {

    private static final String NEEDS =
            "needs Python 3 with PyTorch and NumPy: on Debian, apt-get install python3-torch"
                    + " python3-numpy. Or name another package that has a model.onnx with"
                    + " --model.";

    /** The first may be one of several; the second is Debian's, which its packages belong to. */
    private static final List<String> PYTHONS = List.of("python3", "/usr/bin/python3");

    private MinilmShape() {}

    /**
     * Runs the script.
     *
     * @param script {@code minilm_shape.py}
     * @param folder the package to write; appears when it is complete
     * @param progress is told what is being done
     * @throws UserMistakeException if Python or a library is missing, or the script fails
     */
    public static void write(Path script, Path folder, Consumer<String> progress)
            throws IOException, InterruptedException {
        String python = python();
        if (python == null) {
            throw new UserMistakeException(
                    "%s, which writes the model for this measurement, %s".formatted(script, NEEDS));
        }
        Path parent = folder.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        progress.accept("Writing " + folder + ", once ...");
        Process process =
                new ProcessBuilder(python, script.toString(), "--package", folder.toString())
                        .redirectErrorStream(true)
                        .start();
        String last = "it said nothing";
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (!line.isBlank()) {
                    last = line.strip();
                    progress.accept("Writing " + folder + ", once: " + last);
                }
            }
        }
        int exitCode = process.waitFor();
        if (exitCode != 0) {
            throw new UserMistakeException(
                    "%s did not write %s (exit code %d): %s"
                            .formatted(script, folder, exitCode, last));
        }
    }

    /** The first Python that has what the script imports; null when none has. */
    private static @Nullable String python() throws InterruptedException {
        for (String python : PYTHONS) {
            try {
                Process process =
                        new ProcessBuilder(python, "-c", "import numpy, torch")
                                .redirectErrorStream(true)
                                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                .start();
                if (process.waitFor() == 0) {
                    return python;
                }
            } catch (IOException notThere) {
                // The next one may be.
            }
        }
        return null;
    }
}
