package dev.lychee.rerank.deploy.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/** Measures variants one after the other, round by round, so that other work meets all of them. */
final class InTurns {

    private InTurns() {}

    /** One way to do the work of a round, once. */
    @FunctionalInterface
    interface Pass {
        Round run();
    }

    /**
     * One pass over all pairs.
     *
     * @param nanos how long it took
     * @param cpuNanos processor time of this process in it
     * @param forwardNanos how much of that was inside forward passes
     * @param batches forward passes
     * @param realTokens tokens of the pairs
     * @param paddedTokens tokens that were computed
     */
    record Round(
            long nanos,
            long cpuNanos,
            long forwardNanos,
            long batches,
            long realTokens,
            long paddedTokens) {

        Round withCpu(long cpu) {
            return new Round(nanos, cpu, forwardNanos, batches, realTokens, paddedTokens);
        }

        /** Share of the computed tokens that was padding, 0..1. */
        double padding() {
            return 1.0 - (double) realTokens / paddedTokens;
        }
    }

    /**
     * Runs all passes once to warm up and then {@code rounds} times, in an order that changes.
     *
     * @param passes by name of the variant
     * @param progress is told what is being measured
     * @return the rounds of each variant, in the order of {@code passes}
     */
    static Map<String, List<Round>> measure(
            Map<String, Pass> passes, int rounds, Consumer<String> progress) {
        Map<String, List<Round>> measured = new LinkedHashMap<>();
        passes.keySet().forEach(variant -> measured.put(variant, new ArrayList<>()));
        List<Map.Entry<String, Pass>> order = new ArrayList<>(passes.entrySet());
        // Round 0 warms up.
        for (int round = 0; round <= rounds; round++) {
            for (Map.Entry<String, Pass> entry : order) {
                String variant = entry.getKey();
                progress.accept(
                        round == 0
                                ? "Warming up: " + variant
                                : "Round %d of %d: %s".formatted(round, rounds, variant));
                long cpu = Machine.cpuNanos();
                Round one = entry.getValue().run().withCpu(Machine.cpuNanos() - cpu);
                if (round > 0) {
                    of(measured, variant).add(one);
                }
            }
            // So that no variant always comes after the same other one.
            Collections.rotate(order, 3);
        }
        return measured;
    }

    /** The rounds of a variant. */
    static List<Round> of(Map<String, List<Round>> rounds, String variant) {
        return Objects.requireNonNull(rounds.get(variant));
    }

    /** Pairs per second of a variant whose rounds have {@code pairs} pairs. */
    static Spread rate(Map<String, List<Round>> rounds, String variant, int pairs) {
        return Spread.of(
                of(rounds, variant).stream().map(round -> pairs * 1e9 / round.nanos()).toList());
    }

    /** Speed of a variant over that of another one in the same round. */
    static Spread ratio(Map<String, List<Round>> rounds, String variant, String other) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < of(rounds, variant).size(); i++) {
            ratios.add(
                    (double) of(rounds, other).get(i).nanos() / of(rounds, variant).get(i).nanos());
        }
        return Spread.of(ratios);
    }

    /** Processor time of the whole process per pair, in microseconds. */
    static Spread cpuMicros(List<Round> rounds, int pairs) {
        return Spread.of(rounds.stream().map(round -> round.cpuNanos() / 1e3 / pairs).toList());
    }

    static double median(List<Round> rounds, ToDoubleFunction<Round> value) {
        return Spread.of(rounds.stream().map(value::applyAsDouble).toList()).median();
    }
}
