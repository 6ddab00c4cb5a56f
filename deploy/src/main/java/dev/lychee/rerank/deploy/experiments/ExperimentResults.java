package dev.lychee.rerank.deploy.experiments;

import dev.lychee.rerank.schemas.ExperimentResult;
import dev.lychee.rerank.schemas.Json;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is known now: of each experiment what was measured since it was changed last, and of that
 * the last record of each arm and segment.
 */
public final class ExperimentResults {

    /** The segment of all users comes first. */
    private static final Comparator<ExperimentResult> IN_ORDER =
            Comparator.comparing(ExperimentResult::experiment)
                    .thenComparing(result -> !result.segment().equals("default"))
                    .thenComparing(ExperimentResult::segment)
                    .thenComparing(ExperimentResult::arm);

    private static final Comparator<ExperimentResult> BY_TIME =
            Comparator.<ExperimentResult, Instant>comparing(result -> result.total().end())
                    .thenComparing(result -> result.total().start());

    private final List<ExperimentResult> results;

    private ExperimentResults(List<ExperimentResult> results) {
        this.results = results;
    }

    /** What these records say together, in whatever order; those of other programs are left out. */
    public static ExperimentResults of(Collection<byte[]> values) {
        Map<List<String>, ExperimentResult> last = new HashMap<>();
        Map<String, ExperimentResult> newest = new TreeMap<>();
        for (byte[] value : values) {
            ExperimentResult result = result(value);
            if (result != null) {
                last.merge(
                        List.of(
                                result.experiment(),
                                result.hash(),
                                result.variant(),
                                result.segment()),
                        result,
                        ExperimentResults::later);
                newest.merge(result.experiment(), result, ExperimentResults::later);
            }
        }
        return new ExperimentResults(
                last.values().stream()
                        .filter(result -> isOf(newest.get(result.experiment()), result))
                        .sorted(IN_ORDER)
                        .toList());
    }

    private static boolean isOf(@Nullable ExperimentResult newest, ExperimentResult result) {
        return newest != null && newest.hash().equals(result.hash());
    }

    /** Of an experiment that was changed within a window, what began later is what holds. */
    private static ExperimentResult later(ExperimentResult one, ExperimentResult other) {
        return BY_TIME.compare(one, other) > 0 ? one : other;
    }

    private static @Nullable ExperimentResult result(byte @Nullable [] value) {
        try {
            ExperimentResult result = Json.mapper().readValue(value, ExperimentResult.class);
            return result == null
                            || result.schema() != ExperimentResult.SCHEMA
                            || result.experiment() == null
                            || result.variant() == null
                            || result.segment() == null
                            || result.hash() == null
                            || result.total() == null
                            || result.total().start() == null
                            || result.total().end() == null
                            || result.total().rates() == null
                    ? null
                    : result;
        } catch (IOException | IllegalArgumentException notOurs) {
            return null;
        }
    }

    /** Those of an experiment and a segment, in order; null for all. */
    public List<ExperimentResult> of(@Nullable String experiment, @Nullable String segment) {
        return results.stream()
                .filter(result -> experiment == null || result.experiment().equals(experiment))
                .filter(result -> segment == null || result.segment().equals(segment))
                .toList();
    }

    /** Names of the experiments of which something is known. */
    public SortedSet<String> experiments() {
        SortedSet<String> names = new TreeSet<>();
        results.forEach(result -> names.add(result.experiment()));
        return names;
    }

    /** Segments of an experiment, or of all. */
    public SortedSet<String> segments(@Nullable String experiment) {
        SortedSet<String> names = new TreeSet<>();
        of(experiment, null).forEach(result -> names.add(result.segment()));
        return names;
    }
}
