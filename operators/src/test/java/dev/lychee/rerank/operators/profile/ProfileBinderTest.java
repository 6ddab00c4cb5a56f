package dev.lychee.rerank.operators.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lychee.rerank.schemas.Assignment;
import dev.lychee.rerank.schemas.Candidate;
import dev.lychee.rerank.schemas.CandidateSet;
import dev.lychee.rerank.schemas.InvalidMessageException;
import dev.lychee.rerank.schemas.Overrides;
import dev.lychee.rerank.schemas.Query;
import dev.lychee.rerank.schemas.SetContext;
import dev.lychee.rerank.schemas.Shard;
import dev.lychee.rerank.schemas.flow.BoundProfile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Experiments and user segments; shares and arms by a hash that never changes. */
class ProfileBinderTest {

    private static final int USERS = 20_000;

    @TempDir private Path folder;

    @Test
    void sharesAreKept() throws Exception {
        Map<String, Long> arms =
                countArms(experiment("A: 0.2, B: 0.5"), user -> context(user, null, null));

        assertThat(arms.get("A") / (double) USERS).isCloseTo(0.2, within(0.01));
        assertThat(arms.get("B") / (double) USERS).isCloseTo(0.5, within(0.01));
        assertThat(arms.get("none") / (double) USERS).isCloseTo(0.3, within(0.01));
    }

    @Test
    void aUserStaysInTheArmWhateverTheRequestIs() throws Exception {
        ProfileBinder binder = experiment("A: 0.5, B: 0.5");

        for (int user = 0; user < 100; user++) {
            SetContext first = context("u" + user, "s1", null);
            SetContext later = context("u" + user, "s2", null);
            assertThat(bind(binder, "r1", null, first).variant())
                    .isEqualTo(bind(binder, "r2", null, later).variant());
        }
    }

    @Test
    void withoutAUserTheSessionCountsAndWithoutBothTheRequest() throws Exception {
        ProfileBinder binder = experiment("A: 0.5, B: 0.5");

        for (int i = 0; i < 100; i++) {
            String user = bind(binder, "any", null, context("x" + i, "y" + i, null)).variant();
            assertThat(bind(binder, "any", null, context(null, "x" + i, null)).variant())
                    .isEqualTo(user);
            assertThat(bind(binder, "x" + i, null, SetContext.EMPTY).variant()).isEqualTo(user);
        }
    }

    /** Frozen: an upgrade must not move users between arms. */
    @Test
    void theAssignmentIsThatOfTheFirstRelease() throws Exception {
        ProfileBinder binder = experiment("A: 0.5, B: 0.5");

        String arms =
                IntStream.range(0, 16)
                        .mapToObj(user -> armOf(binder, context("u" + user, null, null)))
                        .collect(Collectors.joining());

        assertThat(arms).isEqualTo("BAAABAABBBAAABAB");
    }

    @Test
    void growingTheLastShareMovesNobodyFromOneArmToAnother() throws Exception {
        ProfileBinder small = experiment("A: 0.2, B: 0.2");
        ProfileBinder large = experiment("A: 0.2, B: 0.6");

        for (int user = 0; user < 2_000; user++) {
            String before = armOf(small, context("u" + user, null, null));
            String after = armOf(large, context("u" + user, null, null));
            assertThat(before.equals("none") || before.equals(after)).isTrue();
        }
    }

    @Test
    void twoExperimentsAssignIndependently() throws Exception {
        ProfileBinder binder =
                binder(
                        """
                        schema: 1
                        profiles: {}
                        experiments:
                          first: {profile: default, arms: [{name: A, share: 0.5}, {name: B, share: 0.5}]}
                          second: {profile: robust, arms: [{name: A, share: 0.5}, {name: B, share: 0.5}]}
                        """);

        long same =
                IntStream.range(0, USERS)
                        .filter(
                                user -> {
                                    SetContext context = context("u" + user, null, null);
                                    return Objects.equals(
                                            bind(binder, "r", "default", context).variant(),
                                            bind(binder, "r", "robust", context).variant());
                                })
                        .count();

        assertThat(same / (double) USERS).isCloseTo(0.5, within(0.02));
    }

    @Test
    void anArmHasItsOwnProfile() throws Exception {
        ProfileBinder binder = experiment("A: 0.0, B: 1.0");

        BoundProfile bound = bind(binder, "r", null, SetContext.EMPTY);

        assertThat(bound.variant()).isEqualTo("B");
        assertThat(bound.experiment()).isEqualTo("e");
        assertThat(bound.effective().name()).isEqualTo("precise");
        assertThat(bound.hash()).isEqualTo(ProfileCatalog.presets().find("precise").hash());
    }

    @Test
    void anAssignmentSaysWhyASetIsInItsArm() throws Exception {
        ProfileBinder binder = experiment("A: 0.2, B: 0.5");

        for (int i = 0; i < 20; i++) {
            SetContext context = context("u" + i, null, null);
            BoundProfile bound = bind(binder, "r", null, context);
            Assignment assignment = bound.assignment();
            if (assignment == null) {
                assertThat(bound.variant()).isNull();
            } else {
                double place = Assignment.place(assignment.unit());
                assignment.validate();
                assertThat(assignment.shares()).containsExactly(0.2, 0.5);
                assertThat(assignment.arm()).isEqualTo(place < 0.2 ? 0 : 1);
                assertThat(bound.variant()).isEqualTo(place < 0.2 ? "A" : "B");
                assertThat(bind(binder, "other", null, context).assignment()).isEqualTo(assignment);
            }
        }
    }

