package dev.lychee.rerank.operators.profile;

import dev.lychee.rerank.operators.profile.LiveProfiles.VersionedProfile;
import dev.lychee.rerank.operators.text.TextHash;
import dev.lychee.rerank.schemas.Assignment;
import dev.lychee.rerank.schemas.CandidateSet;
import dev.lychee.rerank.schemas.Experiment;
import dev.lychee.rerank.schemas.InvalidMessageException;
import dev.lychee.rerank.schemas.Overrides;
import dev.lychee.rerank.schemas.Profile;
import dev.lychee.rerank.schemas.Profile.Adjust;
import dev.lychee.rerank.schemas.Profile.Signals;
import dev.lychee.rerank.schemas.Reason;
import dev.lychee.rerank.schemas.SetContext;
import dev.lychee.rerank.schemas.Sha256;
import dev.lychee.rerank.schemas.ThresholdSpec;
import dev.lychee.rerank.schemas.flow.BoundProfile;
import dev.lychee.rerank.schemas.flow.PublishedControl;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds a set's profile, or the one of its arm in an experiment, as its user segment has it, and
 * applies the set's own wishes to it.
 */
public final class ProfileBinder {

    private final LiveProfiles profiles;
    private final String defaultProfile;
    private final Map<Profile.Text, String> textHashes = new HashMap<>();
    private final Map<String, String> experimentHashes = new HashMap<>();

    /**
     * A binder over what is published.
     *
     * @param defaultProfile name of the profile of sets that name none
     */
    public ProfileBinder(LiveProfiles profiles, String defaultProfile) {
        this.profiles = profiles;
        this.defaultProfile = defaultProfile;
    }

    /**
     * A binder over a catalog that never changes.
     *
     * @param defaultProfile name of the profile of sets that name none; must be in the catalog
     */
    public ProfileBinder(ProfileCatalog catalog, String defaultProfile) {
        this(LiveProfiles.of(catalog, PublishedControl.NONE), defaultProfile);
    }

    /**
     * The profile of one set.
     *
     * @throws InvalidMessageException when the set names an unknown profile, asks for a score
     *     threshold beyond the profile's scale, or for weights of signals that cannot be
     */
    public BoundProfile bind(CandidateSet set) throws InvalidMessageException {
        String asked = set.profile() == null ? defaultProfile : set.profile();
        String segment = set.context().userSegment();
        Experiment experiment = profiles.experimentOn(asked);
        String unit = experiment == null ? null : unit(experiment, set);
        Experiment.Arm arm =
                experiment == null || unit == null ? null : arm(experiment, Assignment.place(unit));
        String name = experiment == null || arm == null ? asked : experiment.profileOf(arm);
        VersionedProfile found = profiles.find(name);
        if (found == null) {
            throw new InvalidMessageException(
                    Reason.UNKNOWN_PROFILE,
                    "profile: there is no \"%s\"; known are %s"
                            .formatted(name, String.join(", ", profiles.names())));
        }
        Profile profile = found.entry().forSegment(segment);
        return new BoundProfile(
                effective(profile, set),
                found.version(),
                found.entry().hash(),
                arm == null ? null : arm.name(),
                experiment == null || arm == null ? null : experiment.name(),
                segment,
                textHash(profile),
                experiment == null || unit == null || arm == null
                        ? null
                        : assignment(experiment, arm, unit));
    }

    private @Nullable String textHash(Profile profile) {
        Profile.Text text = profile.text();
        return text == null
                ? null
                : textHashes.computeIfAbsent(
                        text, each -> TextHash.of(each, profiles.dictionaries()));
    }

    /** Who is assigned, as a salted hash; null for those who take no part. */
    private static @Nullable String unit(Experiment experiment, CandidateSet set) {
        SetContext context = set.context();
        if (!experiment.segments().isEmpty()
                && !experiment.segments().contains(context.userSegment())) {
            return null;
        }
        String salt = experiment.salt() == null ? experiment.name() : experiment.salt();
        String unit =
                context.userId() != null
                        ? context.userId()
                        : context.sessionId() != null ? context.sessionId() : set.requestId();
        return Sha256.hex(salt + "\n" + unit, Assignment.UNIT_DIGITS);
    }

