package dev.lychee.rerank.deploy.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkDirectoryTest {

    @Test
    void deletesItselfOnClose(@TempDir Path parent) throws Exception {
        WorkDirectory directory = WorkDirectory.create(parent);
        Files.writeString(directory.directory("kafka").resolve("segment"), "x");

        directory.close();

        assertThat(parent).isEmptyDirectory();
    }

    @Test
    void deletesWhatAKilledProcessLeft(@TempDir Path parent) throws Exception {
        Path abandoned = Files.createDirectory(parent.resolve("lychee-local-1"));
        Path lock = Files.createFile(abandoned.resolve(".lock"));
        Files.setLastModifiedTime(lock, FileTime.from(Instant.now().minusSeconds(60)));
        Files.writeString(abandoned.resolve("segment"), "x");

        try (WorkDirectory directory = WorkDirectory.create(parent)) {
            assertThat(abandoned).doesNotExist();
            assertThat(directory.path()).isDirectory();
        }
    }

    @Test
    void keepsItsLockWhenAnotherIsCreatedLongAfter(@TempDir Path parent) throws Exception {
        try (WorkDirectory first = WorkDirectory.create(parent)) {
            Path lock = first.path().resolve(".lock");
            // In a process of its own: to touch it here would open and close it, which drops locks.
            assertThat(
                            new ProcessBuilder("touch", "-t", "202001010000", lock.toString())
                                    .start()
                                    .waitFor())
                    .isZero();
            try (WorkDirectory second = WorkDirectory.create(parent)) {
                // Locks are those of a process, so only another one can tell.
                Process other =
                        new ProcessBuilder(
                                        Path.of(System.getProperty("java.home"), "bin", "java")
                                                .toString(),
                                        "-cp",
                                        System.getProperty("java.class.path"),
                                        LockProbe.class.getName(),
                                        lock.toString())
                                .inheritIO()
                                .start();

                assertThat(other.waitFor()).isEqualTo(LockProbe.LOCKED);
                assertThat(second.path()).isDirectory();
            }
        }
    }

    /** Ends with {@link #LOCKED} when another process holds the file's lock. */
    static final class LockProbe {

        static final int LOCKED = 3;

        public static void main(String[] arguments) throws Exception {
            try (FileChannel channel =
                            FileChannel.open(Path.of(arguments[0]), StandardOpenOption.WRITE);
                    FileLock lock = channel.tryLock()) {
                System.exit(lock == null ? LOCKED : 0);
            }
        }
    }

    @Test
    void keepsWhatAnotherOwns(@TempDir Path parent) throws Exception {
        try (WorkDirectory first = WorkDirectory.create(parent);
                WorkDirectory second = WorkDirectory.create(parent)) {
            assertThat(first.path()).isDirectory();
            assertThat(second.path()).isDirectory();
        }
    }
}
