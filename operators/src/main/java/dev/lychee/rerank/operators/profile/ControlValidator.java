package dev.lychee.rerank.operators.profile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lychee.rerank.operators.profile.ProfileCatalog.CatalogEntry;
import dev.lychee.rerank.schemas.ControlChange;
import dev.lychee.rerank.schemas.ControlCodec;
import dev.lychee.rerank.schemas.ControlReply;
import dev.lychee.rerank.schemas.Experiment;
import dev.lychee.rerank.schemas.InvalidMessageException;
import dev.lychee.rerank.schemas.Json;
import dev.lychee.rerank.schemas.Reason;
import dev.lychee.rerank.schemas.flow.PublishedControl;
import dev.lychee.rerank.schemas.flow.PublishedExperiment;
import dev.lychee.rerank.schemas.flow.PublishedProfile;
import dev.lychee.rerank.schemas.flow.SourceRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Applies the changes of the control topic, one after the other, and answers each.
 *
 * <p>A pure function of the catalog and of the topic's records in their order: the version of a
 * change is its offset plus one. So whoever reads the topic gets the same versions and contents,
 * whenever it reads, and whichever part it reads twice. A refused change changes nothing.
 */
public final class ControlValidator {

    /** What is published travels as a whole; so many are a mistake of some program. */
    private static final int MAX_PUBLISHED = 1_000;

    private final ProfileCatalog base;
    private final int historySize;
    private PublishedControl published;
    private List<PublishedProfile> history;
    private LiveProfiles live;

    /** What a change makes of what is published, and what the reply says about it. */
    private record Outcome(
            PublishedControl next,
            long version,
            @Nullable String hash,
            String message,
            @Nullable PublishedProfile profile,
            @Nullable String experiment) {}

    /**
     * A validator that continues from what was published before.
     *
     * @param base the profiles that hold where nothing is published, and the models they are for
     * @param historySize so many published versions, of all profiles together, can be published
     *     again
     * @param published what holds now
     * @param history the last published versions, the oldest first
     */
    public ControlValidator(
            ProfileCatalog base,
            int historySize,
            PublishedControl published,
            List<PublishedProfile> history) {
        this.base = base;
        this.historySize = historySize;
        this.published = published;
        this.history = tail(history);
        this.live = LiveProfiles.of(base, published);
    }

    /** What holds after all these records, read from the beginning of the topic. */
    public static PublishedControl publishedBy(
            Iterable<SourceRecord> records, ProfileCatalog base, int historySize) {
        ControlValidator validator =
                new ControlValidator(base, historySize, PublishedControl.NONE, List.of());
        for (SourceRecord record : records) {
            try {
                validator.apply(record);
            } catch (InvalidMessageException unanswerable) {
                // The validate-control operator reads the same record and makes it a dead letter.
            }
        }
        return validator.published();
    }

    /** What holds now. */
    public PublishedControl published() {
        return published;
    }

    /** The last published versions, the oldest first. */
    public List<PublishedProfile> history() {
        return history;
    }