    /** Where a place in [0, 1) falls among the shares; null for what they leave. */
    private static Experiment.@Nullable Arm arm(Experiment experiment, double place) {
        double end = 0;
        for (Experiment.Arm arm : experiment.arms()) {
            end += arm.share();
            if (place < end) {
                return arm;
            }
        }
        return null;
    }

    private Assignment assignment(Experiment experiment, Experiment.Arm arm, String unit) {
        return new Assignment(
                experimentHashes.computeIfAbsent(experiment.name(), name -> experiment.hash()),
                experiment.arms().indexOf(arm),
                experiment.arms().stream().map(Experiment.Arm::share).toList(),
                unit);
    }

    private static Profile effective(Profile profile, CandidateSet set)
            throws InvalidMessageException {
        Overrides overrides = set.overrides();
        Integer topN = set.topN() == null ? profile.rank().topN() : set.topN();
        return new Profile(
                profile.name(),
                set.instruction() == null ? profile.instruction() : set.instruction(),
                overrides.temperature() == null ? profile.temperature() : overrides.temperature(),
                profile.normalize(),
                profile.calibrate(),
                adjust(profile, overrides),
                threshold(profile, overrides.threshold(), set.scoreThreshold()),
                new Profile.Rank(topN, profile.rank().ties(), profile.rank().scale()),
                profile.text(),
                // A set with a question of its own is asked that one alone.
                set.instruction() == null ? profile.aspects() : Map.of(),
                profile.models());
    }

    private static Adjust adjust(Profile profile, Overrides overrides)
            throws InvalidMessageException {
        Adjust adjust = profile.adjust();
        return new Adjust(
                adjust.base(),
                overrides.weights().isEmpty()
                        ? adjust.signals()
                        : weighted(profile, overrides.weights()),
                overrides.inStockFirst() == null ? adjust.inStockFirst() : overrides.inStockFirst(),
                overrides.priceRange().isEmpty() ? adjust.priceRange() : overrides.priceRange(),
                adjust.steps(),
                Boolean.FALSE.equals(overrides.rules()) ? List.of() : adjust.rules());
    }

    /** A profile without weights is relevance alone; a set's weights join it. */
    private static Signals weighted(Profile profile, Map<String, Double> wished)
            throws InvalidMessageException {
        Signals signals = Objects.requireNonNullElse(profile.adjust().signals(), Signals.DEFAULTS);
        Map<String, Double> weights =
                new TreeMap<>(
                        signals.weights().isEmpty()
                                ? Map.of("semantic_relevance", 1.0)
                                : signals.weights());
        weights.putAll(wished);
        if (weights.values().stream().noneMatch(weight -> weight > 0)) {
            throw new InvalidMessageException(
                    Reason.INVALID_FIELD,
                    "overrides.weights: with them all weights of profile %s are 0; leave one above 0"
                            .formatted(profile.name()));
        }
        return signals.withWeights(weights);
    }

    private static ThresholdSpec threshold(
            Profile profile, @Nullable ThresholdSpec wished, @Nullable Double scoreThreshold)
            throws InvalidMessageException {
        ThresholdSpec base = profile.threshold();
        ThresholdSpec spec = wished == null ? base : base.overriddenBy(wished);
        if (scoreThreshold == null) {
            return spec;
        }
        double scale = profile.rank().scale();
        if (scoreThreshold > scale) {
            throw new InvalidMessageException(
                    Reason.INVALID_FIELD,
                    "score_threshold: %s is beyond the scale of profile %s, which ends at %.0f"
                            .formatted(scoreThreshold, profile.name(), scale));
        }
        return spec.fixedAt(scoreThreshold / scale);
    }
}
