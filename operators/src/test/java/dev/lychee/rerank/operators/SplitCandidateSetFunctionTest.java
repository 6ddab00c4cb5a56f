package dev.lychee.rerank.operators;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lychee.rerank.schemas.Shard;
import dev.lychee.rerank.schemas.flow.BoundCandidateSet;
import dev.lychee.rerank.schemas.flow.Questions;
import dev.lychee.rerank.schemas.flow.ScoreTask;
import java.util.List;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.ProcessFunctionTestHarnesses;
import org.junit.jupiter.api.Test;

class SplitCandidateSetFunctionTest {

    /** Query and document of a pair have two tokens each. */
    private static final int TOKENS_OF_FOUR_PAIRS = 16;

    @Test
    void fillsATaskUpToItsTokens() throws Exception {
        assertThat(tasks("default")).extracting(task -> task.items().size()).containsExactly(4, 4);
    }

    @Test
    void countsEveryQuestionOfAPair() throws Exception {
        assertThat(tasks("aspects")).extracting(task -> task.items().size()).containsOnly(1);
    }

    @Test
    void tellsTheScorerWhatTheProfileAsks() throws Exception {
        BoundCandidateSet envelope = envelope("aspects");

        assertThat(tasks("aspects"))
                .allSatisfy(
                        task ->
                                assertThat(task.questions())
                                        .isEqualTo(Questions.of(envelope.profile().effective())));
    }

    private static BoundCandidateSet envelope(String profile) {
        return TestingSets.envelope(
                TestingSets.set("r", profile, Shard.WHOLE, "a", "b", "c", "d", "e", "f", "g", "h"),
                1,
                Long.MAX_VALUE,
                0);
    }

    private static List<ScoreTask> tasks(String profile) throws Exception {
        try (var harness =
                ProcessFunctionTestHarnesses.forProcessFunction(
                        new SplitCandidateSetFunction(TOKENS_OF_FOUR_PAIRS, 512, 0))) {
            harness.processElement(new StreamRecord<>(envelope(profile)));
            return harness.getSideOutput(SplitCandidateSetFunction.TASKS).stream()
                    .map(StreamRecord::getValue)
                    .toList();
        }
    }
}
