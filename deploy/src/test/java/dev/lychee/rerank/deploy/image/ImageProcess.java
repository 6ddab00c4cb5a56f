package dev.lychee.rerank.deploy.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process that was started with one of the image's scripts; closing ends it. */
final class ImageProcess implements AutoCloseable {

    private static final long STOP_SECONDS = 30;

    private final Process process;
    private final Path output;

    private ImageProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Where the build assembles the image; these tests run after it. */
    static final class Image {

        private Image() {}

        static Path path(String name) {
            Path path = Path.of("target/image").toAbsolutePath().resolve(name);
            if (!Files.exists(path)) {
                throw new IllegalStateException(
                        path + " does not exist: run 'mvn verify', which builds the image first");
            }
            return path;
        }
    }

    /**
     * Starts {@code bin/SCRIPT} with {@code arguments}; its output goes to a file in {@code
     * folder}.
     */
    static ImageProcess start(Path folder, String script, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Image.path("bin/" + script).toString());
        command.addAll(arguments);
        Path output = folder.resolve(script + "-" + System.nanoTime() + ".out");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
        builder.environment().put("FLINK_LOG_DIR", folder.resolve("log").toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return new ImageProcess(builder.start(), output);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String output() throws IOException {
        return Files.readString(output);
    }

    /** As the kernel does when memory runs out. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
            kill();
        }
    }
}
