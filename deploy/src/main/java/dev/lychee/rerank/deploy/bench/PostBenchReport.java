package dev.lychee.rerank.deploy.bench;

import dev.lychee.rerank.deploy.terminal.Table;
import dev.lychee.rerank.deploy.terminal.Terminal;
import java.util.List;
import java.util.Locale;

/**
 * What {@link PostBench} measured.
 *
 * @param machine where
 * @param forks fresh JVMs per benchmark; 0 for none
 * @param iterations measured iterations in each
 * @param iterationMillis length of an iteration, in milliseconds
 * @param steps each step at each size, in the order of the job
 */
public record PostBenchReport(
        Machine machine, int forks, int iterations, long iterationMillis, List<Step> steps) {

    /**
     * One step.
     *
     * @param candidates size of the set
     * @param micros mean time per set, in microseconds
     * @param error half the width of the 99.9 % interval of that mean, in microseconds; 0 where
     *     there were too few iterations for one
     */
    public record Step(String name, int candidates, double micros, double error) {}

    /** Prints it for people. */
    public void print(Terminal terminal) {
        Table table = new Table("step", "candidates", "µs per set", "± (99.9 %)");
        for (Step step : steps) {
            table.row(
                    step.name(),
                    String.valueOf(step.candidates()),
                    String.format(Locale.ROOT, "%,.1f", step.micros()),
                    String.format(Locale.ROOT, "%,.1f", step.error()));
        }
        table.print(terminal);
        terminal.println(
                "allSteps is normalize to rank; %d fork(s) of %d iterations of %d ms."
                        .formatted(forks, iterations, iterationMillis));
    }
}