    /**
     * Applies one record of the control topic.
     *
     * @return the answer; when it accepts, {@link #published()} has changed
     * @throws InvalidMessageException when the record has no id that could be answered
     */
    public ControlReply apply(SourceRecord record) throws InvalidMessageException {
        ObjectNode envelope = ControlCodec.envelope(record.value());
        String id = envelope.path("id").textValue();
        ControlChange change = null;
        try {
            change = ControlCodec.change(envelope);
            requireNewer(record);
            Outcome outcome = outcome(change, record.position().offset() + 1);
            LiveProfiles next = live.with(outcome.next());
            next.requireConsistent();
            published = outcome.next();
            live = next;
            PublishedProfile profile = outcome.profile();
            if (profile != null) {
                List<PublishedProfile> longer = new ArrayList<>(history);
                longer.add(profile);
                history = tail(longer);
            }
            return new ControlReply(
                    ControlReply.SCHEMA,
                    id,
                    change.action(),
                    change.name(),
                    true,
                    outcome.version(),
                    outcome.hash(),
                    outcome.message(),
                    profile == null ? null : profile.json(),
                    outcome.experiment(),
                    record.position().offset(),
                    Instant.ofEpochMilli(record.timestampMillis()));
        } catch (InvalidMessageException | InvalidProfileException e) {
            return refused(record, id, change, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            // A change that finds a defect of ours must not restart the job for ever.
            throw new InvalidMessageException(
                    Reason.INVALID_FIELD, "the change cannot be applied: " + e);
        }
    }

    private static ControlReply refused(
            SourceRecord record, String id, @Nullable ControlChange change, String message) {
        return new ControlReply(
                ControlReply.SCHEMA,
                id,
                change == null ? null : change.action(),
                change == null ? null : change.name(),
                false,
                null,
                null,
                message,
                null,
                null,
                record.position().offset(),
                Instant.ofEpochMilli(record.timestampMillis()));
    }

    /** Versions grow because offsets of one partition do. */
    private void requireNewer(SourceRecord record) throws InvalidProfileException {
        if (record.position().partition() != 0) {
            throw new InvalidProfileException(
                    "the control topic has several partitions, so changes have no order; it needs exactly one");
        }
        if (record.position().offset() < published.version()) {
            throw new InvalidProfileException(
                    "the change at offset %d comes after one at offset %d: the control topic was made anew; start the job without its state to begin anew too"
                            .formatted(record.position().offset(), published.version() - 1));
        }
    }

    private Outcome outcome(ControlChange change, long version)
            throws InvalidMessageException, InvalidProfileException {
        String name = change.name() == null ? "" : change.name();
        return switch (change.action()) {
            case SET_PROFILE -> setProfile(name, change, version);
            case RESET_PROFILE -> resetProfile(name, version);
            case SET_EXPERIMENT -> setExperiment(name, change.experiment(), version);
            case RESET_EXPERIMENT -> resetExperiment(name, version);
            case RESET_ALL ->
                    new Outcome(
                            new PublishedControl(version, List.of(), List.of()),
                            LiveProfiles.BASE_VERSION,
                            null,
                            "all profiles and experiments are those of presets and profiles.yaml again",
                            null,
                            null);
        };
    }

    private Outcome setProfile(String name, ControlChange change, long version)
            throws InvalidProfileException {
        JsonNode own = change.profile();
        Long again = change.version();
        CatalogEntry entry;
        if (own != null && again == null) {
            if (!(own instanceof ObjectNode fields)) {
                throw new InvalidProfileException("profile: expected an object");
            }
            entry = ProfileCatalog.resolve(name, fields, live::entry);
        } else if (own == null && again != null) {
            entry = remembered(name, again);
        } else {
            throw new InvalidProfileException(
                    "profile: exactly one of profile and version is needed");
        }
        base.models().requireFor(entry, "profile");
        PublishedProfile profile = new PublishedProfile(name, version, entry.hash(), entry.json());
        List<PublishedProfile> profiles = without(name);
        if (profiles.size() >= MAX_PUBLISHED) {
            throw new InvalidProfileException(
                    "%d profiles are published, which is the limit; reset some"
                            .formatted(profiles.size()));
        }
        profiles.add(profile);
        return new Outcome(
                new PublishedControl(version, List.copyOf(profiles), published.experiments()),
                version,
                entry.hash(),
                again == null
                        ? "profile %s is version %d now".formatted(name, version)
                        : "profile %s is version %d now, which says what version %d said"
                                .formatted(name, version, again),
                profile,
                null);
    }

    private CatalogEntry remembered(String name, long version) throws InvalidProfileException {
        for (PublishedProfile each : history) {
            if (each.name().equals(name) && each.version() == version) {
                return ProfileCatalog.published(each.json(), each.hash());
            }
        }
        throw new InvalidProfileException(
                "version: version %d of profile %s is not remembered; remembered are %s"
                        .formatted(
                                version,
                                name,
                                history.stream()
                                        .filter(each -> each.name().equals(name))
                                        .map(each -> Long.toString(each.version()))
                                        .collect(
                                                Collectors.collectingAndThen(
                                                        Collectors.joining(", "),
                                                        all -> all.isEmpty() ? "none" : all))));
    }

    private Outcome resetProfile(String name, long version) throws InvalidProfileException {
        List<PublishedProfile> profiles = without(name);
        if (profiles.size() == published.profiles().size()) {
            throw new InvalidProfileException(
                    "name: profile %s is not published, so there is nothing to reset"
                            .formatted(name));
        }
        CatalogEntry entry = base.find(name);
        return new Outcome(
                new PublishedControl(version, List.copyOf(profiles), published.experiments()),
                LiveProfiles.BASE_VERSION,
                entry == null ? null : entry.hash(),
                entry == null
                        ? "there is no profile %s any more".formatted(name)
                        : "profile %s is that of presets and profiles.yaml again".formatted(name),
                null,
                null);
    }

    private Outcome setExperiment(String name, @Nullable JsonNode own, long version)
            throws InvalidProfileException {
        if (!(own instanceof ObjectNode fields)) {
            throw new InvalidProfileException("experiment: is missing or no object");
        }
        Experiment experiment = ProfileCatalog.experiment(name, fields, "experiment");
        List<PublishedExperiment> experiments = withoutExperiment(name);
        if (experiments.size() >= MAX_PUBLISHED) {
            throw new InvalidProfileException(
                    "%d experiments are published, which is the limit; reset some"
                            .formatted(experiments.size()));
        }
        String json = write(experiment);
        experiments.add(new PublishedExperiment(name, version, json));
        return new Outcome(
                new PublishedControl(version, published.profiles(), List.copyOf(experiments)),
                version,
                null,
                experiment.runs()
                        ? "experiment %s is version %d now".formatted(name, version)
                        : "experiment %s does not run now".formatted(name),
                null,
                json);
    }

    private Outcome resetExperiment(String name, long version) throws InvalidProfileException {
        List<PublishedExperiment> experiments = withoutExperiment(name);
        if (experiments.size() == published.experiments().size()) {
            throw new InvalidProfileException(
                    "name: experiment %s is not published, so there is nothing to reset"
                            .formatted(name));
        }
        return new Outcome(
                new PublishedControl(version, published.profiles(), List.copyOf(experiments)),
                LiveProfiles.BASE_VERSION,
                null,
                base.experiments().containsKey(name)
                        ? "experiment %s is that of profiles.yaml again".formatted(name)
                        : "there is no experiment %s any more".formatted(name),
                null,
                null);
    }

    private List<PublishedProfile> without(String name) {
        return published.profiles().stream()
                .filter(each -> !each.name().equals(name))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private List<PublishedExperiment> withoutExperiment(String name) {
        return published.experiments().stream()
                .filter(each -> !each.name().equals(name))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private List<PublishedProfile> tail(List<PublishedProfile> versions) {
        return List.copyOf(
                versions.subList(Math.max(0, versions.size() - historySize), versions.size()));
    }

    private static String write(Experiment experiment) {
        try {
            return Json.mapper().writeValueAsString(experiment);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an experiment can always be written", e);
        }
    }
}
