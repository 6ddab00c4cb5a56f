package dev.lychee.rerank.deploy.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A temporary directory of this process, deleted on close.
 *
 * <p>While it lives, the process holds a lock on a file in it. A process that was killed leaves its
 * directory behind but not its lock, so the next one that starts can tell what nobody owns and
 * deletes it.
 */
public final class WorkDirectory implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WorkDirectory.class);

    private static final String PREFIX = "lychee-local-";
    private static final String LOCK_FILE = ".lock";

    /** A younger directory may belong to a process that is about to take its lock. */
    private static final Duration MIN_AGE = Duration.ofSeconds(10);

    /**
     * Those of this process. Their lock files must not be opened a second time: the system takes a
     * process's lock from it when it closes any channel of the file.
     */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel lockChannel;

    private WorkDirectory(Path path, FileChannel lockChannel) {
        this.path = path;
        this.lockChannel = lockChannel;
    }

    /**
     * Creates a directory below the JVM's temporary directory and deletes those that killed
     * processes left there.
     */
    public static WorkDirectory create() throws IOException {
        return create(Path.of(System.getProperty("java.io.tmpdir", "/tmp")));
    }

    static WorkDirectory create(Path parent) throws IOException {
        deleteAbandoned(parent);
        Path path = Files.createTempDirectory(parent, PREFIX);
        OWN.add(path);
        FileChannel channel =
                FileChannel.open(
                        path.resolve(LOCK_FILE),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        // Released with the channel, at the latest when the process ends.
        FileLock unused = channel.lock();
        return new WorkDirectory(path, channel);
    }

    public Path path() {
        return path;
    }

    /** A directory inside this one, created if absent. */
    public Path directory(String name) throws IOException {
        return Files.createDirectories(path.resolve(name));
    }

    @Override
    public void close() throws IOException {
        lockChannel.close();
        deleteTree(path);
        OWN.remove(path);
    }

    private static void deleteAbandoned(Path parent) throws IOException {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path candidate : found) {
                if (isAbandoned(candidate)) {
                    deleteQuietly(candidate);
                }
            }
        }
    }

    /** What cannot be deleted now is left to the next who comes. */
    private static void deleteQuietly(Path abandoned) {
        try {
            deleteTree(abandoned);
        } catch (IOException deletedByAnotherMeanwhile) {
            LOG.debug("{} is not deleted completely", abandoned, deletedByAnotherMeanwhile);
        }
    }

    private static boolean isAbandoned(Path candidate) {
        Path lockFile = candidate.resolve(LOCK_FILE);
        if (OWN.contains(candidate)
                || !Files.isRegularFile(lockFile)
                || !Files.isWritable(lockFile)) {
            return false;
        }
        try {
            Instant created = Files.getLastModifiedTime(lockFile).toInstant();
            if (created.isAfter(Instant.now().minus(MIN_AGE))) {
                return false;
            }
        } catch (IOException deletedMeanwhile) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock != null;
        } catch (IOException | OverlappingFileLockException ownedOrUnreadable) {
            return false;
        }
    }

    private static void deleteTree(Path root) throws IOException {
        Files.walkFileTree(
                root,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.deleteIfExists(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException failure) {
                        // Another process deletes the same tree, or a server removed a segment
                        // meanwhile.
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path directory, @Nullable IOException failure) throws IOException {
                        Files.deleteIfExists(directory);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
