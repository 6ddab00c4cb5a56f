package dev.lychee.rerank.deploy.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * This process at one moment.
 *
 * @param seconds since the start of the measurement
 * @param residentKib memory that is in the machine's ({@code VmRSS})
 * @param anonymousKib the part of it that is no file's ({@code RssAnon}); Kafka maps its indexes
 * @param heapCommittedKib what the Java heap has taken from the system
 * @param threads threads of Java
 */
public record ProcessSample(
        double seconds, long residentKib, long anonymousKib, long heapCommittedKib, int threads) {

    private static final Path STATUS = Path.of("/proc/self/status");

    /**
     * Looks now.
     *
     * @throws IOException where the system has no {@code /proc}
     */
    static ProcessSample at(double seconds) throws IOException {
        return of(
                Files.readAllLines(STATUS, StandardCharsets.ISO_8859_1),
                seconds,
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getCommitted() >> 10,
                ManagementFactory.getThreadMXBean().getThreadCount());
    }

    static ProcessSample of(List<String> status, double seconds, long heapCommittedKib, int threads)
            throws IOException {
        return new ProcessSample(
                seconds, kib(status, "VmRSS:"), kib(status, "RssAnon:"), heapCommittedKib, threads);
    }

    private static long kib(List<String> status, String name) throws IOException {
        for (String line : status) {
            if (line.startsWith(name)) {
                return Long.parseLong(line.substring(name.length()).replace("kB", "").strip());
            }
        }
        throw new IOException(STATUS + " has no " + name);
    }
}
