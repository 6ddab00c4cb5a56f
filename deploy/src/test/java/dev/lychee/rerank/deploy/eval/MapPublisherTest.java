package dev.lychee.rerank.deploy.eval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lychee.rerank.deploy.local.LocalKafka;
import dev.lychee.rerank.deploy.local.TestingRecords;
import dev.lychee.rerank.operators.calibration.CalibrationMaps;
import dev.lychee.rerank.schemas.CalibrationMap;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class MapPublisherTest {

    @Test
    @Timeout(120)
    void sendsEachMapUnderItsFingerprintAndSegment() throws Exception {
        CalibrationMap map =
                CalibrationMaps.ofJsonLines(
                                """
                                {"schema":1,"fingerprint":"f","segment":"shop/mobile","version":3,"method":"platt","slope":2,"intercept":1,"support":10}
                                """)
                        .find("f", "shop/mobile");
        assertThat(map).isNotNull();
        try (LocalKafka kafka = LocalKafka.start()) {
            kafka.createTopics(1, List.of("calibration-maps"));

            MapPublisher.publish(List.of(map), kafka.bootstrapServers(), "calibration-maps");

            try (KafkaConsumer<String, String> reader =
                    TestingRecords.reader(kafka, "calibration-maps")) {
                String value =
                        TestingRecords.await(reader, "f/shop/mobile", Duration.ofSeconds(30));
                CalibrationMap read = CalibrationMaps.ofJsonLines(value).find("f", "shop/mobile");
                assertThat(read).isNotNull().returns(3L, CalibrationMap::version);
            }
        }
    }
}
