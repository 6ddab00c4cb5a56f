package dev.lychee.rerank.job;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Without a broker; the tests of the deploy module have one. */
class KafkaTopicAtStartTest {

    @Test
    void saysThatNoBrokerIsThere() {
        KafkaTopicAtStart topic =
                new KafkaTopicAtStart(
                        "kafka.topics.control",
                        "control",
                        "profiles",
                        "localhost:1",
                        Map.of(),
                        Duration.ofMillis(200));

        assertThatThrownBy(() -> topic.readToEnd(each -> {}))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(
                        "topic control at localhost:1 was not read to its end within 200 ms")
                .hasMessageEndingWith("kafka.control-timeout allows more time");
    }
}
