package dev.lychee.rerank.deploy.cli;

import dev.lychee.rerank.deploy.UserMistakeException;
import dev.lychee.rerank.deploy.calibration.MapHistory;
import dev.lychee.rerank.deploy.calibration.MapPrinter;
import dev.lychee.rerank.deploy.calibration.MapTopic;
import dev.lychee.rerank.deploy.calibration.PinChange;
import dev.lychee.rerank.deploy.calibration.SegmentHistory;
import dev.lychee.rerank.deploy.calibration.SegmentHistory.MapVersion;
import dev.lychee.rerank.deploy.terminal.Terminal;
import dev.lychee.rerank.job.RerankOptions;
import dev.lychee.rerank.schemas.CalibrationMap;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lychee calibration}: which calibration maps a running job uses. */
@Command(
        name = "calibration",
        description = {
            "Shows the calibration maps that a running job follows, and pins one of them, through its"
                    + " topic calibration-maps.",
            "The highest version holds, or the one that is pinned. What the topic still has can be pinned:"
                    + " a week, where it was created with min.compaction.lag.ms=604800000."
        },
        subcommands = {
            CalibrationCommand.ListCommand.class,
            CalibrationCommand.ShowCommand.class,
            CalibrationCommand.FreezeCommand.class,
            CalibrationCommand.RollbackCommand.class,
            CalibrationCommand.UnfreezeCommand.class,
            CommandLine.HelpCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = LycheeCommand.Version.class)
final class CalibrationCommand extends CommandGroup {

    /** Which topic is meant. */
    private static final class TopicArguments {

        @Mixin private KafkaArguments kafka = new KafkaArguments();

        @Option(
                names = "--topic",
                paramLabel = "NAME",
                description = "Topic of maps. Default: calibration-maps.")
        private String name = RerankOptions.KAFKA_CALIBRATION_MAPS.defaultValue();

        MapTopic topic() {
            return new MapTopic(kafka.topics(), name);
        }
    }

    /** Which maps of the topic are meant. */
    private static final class SegmentArguments {

        @Option(
                names = "--fingerprint",
                paramLabel = "TEXT",
                description =
                        "Whose maps: the fingerprint in results, or its beginning. It can be left out where"
                                + " the topic has one only.")
        private @Nullable String fingerprint;

        @Option(
                names = "--segment",
                paramLabel = "NAME",
                description =
                        "Of which user segment. It can be left out where the fingerprint has one only.")
        private @Nullable String segment;

        SegmentHistory find(MapTopic topic) {
            MapHistory history = topic.read();
            if (history.segments().isEmpty()) {
                throw new UserMistakeException(noMaps(topic, history));
            }
            return history.find(fingerprint, segment);
        }
    }

    private static String noMaps(MapTopic topic, MapHistory history) {
        return "There are no maps in %s%s: the recalibrate job or lychee calibrate --publish writes them, and until then results say identity."
                .formatted(
                        topic.description(),
                        history.refused().isEmpty()
                                ? ""
                                : ", only %,d records that are none"
                                        .formatted(history.refused().size()));
    }

    /** {@code lychee calibration list}. */
    @Command(
            name = "list",
            description =
                    "Lists which map holds for each fingerprint and segment, how old it is, what it is based on,"
                            + " and its errors on held-out requests (of the map before → of this map).",
            mixinStandardHelpOptions = true,
            versionProvider = LycheeCommand.Version.class)
    static final class ListCommand extends TerminalCommand {

        @Mixin private TopicArguments topics = new TopicArguments();

        ListCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            MapTopic topic = topics.topic();
            MapHistory history = topic.read();
            MapPrinter printer = new MapPrinter(terminal());
            if (history.segments().isEmpty()) {
                terminal().println(noMaps(topic, history));
            } else {
                printer.list(history, Instant.now());
            }
            printer.refused(history);
            return history.refused().isEmpty() ? ExitCodes.OK : ExitCodes.BAD_INPUT;
        }
    }

    /** {@code lychee calibration show}. */
    @Command(
            name = "show",
            description =
                    "Shows the versions that the topic still has of one segment's map, and draws one.",
            mixinStandardHelpOptions = true,
            versionProvider = LycheeCommand.Version.class)
    static final class ShowCommand extends TerminalCommand {

        @Mixin private TopicArguments topics = new TopicArguments();
        @Mixin private SegmentArguments which = new SegmentArguments();

        @Option(
                names = "--map-version",
                paramLabel = "NUMBER",
                description = "The version to draw. Default: the one that holds.")
        private @Nullable Long version;

        @Option(
                names = "--json",
                paramLabel = "FILE",
                description = "Write all versions, with their maps, to FILE, as JSON.")
        private @Nullable Path json;

        ShowCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() throws IOException {
            if (json != null) {
                ReportFile.require(json, "--json");
            }
            SegmentHistory history = which.find(topics.topic());
            new MapPrinter(terminal()).show(history, drawn(history));
            if (json != null) {
                ReportFile.write(json, history);
            }
            return ExitCodes.OK;
        }

        private MapVersion drawn(SegmentHistory history) {
            if (version == null) {
                MapVersion live = history.holding();
                return live == null ? history.versions().get(0) : live;
            }
            MapVersion named = history.version(version);
            if (named == null) {
                throw new UserMistakeException(
                        "Segment %s has no version %d: the topic has %s."
                                .formatted(history.segment(), version, history.listedVersions()));
            }
            return named;
        }
    }

    /** What changes a pin has in common. */
    private abstract static class ChangeCommand extends TerminalCommand {

        @Mixin private TopicArguments topics = new TopicArguments();
        @Mixin private SegmentArguments which = new SegmentArguments();

        ChangeCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() throws IOException {
            MapTopic topic = topics.topic();
            PinChange change = change(which.find(topic), Instant.now());
            CalibrationMap record = change.record();
            if (record != null) {
                topic.publish(List.of(record));
            }
            terminal().println(change.sentence());
            return ExitCodes.OK;
        }

        abstract PinChange change(SegmentHistory history, Instant now);
    }

    /** {@code lychee calibration freeze}. */
    @Command(
            name = "freeze",
            description =
                    "Pins the map that holds now: newer ones are published, but not used, until unfreeze.",
            mixinStandardHelpOptions = true,
            versionProvider = LycheeCommand.Version.class)
    static final class FreezeCommand extends ChangeCommand {

        FreezeCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        PinChange change(SegmentHistory history, Instant now) {
            return PinChange.freeze(history, now);
        }
    }

    /** {@code lychee calibration rollback}. */
    @Command(
            name = "rollback",
            description = "Pins the version before the one that holds, or --to, until unfreeze.",
            mixinStandardHelpOptions = true,
            versionProvider = LycheeCommand.Version.class)
    static final class RollbackCommand extends ChangeCommand {

        @Option(
                names = "--to",
                paramLabel = "VERSION",
                description = "The version to pin; lychee calibration show lists them.")
        private @Nullable Long to;

        RollbackCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        PinChange change(SegmentHistory history, Instant now) {
            return PinChange.rollback(history, to, now);
        }
    }

    /** {@code lychee calibration unfreeze}. */
    @Command(
            name = "unfreeze",
            description = "Lifts the pin: the highest version holds again.",
            mixinStandardHelpOptions = true,
            versionProvider = LycheeCommand.Version.class)
    static final class UnfreezeCommand extends ChangeCommand {

        UnfreezeCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        PinChange change(SegmentHistory history, Instant now) {
            return PinChange.unfreeze(history, now);
        }
    }
}
