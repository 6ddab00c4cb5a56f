package dev.lychee.rerank.deploy.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a measurement was made.
 *
 * @param cores processors that this JVM may use
 * @param architecture such as {@code amd64}
 * @param avx512Bf16 whether the processor multiplies bf16; null where that is not known
 * @param memoryMib memory of the machine, in MiB; null where that is not known
 * @param java version of Java
 * @param load processes that ran or waited to run before the measurement, mean of a minute;
 *     negative where that is not known
 */
public record Machine(
        int cores,
        String architecture,
        @Nullable Boolean avx512Bf16,
        @Nullable Long memoryMib,
        String java,
        double load) {

    /** The machine as it is now. */
    static Machine now() {
        var system = ManagementFactory.getOperatingSystemMXBean();
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.arch"),
                hasAvx512Bf16(),
                system instanceof com.sun.management.OperatingSystemMXBean more
                        ? (Long) (more.getTotalMemorySize() >> 20)
                        : null,
                System.getProperty("java.version"),
                system.getSystemLoadAverage());
    }

    /** Processor time of this process so far, in nanoseconds; 0 where that is not known. */
    static long cpuNanos() {
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof com.sun.management.OperatingSystemMXBean more
                ? more.getProcessCpuTime()
                : 0;
    }

    private static @Nullable Boolean hasAvx512Bf16() {
        Path cpuinfo = Path.of("/proc/cpuinfo");
        try {
            return Files.isReadable(cpuinfo)
                    ? (Boolean)
                            Files.readString(cpuinfo, StandardCharsets.ISO_8859_1)
                                    .contains("avx512_bf16")
                    : null;
        } catch (IOException unreadable) {
            return null;
        }
    }
}
