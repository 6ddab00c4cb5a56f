package dev.lychee.rerank.deploy.bench;

import dev.lychee.rerank.deploy.bench.PipelineLoad.Answer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** When results are whole again after an overload. */
final class Recovery {

    private Recovery() {}

    /**
     * The time from the fall of the load to the first of so many results in a row that are complete
     * and undegraded.
     *
     * @param answers in order of receipt
     * @param fallSeconds when the load fell; results before do not count
     * @param inARow how many there must be
     * @return seconds; null when there were never so many
     */
    static @Nullable Double seconds(List<Answer> answers, double fallSeconds, int inARow) {
        int whole = 0;
        double since = 0;
        for (Answer answer : answers) {
            if (answer.receivedSeconds() < fallSeconds) {
                continue;
            }
            if (!answer.receipt().isWhole()) {
                whole = 0;
                continue;
            }
            if (whole == 0) {
                since = answer.receivedSeconds();
            }
            whole++;
            if (whole == inARow) {
                return since - fallSeconds;
            }
        }
        return null;
    }
}
