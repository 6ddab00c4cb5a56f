package dev.lychee.rerank.operators.scoring;

import java.io.Serializable;
import java.util.List;
import java.util.stream.Stream;

/**
 * How candidates are scored.
 *
 * @param packagePath folder of the model package that is asked where a profile names no model, the
 *     same on every TaskManager
 * @param precision {@code auto}, {@code fp32}, {@code bf16} or {@code fp16}
 * @param device where to run
 * @param limits how batches are formed, how many may fail, and how many scores are kept
 * @param lingerMillis how long a model stays loaded after its last user, in milliseconds
 * @param threads threads of one forward pass on the CPU; 0 for one per core
 * @param ignoreDeadlines whether late tasks are scored all the same, as files and replays want
 * @param degradeUnderLoad whether sets with a deadline go without parts of the work when the scorer
 *     is behind, see {@link Degradation}
 * @param furtherPackages folders of model packages that are loaded besides, for profiles that name
 *     them
 */
public record ScoringSettings(
        String packagePath,
        String precision,
        DevicePreference device,
        ServiceLimits limits,
        long lingerMillis,
        int threads,
        boolean ignoreDeadlines,
        boolean degradeUnderLoad,
        List<String> furtherPackages)
        implements Serializable {

    /** Which device is wanted. */
    public enum DevicePreference {
        /** A GPU where Flink gives the TaskManager one, else the CPU. */
        AUTO,
        /** The CPU. */
        CPU,
        /** A GPU that Flink gives the TaskManager; without one the job does not start. */
        GPU
    }

    public ScoringSettings {
        furtherPackages = List.copyOf(furtherPackages);
        if (lingerMillis < 0) {
            throw new IllegalArgumentException("linger must not be negative, got " + lingerMillis);
        }
        if (threads < 0) {
            throw new IllegalArgumentException("threads must not be negative, got " + threads);
        }
    }

    /** Settings of one model. */
    public ScoringSettings(
            String packagePath,
            String precision,
            DevicePreference device,
            ServiceLimits limits,
            long lingerMillis,
            int threads,
            boolean ignoreDeadlines,
            boolean degradeUnderLoad) {
        this(
                packagePath,
                precision,
                device,
                limits,
                lingerMillis,
                threads,
                ignoreDeadlines,
                degradeUnderLoad,
                List.of());
    }

    /** Folders of all packages, that of the model which is asked by default first. */
    List<String> packages() {
        return Stream.concat(Stream.of(packagePath), furtherPackages.stream()).toList();
    }
}
