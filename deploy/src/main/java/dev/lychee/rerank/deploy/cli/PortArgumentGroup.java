package dev.lychee.rerank.deploy.cli;

import dev.lychee.rerank.deploy.UserMistakeException;
import dev.lychee.rerank.deploy.local.FreePorts;
import dev.lychee.rerank.deploy.terminal.Terminal;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The ports of the local stack. */
final class PortArgumentGroup {

    private static final int KAFKA_PORT = 9092;
    private static final int UI_PORT = 8081;
    private static final int MAX_PORT = 65_535;

    @Option(
            names = "--kafka-port",
            paramLabel = "PORT",
            description =
                    "Port of the Kafka broker. Default: 9092, or a free one if that is in use.")
    private @Nullable Integer kafkaPort;

    @Option(
            names = "--ui-port",
            paramLabel = "PORT",
            description =
                    "Port of Flink's web interface. Default: 8081, or a free one if that is in use.")
    private @Nullable Integer uiPort;

    int kafkaPort(Terminal terminal) throws IOException {
        return choose("Kafka", "--kafka-port", kafkaPort, KAFKA_PORT, terminal);
    }

    int uiPort(Terminal terminal) throws IOException {
        return choose("the web interface", "--ui-port", uiPort, UI_PORT, terminal);
    }

    private static int choose(
            String server,
            String option,
            @Nullable Integer wanted,
            int wellKnown,
            Terminal terminal)
            throws IOException {
        if (wanted == null) {
            int port = FreePorts.preferring(wellKnown);
            if (port != wellKnown) {
                terminal.println(
                        "Port %d is in use, so %s takes %d.".formatted(wellKnown, server, port));
            }
            return port;
        }
        if (wanted < 1 || wanted > MAX_PORT) {
            throw new UserMistakeException(
                    "%s must be 1 to %d, not %d.".formatted(option, MAX_PORT, wanted));
        }
        if (!FreePorts.isFree(wanted)) {
            throw new UserMistakeException(
                    "Port %d is in use: choose another with %s, or leave the option out."
                            .formatted(wanted, option));
        }
        return wanted;
    }
}
