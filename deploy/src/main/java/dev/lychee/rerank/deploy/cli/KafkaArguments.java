package dev.lychee.rerank.deploy.cli;

import dev.lychee.rerank.deploy.kafka.KafkaTopics;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** Which Kafka is meant. */
final class KafkaArguments {

    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT[,...]",
            defaultValue = "localhost:9092",
            description = "Kafka brokers. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // has a default
    private String bootstrapServers;

    @Option(
            names = "-K",
            paramLabel = "KEY=VALUE",
            description =
                    "A property of the Kafka clients, such as -K security.protocol=SSL. May be repeated.")
    private Map<String, String> properties = new LinkedHashMap<>();

    @SuppressWarnings("NullAway.Init") // picocli sets the fields of a command
    KafkaArguments() {}

    KafkaTopics topics() {
        return new KafkaTopics(bootstrapServers, properties);
    }
}
