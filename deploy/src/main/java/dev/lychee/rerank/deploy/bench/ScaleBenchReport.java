package dev.lychee.rerank.deploy.bench;

import dev.lychee.rerank.deploy.terminal.Table;
import dev.lychee.rerank.deploy.terminal.Terminal;
import java.util.List;
import java.util.Locale;

/**
 * What {@link ScaleBench} measured.
 *
 * @param machine where all processes ran
 * @param standIn speed of the stand-in in each TaskManager
 * @param setSize pairs in a set
 * @param outstanding sets that were open at once, for each TaskManager
 * @param windowSeconds length of a measured window
 * @param steps each number of TaskManagers
 */
public record ScaleBenchReport(
        Machine machine,
        String standIn,
        int setSize,
        int outstanding,
        double windowSeconds,
        List<Step> steps) {

    /**
     * One number of TaskManagers.
     *
     * @param taskManagers processes, one slot each
     * @param pairsPerSecond of the results that came, over the windows
     * @param efficiency pairs per second and TaskManager over those of the first step
     * @param leastTasks score tasks of the TaskManager that had the fewest
     * @param mostTasks score tasks of the TaskManager that had the most
     * @param coresHere processor time of the broker and the load over time
     * @param coresOfFlink processor time of the JobManager and the TaskManagers over time; when
     *     both together come near the machine's cores, the machine is what limits
     */
    public record Step(
            int taskManagers,
            Spread pairsPerSecond,
            double efficiency,
            long leastTasks,
            long mostTasks,
            Spread coresHere,
            Spread coresOfFlink) {}

    /** Prints it for people. */
    public void print(Terminal terminal) {
        terminal.println(
                "Stand-in of %s in each TaskManager, sets of %d, %d open for each"
                        .formatted(standIn, setSize, outstanding));
        Table table =
                new Table(
                        "TaskManagers",
                        "pairs/s (min-max)",
                        "of each",
                        "efficiency",
                        "tasks of the least and most busy",
                        "cores: load, Flink");
        for (Step step : steps) {
            table.row(
                    String.valueOf(step.taskManagers()),
                    step.pairsPerSecond().text("%,.0f"),
                    String.format(
                            Locale.ROOT,
                            "%,.0f",
                            step.pairsPerSecond().median() / step.taskManagers()),
                    String.format(Locale.ROOT, "%.3f", step.efficiency()),
                    String.format(Locale.ROOT, "%,d / %,d", step.leastTasks(), step.mostTasks()),
                    String.format(
                            Locale.ROOT,
                            "%.2f + %.2f of %d",
                            step.coresHere().median(),
                            step.coresOfFlink().median(),
                            machine.cores()));
        }
        table.print(terminal);
        terminal.println(
                "Efficiency: pairs/s of each over those with %d. Broker and load share this machine's cores."
                        .formatted(steps.get(0).taskManagers()));
    }
}
