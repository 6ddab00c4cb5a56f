package dev.lychee.rerank.deploy.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.lychee.rerank.deploy.UserMistakeException;
import dev.lychee.rerank.deploy.control.ControlClient;
import dev.lychee.rerank.deploy.control.PublishedNow;
import dev.lychee.rerank.deploy.terminal.Terminal;
import dev.lychee.rerank.job.RerankOptions;
import dev.lychee.rerank.operators.profile.InvalidProfileException;
import dev.lychee.rerank.operators.profile.ProfileCatalog;
import dev.lychee.rerank.schemas.ControlAction;
import dev.lychee.rerank.schemas.ControlChange;
import dev.lychee.rerank.schemas.ControlReply;
import dev.lychee.rerank.schemas.Experiment;
import dev.lychee.rerank.schemas.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lychee profiles}: profiles and experiments of a running job. */
@Command(
        name = "profiles",
        description = {
            "Shows and changes the profiles and experiments of a running job, through its topics"
                    + " control and control-replies.",
            "A change holds for the sets that are read after it, until it is reset."
        },
        subcommands = {
            ProfilesCommand.ListCommand.class,
            ProfilesCommand.ShowCommand.class,
            ProfilesCommand.SetCommand.class,
            ProfilesCommand.ResetCommand.class,
            CommandLine.HelpCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = LycheeCommand.Version.class)
final class ProfilesCommand extends CommandGroup {

    private static final YAMLMapper YAML =
            YAMLMapper.builder().disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER).build();

    /** Which job is meant: that behind these topics. */
    private static final class TopicArguments {

        @Mixin private KafkaArguments kafka = new KafkaArguments();

        @Option(
                names = "--control-topic",
                paramLabel = "NAME",
                description = "Topic of changes. Default: control.")
        private String control = RerankOptions.KAFKA_CONTROL.defaultValue();

        @Option(
                names = "--replies-topic",
                paramLabel = "NAME",
                description = "Topic of answers. Default: control-replies.")
        private String replies = RerankOptions.KAFKA_CONTROL_REPLIES.defaultValue();

        ControlClient client() {
            return new ControlClient(kafka.topics(), control, replies);
        }
    }

    /** What holds where nothing is published. */
    private static final class CatalogArgument {

        @Option(
                names = "--profiles-file",
                paramLabel = "FILE",
                description =
                        "The YAML file of profiles that the job was started with, if any, to show those too.")
        private @Nullable Path file;

        ProfileCatalog catalog() {
            if (file == null) {
                return ProfileCatalog.presets();
            }
            try {
                return ProfileCatalog.load(file);
            } catch (InvalidProfileException wrong) {
                throw new UserMistakeException(String.valueOf(wrong.getMessage()));
            }
        }

        String source(ProfileCatalog.CatalogEntry entry) {
            return file == null
                            || entry.equals(ProfileCatalog.presets().find(entry.profile().name()))
                    ? "preset"
                    : file.toString();
        }
    }

    /** How long somebody waits for the job. */
    private static final class WaitArgument {

        @Option(
                names = "--timeout",
                paramLabel = "SECONDS",
                defaultValue = "30",
                description = "How long to wait for the job's answer. Default: ${DEFAULT-VALUE}.")
        private int seconds;

        /** Sends the change and prints what the job says. */
        int send(ControlClient client, ControlChange change, Terminal terminal) throws IOException {
            terminal.progress("Waiting for the job ...");
            ControlReply reply = client.send(change, Duration.ofSeconds(seconds));
            if (reply == null) {
                throw new IOException(
                        "No job answered within %d s; the change is on its topic and will be answered when one runs"
                                .formatted(seconds));
            }
            if (!reply.accepted()) {
                throw new UserMistakeException("The job refused the change: " + reply.message());
            }
            terminal.println(sentence(reply.message()));
            if (reply.hash() != null) {
                terminal.println("hash " + reply.hash());
            }
            return ExitCodes.OK;
        }

        private static String sentence(String text) {
            return Character.toUpperCase(text.charAt(0)) + text.substring(1) + ".";
        }
    }

    private static ControlChange change(
            ControlAction action,
            @Nullable String name,
            @Nullable JsonNode profile,
            @Nullable Long version,
            @Nullable JsonNode experiment) {
        return new ControlChange(
                UUID.randomUUID().toString(), action, name, profile, version, experiment);
    }

    private static String yaml(JsonNode node) {
        try {
            return YAML.writeValueAsString(node).stripTrailing();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("JSON can be written as YAML", e);
        }
    }

    private static JsonNode json(@Nullable String text) {
        try {
            return Json.mapper().readTree(text == null ? "{}" : text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what was read as JSON can be read again", e);
        }
    }

    /** {@code lychee profiles list}. */
    @Command(
            name = "list",
            description = "Lists the profiles and experiments that hold now.",
            mixinStandardHelpOptions = true,
            versionProvider = LycheeCommand.Version.class)
    static final class ListCommand extends TerminalCommand {

        private static final String ROW = "%-24s %8s  %-16s  %s";

        @Mixin private TopicArguments topics = new TopicArguments();
        @Mixin private CatalogArgument base = new CatalogArgument();

        ListCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            ControlClient client = topics.client();
            PublishedNow published = client.published();
            ProfileCatalog catalog = base.catalog();
            terminal().println(terminal().bold(row("PROFILE", "VERSION", "HASH", "FROM")));
            Set<String> names = new TreeSet<>(catalog.names());
            names.addAll(published.profiles().keySet());
            for (String name : names) {
                ControlReply live = published.profiles().get(name);
                ProfileCatalog.CatalogEntry entry = catalog.find(name);
                if (live != null) {
                    terminal().println(live(name, live));
                } else if (entry != null) {
                    terminal().println(row(name, "0", entry.hash(), base.source(entry)));
                }
            }
            printExperiments(published, catalog);
            List<String> unanswered = client.unanswered();
            if (!unanswered.isEmpty()) {
                terminal()
                        .println(
                                terminal()
                                        .yellow(
                                                "Changes without an answer: %d. No job runs behind these topics, or it has just started."
                                                        .formatted(unanswered.size())));
            }
            return ExitCodes.OK;
        }

        private void printExperiments(PublishedNow published, ProfileCatalog catalog) {
            Set<String> names = new TreeSet<>(catalog.experiments().keySet());
            names.addAll(published.experiments().keySet());
            if (names.isEmpty()) {
                return;
            }
            terminal().println("");
            terminal().println(terminal().bold(row("EXPERIMENT", "VERSION", "", "FROM")));
            for (String name : names) {
                ControlReply live = published.experiments().get(name);
                terminal().println(live != null ? live(name, live) : row(name, "0", "", "file"));
            }
        }

        private static String live(String name, ControlReply reply) {
            return row(
                    name,
                    String.valueOf(reply.version()),
                    reply.hash() == null ? "" : reply.hash(),
                    "published " + reply.timestamp());
        }

        private static String row(String name, String version, String hash, String from) {
            return ROW.formatted(name, version, hash, from).stripTrailing();
        }
    }

    /** {@code lychee profiles show NAME}. */
    @Command(
            name = "show",
            description = "Shows a profile as it holds now, with all that it extends, as YAML.",
            mixinStandardHelpOptions = true,
            versionProvider = LycheeCommand.Version.class)
    static final class ShowCommand extends TerminalCommand {

        @Mixin private TopicArguments topics = new TopicArguments();
        @Mixin private CatalogArgument base = new CatalogArgument();

        @Parameters(paramLabel = "NAME", description = "The profile, or the experiment.")
        @SuppressWarnings("NullAway.Init") // required
        private String name;

        @Option(names = "--experiment", description = "NAME is an experiment.")
        private boolean experiment;

        ShowCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            PublishedNow published = topics.client().published();
            ProfileCatalog catalog = base.catalog();
            if (experiment) {
                return showExperiment(published, catalog);
            }
            ControlReply live = published.profiles().get(name);
            ProfileCatalog.CatalogEntry entry = catalog.find(name);
            if (live != null) {
                print(
                        "%s, version %d, hash %s, published %s"
                                .formatted(name, live.version(), live.hash(), live.timestamp()),
                        json(live.profile()));
            } else if (entry != null) {
                print(
                        "%s, version 0 (%s), hash %s"
                                .formatted(name, base.source(entry), entry.hash()),
                        json(entry.json()));
            } else {
                throw new UserMistakeException(
                        "There is no profile %s; lychee profiles list shows those there are."
                                .formatted(name));
            }
            return ExitCodes.OK;
        }

        private int showExperiment(PublishedNow published, ProfileCatalog catalog) {
            ControlReply live = published.experiments().get(name);
            Experiment ofFile = catalog.experiments().get(name);
            if (live != null) {
                print(
                        "%s, version %d, published %s"
                                .formatted(name, live.version(), live.timestamp()),
                        json(live.experiment()));
            } else if (ofFile != null) {
                print(name + ", version 0 (file)", Json.mapper().valueToTree(ofFile));
            } else {
                throw new UserMistakeException(
                        "There is no experiment %s; lychee profiles list shows those there are."
                                .formatted(name));
            }
            return ExitCodes.OK;
        }

        private void print(String head, JsonNode body) {
            terminal().println("# " + head);
            terminal().println(yaml(withoutNulls(body)));
        }

        /** Fields that say nothing are only in the way of those that do. */
        private static JsonNode withoutNulls(JsonNode body) {
            if (body instanceof ObjectNode object) {
                object.removeNulls();
            }
            body.forEach(ShowCommand::withoutNulls);
            return body;
        }
    }

    /** {@code lychee profiles set NAME}. */
    @Command(
            name = "set",
            description = {
                "Publishes a profile or an experiment; the job checks it, and says its version or what"
                        + " is wrong.",
                "FILE has the fields of one profile, or is a profiles.yaml in which NAME stands."
            },
            mixinStandardHelpOptions = true,
            versionProvider = LycheeCommand.Version.class)
    static final class SetCommand extends TerminalCommand {

        @Mixin private TopicArguments topics = new TopicArguments();
        @Mixin private WaitArgument waiting = new WaitArgument();

        @Parameters(paramLabel = "NAME", description = "The profile, or the experiment.")
        @SuppressWarnings("NullAway.Init") // required
        private String name;

        @Option(names = "--experiment", description = "NAME is an experiment.")
        private boolean experiment;

        @ArgGroup(multiplicity = "1")
        @SuppressWarnings("NullAway.Init") // required
        private Content content;

        /** What is published: the one or the other. */
        private static final class Content {

            @Option(names = "--file", paramLabel = "FILE", description = "What it says, as YAML.")
            private @Nullable Path file;

            @Option(
                    names = "--version-again",
                    paramLabel = "VERSION",
                    description = "What that version of the profile said, if the job remembers it.")
            private @Nullable Long version;
        }

        SetCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() throws Exception {
            if (experiment && content.version != null) {
                throw new UserMistakeException("--version-again is for profiles: use --file.");
            }
            JsonNode fields = content.file == null ? null : fields(content.file);
            return waiting.send(
                    topics.client(),
                    experiment
                            ? change(ControlAction.SET_EXPERIMENT, name, null, null, fields)
                            : change(
                                    ControlAction.SET_PROFILE, name, fields, content.version, null),
                    terminal());
        }

        private JsonNode fields(Path file) {
            JsonNode document;
            try {
                document = YAML.readTree(Files.readString(file));
            } catch (JsonProcessingException e) {
                throw new UserMistakeException(
                        "%s is not YAML at line %d: %s"
                                .formatted(file, e.getLocation().getLineNr(), Json.problem(e)));
            } catch (IOException e) {
                throw new UserMistakeException(
                        "%s cannot be read: is it there, and text in UTF-8?".formatted(file));
            }
            String section = experiment ? "experiments" : "profiles";
            JsonNode found = document.has("schema") ? document.path(section).path(name) : document;
            if (!(found instanceof ObjectNode fields)) {
                throw new UserMistakeException(
                        document.has("schema")
                                ? "There is no %s.%s in %s.".formatted(section, name, file)
                                : "%s has no fields: write them as KEY: VALUE.".formatted(file));
            }
            return fields;
        }
    }

    /** {@code lychee profiles reset NAME}. */
    @Command(
            name = "reset",
            description =
                    "Takes a published profile or experiment back; presets and profiles.yaml hold again.",
            mixinStandardHelpOptions = true,
            versionProvider = LycheeCommand.Version.class)
    static final class ResetCommand extends TerminalCommand {

        @Mixin private TopicArguments topics = new TopicArguments();
        @Mixin private WaitArgument waiting = new WaitArgument();

        @ArgGroup(multiplicity = "1")
        @SuppressWarnings("NullAway.Init") // required
        private Target target;

        @Option(names = "--experiment", description = "NAME is an experiment.")
        private boolean experiment;

        /** What is reset: one or all. */
        private static final class Target {

            @Parameters(paramLabel = "NAME", description = "The profile, or the experiment.")
            private @Nullable String name;

            @Option(names = "--all", description = "All profiles and experiments.")
            private boolean all;
        }

        ResetCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() throws Exception {
            ControlAction action =
                    target.all
                            ? ControlAction.RESET_ALL
                            : experiment
                                    ? ControlAction.RESET_EXPERIMENT
                                    : ControlAction.RESET_PROFILE;
            return waiting.send(
                    topics.client(), change(action, target.name, null, null, null), terminal());
        }
    }
}
