package dev.lychee.rerank.deploy.files;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The lines of a folder of part files, by number. Each line is a number, a tab and a content, in
 * any order over the files; the contents stay on disk, sixteen bytes per line are kept in memory.
 */
public final class NumberedLines implements AutoCloseable {

    private static final int MAX_OPEN_FILES = 64;
    private static final int NO_FILE = -1;

    private final List<Path> files;
    private int[] fileByLine = new int[0];
    private long[] offsetByLine = new long[0];
    private int[] lengthByLine = new int[0];
    private int count;

    /** Least recently used first. */
    private final Map<Integer, FileChannel> open = new LinkedHashMap<>(16, 0.75f, true);

    private NumberedLines(List<Path> files) {
        this.files = files;
    }

    /**
     * Reads where each line lies; files that a writer has not finished (a leading dot) are left
     * out.
     */
    public static NumberedLines index(Path folder) throws IOException {
        NumberedLines lines = new NumberedLines(finishedFiles(folder));
        for (int file = 0; file < lines.files.size(); file++) {
            lines.indexFile(file);
        }
        return lines;
    }

    /** How many numbers have a line. */
    public int count() {
        return count;
    }

    /** The highest number that may have a line. */
    public int maxNumber() {
        return fileByLine.length - 1;
    }

    /** Whether there is a line with this number. */
    public boolean contains(int number) {
        return number >= 0 && number < fileByLine.length && fileByLine[number] != NO_FILE;
    }

    /** The content of a line that {@link #contains} knows. */
    public byte[] content(int number) throws IOException {
        if (!contains(number)) {
            throw new IllegalArgumentException("No line " + number);
        }
        ByteBuffer content = ByteBuffer.allocate(lengthByLine[number]);
        FileChannel channel = channel(fileByLine[number]);
        long offset = offsetByLine[number];
        while (content.hasRemaining()) {
            int read = channel.read(content, offset + content.position());
            if (read < 0) {
                throw new IOException(files.get(fileByLine[number]) + " became shorter");
            }
        }
        return content.array();
    }

    /** Writes all contents in the order of their numbers, one per line. */
    public void writeInOrder(Path target) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(target))) {
            for (int number = 0; number <= maxNumber(); number++) {
                if (contains(number)) {
                    out.write(content(number));
                    out.write('\n');
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        for (FileChannel channel : open.values()) {
            channel.close();
        }
        open.clear();
    }

    private void indexFile(int file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(files.get(file)))) {
            long offset = 0;
            while (true) {
                int number = 0;
                int next = in.read();
                if (next < 0) {
                    return;
                }
                for (; next != '\t'; next = in.read()) {
                    if (next < '0' || next > '9') {
                        throw new IOException(files.get(file) + " has a line without a number");
                    }
                    number = Math.addExact(Math.multiplyExact(number, 10), next - '0');
                    offset++;
                }
                offset++;
                long start = offset;
                for (next = in.read(); next != '\n' && next >= 0; next = in.read()) {
                    offset++;
                }
                put(number, file, start, Math.toIntExact(offset - start));
                offset++;
            }
        }
    }

    private void put(int number, int file, long offset, int length) {
        if (number >= fileByLine.length) {
            int capacity = Math.max(number + 1, fileByLine.length * 2);
            int known = fileByLine.length;
            fileByLine = Arrays.copyOf(fileByLine, capacity);
            Arrays.fill(fileByLine, known, capacity, NO_FILE);
            offsetByLine = Arrays.copyOf(offsetByLine, capacity);
            lengthByLine = Arrays.copyOf(lengthByLine, capacity);
        }
        if (fileByLine[number] == NO_FILE) {
            count++;
        }
        fileByLine[number] = file;
        offsetByLine[number] = offset;
        lengthByLine[number] = length;
    }

    private FileChannel channel(int file) throws IOException {
        FileChannel channel = open.get(file);
        if (channel == null) {
            if (open.size() >= MAX_OPEN_FILES) {
                Integer leastUsed = open.keySet().iterator().next();
                FileChannel unused = open.remove(leastUsed);
                if (unused != null) {
                    unused.close();
                }
            }
            channel = FileChannel.open(files.get(file), StandardOpenOption.READ);
            open.put(file, channel);
        }
        return channel;
    }

    private static List<Path> finishedFiles(Path folder) throws IOException {
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            Files.walkFileTree(
                    folder,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult visitFile(
                                Path file, BasicFileAttributes attributes) {
                            if (!file.getFileName().toString().startsWith(".")) {
                                found.add(file);
                            }
                            return FileVisitResult.CONTINUE;
                        }
                    });
        }
        return found;
    }
}
