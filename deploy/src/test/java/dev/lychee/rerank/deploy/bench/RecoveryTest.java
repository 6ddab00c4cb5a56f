package dev.lychee.rerank.deploy.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lychee.rerank.deploy.bench.PipelineLoad.Answer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecoveryTest {

    private static final Receipt WHOLE = receipt("complete");
    private static final double FALL = 30;

    @Test
    void isTheFirstOfEnoughWholeResultsInARow() {
        List<Answer> answers = new ArrayList<>();
        answers.add(answer(29.5, WHOLE));
        answers.add(answer(30.5, receipt("partial")));
        answers.add(answer(31, WHOLE));
        answers.add(answer(31.5, receipt("complete", "max-pairs")));
        answers.add(answer(32, WHOLE));
        answers.add(answer(32.5, WHOLE));
        answers.add(answer(33, WHOLE));

        assertThat(Recovery.seconds(answers, FALL, 3)).isCloseTo(2.0, within(1e-9));
        assertThat(Recovery.seconds(answers, FALL, 1)).isCloseTo(1.0, within(1e-9));
    }

    @Test
    void doesNotCountResultsBeforeTheLoadFell() {
        List<Answer> answers =
                List.of(answer(29.8, WHOLE), answer(29.9, WHOLE), answer(30.25, WHOLE));

        assertThat(Recovery.seconds(answers, FALL, 1)).isCloseTo(0.25, within(1e-9));
        assertThat(Recovery.seconds(answers, FALL, 2)).isNull();
    }

    @Test
    void isUnknownWhereResultsWereNeverWholeAgain() {
        assertThat(Recovery.seconds(List.of(answer(31, receipt("fallback"))), FALL, 1)).isNull();
        assertThat(Recovery.seconds(List.of(), FALL, 1)).isNull();
    }

    private static Answer answer(double receivedSeconds, Receipt receipt) {
        return new Answer(20, receivedSeconds - 1, receivedSeconds, 1_000, 1_000, receipt);
    }

    private static Receipt receipt(String status, String... degraded) {
        return new Receipt(status, List.of(degraded), new Receipt.Times(0, 0, 0, null));
    }
}
