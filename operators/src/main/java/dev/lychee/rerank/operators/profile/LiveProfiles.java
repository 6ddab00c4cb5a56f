package dev.lychee.rerank.operators.profile;

import dev.lychee.rerank.operators.profile.ProfileCatalog.CatalogEntry;
import dev.lychee.rerank.operators.text.TextDictionaries;
import dev.lychee.rerank.schemas.Experiment;
import dev.lychee.rerank.schemas.Json;
import dev.lychee.rerank.schemas.flow.PublishedControl;
import dev.lychee.rerank.schemas.flow.PublishedExperiment;
import dev.lychee.rerank.schemas.flow.PublishedProfile;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The profiles and experiments that hold at one moment: those of the catalog, and instead of them
 * what was published through the control topic. Immutable.
 */
public final class LiveProfiles {

    /** Version of presets and of profiles and experiments of the file. */
    public static final long BASE_VERSION = 0;

    private final ProfileCatalog base;
    private final Map<String, VersionedProfile> published = new LinkedHashMap<>();
    private final Map<String, Experiment> experiments;
    private final Map<String, Experiment> byProfile = new LinkedHashMap<>();

    /**
     * A profile and the version under which it was published.
     *
     * @param entry the profile
     * @param version {@link #BASE_VERSION} for presets and {@code profiles.yaml}
     */
    public record VersionedProfile(CatalogEntry entry, long version) {}

    private LiveProfiles(
            ProfileCatalog base, PublishedControl control, Map<String, VersionedProfile> known) {
        this.base = base;
        for (PublishedProfile each : control.profiles()) {
            VersionedProfile before = known.get(each.name());
            published.put(
                    each.name(),
                    before != null && before.version() == each.version()
                            ? before
                            : new VersionedProfile(
                                    ProfileCatalog.published(each.json(), each.hash()),
                                    each.version()));
        }
        experiments = new LinkedHashMap<>(base.experiments());
        for (PublishedExperiment each : control.experiments()) {
            experiments.put(each.name(), experiment(each));
        }
        for (Experiment experiment : experiments.values()) {
            if (experiment.runs()) {
                byProfile.putIfAbsent(experiment.profile(), experiment);
            }
        }
    }

    /** What holds when this is published over that catalog. */
    public static LiveProfiles of(ProfileCatalog base, PublishedControl control) {
        return new LiveProfiles(base, control, Map.of());
    }

    /** What holds when this is published instead; profiles that stay are not read again. */
    public LiveProfiles with(PublishedControl next) {
        return new LiveProfiles(base, next, published);
    }

    /** The profile of that name, or null. */
    public @Nullable VersionedProfile find(String name) {
        VersionedProfile live = published.get(name);
        if (live != null) {
            return live;
        }
        CatalogEntry entry = base.find(name);
        return entry == null ? null : new VersionedProfile(entry, BASE_VERSION);
    }

    /** What queries are cleaned by. */
    TextDictionaries dictionaries() {
        return base.dictionaries();
    }

    /** The running experiment on the sets of a profile, or null. */
    public @Nullable Experiment experimentOn(String profile) {
        return byProfile.get(profile);
    }

    /** The experiment of that name, running or not; or null. */
    public @Nullable Experiment experiment(String name) {
        return experiments.get(name);
    }

    /** Names of all profiles. */
    public Collection<String> names() {
        Set<String> names = new LinkedHashSet<>(base.names());
        names.addAll(published.keySet());
        return names;
    }

    /**
     * Checks experiments against each other and the profiles they name.
     *
     * @throws InvalidProfileException when a profile is missing, or has two experiments
     */
    void requireConsistent() throws InvalidProfileException {
        ProfileCatalog.requireConsistent(experiments.values(), this::entry);
    }

    @Nullable CatalogEntry entry(String name) {
        VersionedProfile found = find(name);
        return found == null ? null : found.entry();
    }

    private static Experiment experiment(PublishedExperiment published) {
        try {
            return Json.mapper().readValue(published.json(), Experiment.class);
        } catch (IOException e) {
            throw new IllegalArgumentException("not an experiment that was published", e);
        }
    }
}
