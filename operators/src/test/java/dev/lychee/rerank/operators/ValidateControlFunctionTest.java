package dev.lychee.rerank.operators;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lychee.rerank.operators.profile.ProfileCatalog;
import dev.lychee.rerank.operators.profile.TestingChanges;
import dev.lychee.rerank.schemas.ControlReply;
import dev.lychee.rerank.schemas.DeadLetter;
import dev.lychee.rerank.schemas.Json;
import dev.lychee.rerank.schemas.Reason;
import dev.lychee.rerank.schemas.flow.PublishedControl;
import dev.lychee.rerank.schemas.flow.PublishedProfile;
import dev.lychee.rerank.schemas.flow.SinkRecord;
import dev.lychee.rerank.schemas.flow.SourceRecord;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ValidateControlFunctionTest {

    private static final int HISTORY = 2;

    private OneInputStreamOperatorTestHarness<SourceRecord, PublishedControl> harness;
    private long offset;

    @BeforeEach
    void open() throws Exception {
        harness = harness();
        harness.open();
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    @Test
    void anAcceptedChangeIsAnsweredAndPublished() throws Exception {
        send(TestingChanges.set("shop", "{\"extends\":\"default\"}"));

        assertThat(replies())
                .singleElement()
                .satisfies(
                        reply -> {
                            assertThat(reply.accepted()).isTrue();
                            assertThat(reply.version()).isEqualTo(1);
                            assertThat(reply.timestamp().toEpochMilli()).isEqualTo(1_000);
                        });
        assertThat(harness.extractOutputValues())
                .singleElement()
                .satisfies(
                        published -> {
                            assertThat(published.version()).isEqualTo(1);
                            assertThat(published.profiles())
                                    .extracting(PublishedProfile::hash)
                                    .containsExactly(replies().get(0).hash());
                        });
    }

    @Test
    void aRefusedChangeIsAnsweredAndNothingIsPublished() throws Exception {
        send(TestingChanges.set("shop", "{\"extends\":\"absent\"}"));

        assertThat(replies())
                .singleElement()
                .satisfies(
                        reply -> {
                            assertThat(reply.accepted()).isFalse();
                            assertThat(reply.message())
                                    .isEqualTo("profile.extends: there is no profile named absent");
                        });
        assertThat(harness.extractOutputValues()).isEmpty();
        assertThat(harness.getSideOutput(DeadLetters.TAG)).isNull();
    }

    @Test
    void garbageIsADeadLetterAndTheNextChangeIsAnswered() throws Exception {
        send("\u0000\u0001 garbage");
        send(TestingChanges.set("shop", "{\"extends\":\"default\"}"));

        DeadLetter letter = harness.getSideOutput(DeadLetters.TAG).remove().getValue();
        assertThat(letter.stage()).isEqualTo("validate-control");
        assertThat(letter.reason()).isEqualTo(Reason.MALFORMED_JSON);
        assertThat(letter.topic()).isEqualTo("control");
        assertThat(letter.offset()).isZero();
        assertThat(replies()).singleElement().extracting(ControlReply::version).isEqualTo(2L);
    }

    @Test
    void versionsAndHistoryGoOnAfterARestore() throws Exception {
        for (int temperature = 1; temperature <= 3; temperature++) {
            send(
                    TestingChanges.set(
                            "shop",
                            "{\"extends\":\"default\",\"temperature\":%d}".formatted(temperature)));
        }
        List<ControlReply> before = replies();
        OperatorSubtaskState state = harness.snapshot(1, 1);
        harness.close();
        harness = harness();
        harness.initializeState(state);
        harness.open();

        send(TestingChanges.again("shop", 1));
        send(TestingChanges.again("shop", 2));

        assertThat(replies()).extracting(ControlReply::accepted).containsExactly(false, true);
        assertThat(replies().get(0).message()).endsWith("remembered are 2, 3");
        assertThat(replies().get(1).version()).isEqualTo(5);
        assertThat(replies().get(1).hash()).isEqualTo(before.get(1).hash());
    }

    @Test
    void aReplyIsWrittenUnderTheIdOfItsChange() throws Exception {
        send(TestingChanges.set("shop", "{\"extends\":\"default\"}"));
        ControlReply reply = replies().get(0);

        SinkRecord record = new EncodeControlReplyFunction("control").map(reply);

        assertThat(record.key()).isEqualTo("set shop");
        assertThat(record.origin().offset()).isZero();
        assertThat(Json.mapper().readValue(record.value(), ControlReply.class)).isEqualTo(reply);
    }

    private static OneInputStreamOperatorTestHarness<SourceRecord, PublishedControl> harness()
            throws Exception {
        return new OneInputStreamOperatorTestHarness<>(
                new ProcessOperator<>(
                        new ValidateControlFunction(ProfileCatalog.presets(), HISTORY)));
    }

    private void send(String change) throws Exception {
        harness.processElement(new StreamRecord<>(TestingChanges.record(offset++, change)));
    }

    private List<ControlReply> replies() {
        return harness.getSideOutput(ValidateControlFunction.REPLIES).stream()
                .map(StreamRecord::getValue)
                .toList();
    }
}