    @Test
    void theHashOfAnExperimentIsThatOfWhatItSays() throws Exception {
        String hash = hash(experiment("A: 0.5, B: 0.5"));

        assertThat(hash(experiment("A: 0.5, B: 0.5"))).isEqualTo(hash);
        assertThat(hash(experiment("A: 0.5, B: 0.4"))).isNotEqualTo(hash);
        assertThat(hash(experiment("A: 0.5, C: 0.5"))).isNotEqualTo(hash);
    }

    @Test
    void setsOfOtherProfilesTakeNoPart() throws Exception {
        BoundProfile bound = bind(experiment("A: 0.5, B: 0.5"), "r", "robust", SetContext.EMPTY);

        assertThat(bound.variant()).isNull();
        assertThat(bound.experiment()).isNull();
    }

    @Test
    void anExperimentMayBeForSomeSegmentsOnly() throws Exception {
        ProfileBinder binder =
                binder(
                        """
                        schema: 1
                        profiles: {}
                        experiments:
                          e: {profile: default, segments: [free], arms: [{name: A, share: 1}]}
                        """);

        assertThat(armOf(binder, context("u", null, "free"))).isEqualTo("A");
        assertThat(armOf(binder, context("u", null, "paid"))).isEqualTo("none");
        assertThat(armOf(binder, context("u", null, null))).isEqualTo("none");
    }

    @Test
    void anExperimentThatIsNotEnabledAssignsNobody() throws Exception {
        ProfileBinder binder =
                binder(
                        """
                        schema: 1
                        profiles: {}
                        experiments:
                          e: {profile: default, enabled: false, arms: [{name: A, share: 1}]}
                        """);

        assertThat(armOf(binder, SetContext.EMPTY)).isEqualTo("none");
    }

    @Test
    void aSegmentHasItsOwnProfileUnderTheHashOfTheWhole() throws Exception {
        ProfileBinder binder =
                binder(
                        """
                        schema: 1
                        profiles:
                          shop:
                            extends: precise
                            temperature: 2
                            segments:
                              free: {temperature: 3, rank: {top_n: 5}}
                              staff: {rank: {top_n: null}}
                        """);

        BoundProfile others = bind(binder, "r", "shop", context("u", null, "paid"));
        BoundProfile free = bind(binder, "r", "shop", context("u", null, "free"));
        BoundProfile staff = bind(binder, "r", "shop", context("u", null, "staff"));

        assertThat(others.effective().rank().topN()).isEqualTo(1);
        assertThat(free.effective().rank().topN()).isEqualTo(5);
        assertThat(free.effective().temperature()).isEqualTo(3);
        assertThat(free.segment()).isEqualTo("free");
        assertThat(staff.effective().rank().topN()).isNull();
        assertThat(staff.effective().temperature()).isEqualTo(2);
        assertThat(free.hash()).isEqualTo(others.hash());
    }

    @Test
    void namesHowTextsAreMadeOnlyWhereThatIsNotTheDefault() throws Exception {
        ProfileBinder binder =
                binder(
                        """
                        schema: 1
                        profiles:
                          cleaned: {extends: default, text: {clean_query: true}}
                          built: {extends: default, text: {document: {parts: [title]}}}
                          paid: {extends: default, segments: {paid: {text: {clean_query: true}}}}
                        """);
        SetContext paid = context(null, null, "paid");
        String cleaned = bind(binder, "r", "cleaned", SetContext.EMPTY).textHash();

        assertThat(bind(binder, "r", null, SetContext.EMPTY).textHash()).isNull();
        assertThat(cleaned).matches("[0-9a-f]{16}");
        assertThat(bind(binder, "r", "built", SetContext.EMPTY).textHash())
                .matches("[0-9a-f]{16}")
                .isNotEqualTo(cleaned);
        assertThat(bind(binder, "r", "paid", SetContext.EMPTY).textHash()).isNull();
        assertThat(bind(binder, "r", "paid", paid).textHash()).isEqualTo(cleaned);
    }

    private ProfileBinder experiment(String shares) throws Exception {
        String[] arms = shares.split(", |: ");
        return binder(
                """
                schema: 1
                profiles: {}
                experiments:
                  e:
                    profile: default
                    arms: [{name: %s, share: %s}, {name: %s, share: %s, profile: precise}]
                """
                        .formatted((Object[]) arms));
    }

    private ProfileBinder binder(String yaml) throws Exception {
        Path file = Files.writeString(folder.resolve("profiles.yaml"), yaml);
        ProfileCatalog catalog = ProfileCatalog.load(file);
        return new ProfileBinder(ProfileCatalog.fromJson(catalog.toJson()), "default");
    }

    private static Map<String, Long> countArms(
            ProfileBinder binder, Function<String, SetContext> context) {
        return IntStream.range(0, USERS)
                .mapToObj(user -> armOf(binder, context.apply("user-" + user)))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }

    private static String hash(ProfileBinder binder) {
        for (int i = 0; ; i++) {
            Assignment assignment =
                    bind(binder, "r", null, context("u" + i, null, null)).assignment();
            if (assignment != null) {
                return assignment.hash();
            }
        }
    }

    private static String armOf(ProfileBinder binder, SetContext context) {
        return Objects.requireNonNullElse(bind(binder, "r", null, context).variant(), "none");
    }

    private static SetContext context(
            @Nullable String user, @Nullable String session, @Nullable String segment) {
        return new SetContext(user, session, segment, null, null, null);
    }

    private static BoundProfile bind(
            ProfileBinder binder, String requestId, @Nullable String profile, SetContext context) {
        try {
            return binder.bind(
                    new CandidateSet(
                            requestId,
                            null,
                            Query.ofText("q"),
                            List.of(Candidate.ofText("a", "a")),
                            null,
                            profile,
                            null,
                            null,
                            null,
                            context,
                            Overrides.NONE,
                            Shard.WHOLE));
        } catch (InvalidMessageException e) {
            throw new IllegalStateException(e);
        }
    }
}
