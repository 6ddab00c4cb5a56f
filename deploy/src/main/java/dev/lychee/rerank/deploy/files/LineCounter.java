package dev.lychee.rerank.deploy.files;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;

/** Counts lines: those of an input once, those of growing part files again and again. */
public final class LineCounter {

    private static final int BUFFER_BYTES = 64 * 1024;

    /** A file's content that was counted already, by the file's inode or path. */
    private record Counted(long bytes, long lines) {}

    private final Map<Object, Counted> countedByFile = new HashMap<>();

    /** Lines of {@code file} that are not blank. */
    public static long countFilled(Path file) throws IOException {
        long lines = 0;
        boolean filled = false;
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                for (int i = 0; i < read; i++) {
                    byte b = buffer[i];
                    if (b == '\n') {
                        lines += filled ? 1 : 0;
                        filled = false;
                    } else if (b != ' ' && b != '\t' && b != '\r') {
                        filled = true;
                    }
                }
            }
        }
        return filled ? lines + 1 : lines;
    }

    /**
     * Lines that the files below {@code folder} have now; only what is new since the last call is
     * read.
     */
    public long countBelow(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        long[] lines = {0};
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Object key = attributes.fileKey() == null ? file : attributes.fileKey();
                        Counted counted =
                                countNew(file, countedByFile.getOrDefault(key, new Counted(0, 0)));
                        countedByFile.put(key, counted);
                        lines[0] += counted.lines();
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException failure)
                            throws IOException {
                        // The writer renames files when it has finished them.
                        if (failure instanceof NoSuchFileException) {
                            return FileVisitResult.CONTINUE;
                        }
                        throw failure;
                    }
                });
        return lines[0];
    }

    private static Counted countNew(Path file, Counted counted) throws IOException {
        long bytes = counted.bytes();
        long lines = counted.lines();
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = Files.newInputStream(file)) {
            in.skipNBytes(bytes);
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                bytes += read;
                for (int i = 0; i < read; i++) {
                    lines += buffer[i] == '\n' ? 1 : 0;
                }
            }
        } catch (NoSuchFileException renamed) {
            return counted;
        } catch (EOFException truncated) {
            // A restart took the file back to its last checkpoint.
            return new Counted(0, 0);
        }
        return new Counted(bytes, lines);
    }
}
