package dev.lychee.rerank.operators.profile;

import static dev.lychee.rerank.operators.profile.TestingChanges.again;
import static dev.lychee.rerank.operators.profile.TestingChanges.experiment;
import static dev.lychee.rerank.operators.profile.TestingChanges.record;
import static dev.lychee.rerank.operators.profile.TestingChanges.reset;
import static dev.lychee.rerank.operators.profile.TestingChanges.resetAll;
import static dev.lychee.rerank.operators.profile.TestingChanges.resetExperiment;
import static dev.lychee.rerank.operators.profile.TestingChanges.set;
import static dev.lychee.rerank.operators.profile.TestingChanges.topic;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lychee.rerank.schemas.ControlReply;
import dev.lychee.rerank.schemas.InvalidMessageException;
import dev.lychee.rerank.schemas.Profile;
import dev.lychee.rerank.schemas.Reason;
import dev.lychee.rerank.schemas.flow.PublishedControl;
import dev.lychee.rerank.schemas.flow.PublishedProfile;
import dev.lychee.rerank.schemas.flow.SourcePosition;
import dev.lychee.rerank.schemas.flow.SourceRecord;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControlValidatorTest {

    private static final ProfileCatalog PRESETS = ProfileCatalog.presets();
    private static final int HISTORY = 3;

    private final ControlValidator validator = validator();
    private long offset;

    @Test
    void publishesAProfileMergedWithWhatItExtends() throws Exception {
        ControlReply reply =
                apply(set("my-shop", "{\"extends\":\"production\",\"temperature\":2}"));

        assertThat(reply.accepted()).isTrue();
        assertThat(reply.id()).isEqualTo("set my-shop");
        assertThat(reply.version()).isEqualTo(1);
        assertThat(reply.message()).isEqualTo("profile my-shop is version 1 now");
        assertThat(reply.profile()).contains("\"temperature\":2.0", "\"strategy\":\"z-score\"");
        Profile profile = find("my-shop").entry().profile();
        assertThat(profile.temperature()).isEqualTo(2);
        assertThat(profile.normalize().strategy()).isEqualTo("z-score");
        assertThat(find("my-shop").entry().hash()).isEqualTo(reply.hash());
    }

    @Test
    void saysTheSameHashAsTheSameProfileInAFile() throws Exception {
        ControlReply reply = apply(set("default", "{\"extends\":\"default\"}"));

        assertThat(reply.hash()).isEqualTo(PRESETS.find("default").hash());
    }

    @Test
    void aProfileMayStartFromWhatHoldsUnderItsOwnName() throws Exception {
        apply(set("default", "{\"extends\":\"default\",\"temperature\":2}"));
        apply(set("default", "{\"extends\":\"default\",\"rank\":{\"top_n\":3}}"));

        Profile profile = find("default").entry().profile();
        assertThat(profile.temperature()).isEqualTo(2);
        assertThat(profile.rank().topN()).isEqualTo(3);
    }

    @Test
    void whatExtendsAProfileStaysWhenThatOneChanges() throws Exception {
        apply(set("parent", "{\"extends\":\"default\",\"temperature\":2}"));
        apply(set("child", "{\"extends\":\"parent\"}"));
        String before = find("child").entry().hash();

        apply(set("parent", "{\"extends\":\"default\",\"temperature\":3}"));

        assertThat(find("child").entry().hash()).isEqualTo(before);
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"action\":\"set-profile\",\"name\":\"p\",\"profile\":{\"extends\":\"q\"}} | profile.extends: there is no profile named q",
                "{\"action\":\"set-profile\",\"name\":\"p\",\"profile\":{\"extends\":\"default\",\"temperature\":0}} | profile.temperature: \"0.0\" is not allowed",
                "{\"action\":\"set-profile\",\"name\":\"p\",\"profile\":{\"extends\":\"default\",\"weigths\":{}}} | profile: unknown key weigths",
                "{\"action\":\"set-profile\",\"name\":\"p\",\"profile\":{\"temperature\":1}} | profile.normalize: is missing",
                "{\"action\":\"set-profile\",\"name\":\"p\",\"profile\":{\"extends\":\"default\",\"text\":{\"document\":{\"parts\":[\"name\"]}}}} | profile.text.document.parts: \"name\" is not allowed",
                "{\"action\":\"set-profile\",\"name\":\"p\",\"profile\":7} | profile: expected an object",
                "{\"action\":\"set-profile\",\"name\":\"p\"} | exactly one of profile and version is needed",
                "{\"action\":\"set-profile\",\"profile\":{}} | name: is missing",
                "{\"action\":\"set-profile\",\"name\":\"p\",\"version\":9} | version: version 9 of profile p is not remembered; remembered are none",
                "{\"action\":\"reset-profile\",\"name\":\"p\"} | name: profile p is not published",
                "{\"action\":\"drop-profile\",\"name\":\"p\"} | action: \"drop-profile\" is not allowed; expected one of set-profile",
                "{\"name\":\"p\"} | action: is missing",
                "{\"action\":\"set-profile\",\"name\":[],\"profile\":{}} | name: ",
                "{\"action\":\"set-experiment\",\"name\":\"e\"} | experiment: is missing or no object",
                "{\"action\":\"set-experiment\",\"name\":\"e\",\"experiment\":{\"profile\":\"default\",\"arms\":[]}} | experiment.arms (their number)",
                "{\"action\":\"set-experiment\",\"name\":\"e\",\"experiment\":{\"profile\":\"default\",\"arms\":[{\"name\":\"A\"}]}} | experiment: Missing required creator property 'share'",
                "{\"action\":\"set-experiment\",\"name\":\"e\",\"experiment\":{\"profile\":\"default\",\"arms\":[{\"name\":\"A\",\"share\":0.6},{\"name\":\"B\",\"share\":0.6}]}} | experiment.arms: \"1.2\" is not allowed",
                "{\"action\":\"set-experiment\",\"name\":\"e\",\"experiment\":{\"profile\":\"default\",\"arms\":[{\"name\":\"A\",\"share\":0.6},{\"name\":\"A\",\"share\":0.1}]}} | experiment.arms[1].name",
                "{\"action\":\"set-experiment\",\"name\":\"e\",\"experiment\":{\"profile\":\"default\",\"arms\":[{\"name\":\"A\",\"share\":1,\"profile\":\"q\"}]}} | experiments.e: arm A: there is no profile named q",
                "{\"action\":\"set-experiment\",\"name\":\"e\",\"experiment\":{\"profile\":\"q\",\"arms\":[{\"name\":\"A\",\"share\":1}]}} | experiments.e.profile: there is no profile named q",
                "{\"action\":\"reset-experiment\",\"name\":\"e\"} | name: experiment e is not published",
            })
    void refusesWithTheReasonAndChangesNothing(String change, String reason) throws Exception {
        apply(set("kept", "{\"extends\":\"default\"}"));
        PublishedControl before = validator.published();

        ControlReply reply = apply(change.replaceFirst("\\{", "{\"id\":\"c-7\","));

        assertThat(reply.accepted()).isFalse();
        assertThat(reply.id()).isEqualTo("c-7");
        assertThat(reply.message()).contains(reason);
        assertThat(reply.version()).isNull();
        assertThat(validator.published()).isSameAs(before);
        assertThat(validator.history()).hasSize(1);
    }

    @Test
    void refusesAspectsAndModelsThatTheJobsModelsCannotGive() throws Exception {
        LoadedModels deaf = new LoadedModels(List.of(new LoadedModels.Model("deaf", false, 0)));
        ControlValidator ofTheJob =
                new ControlValidator(
                        PRESETS.forModels(deaf, "default"),
                        HISTORY,
                        PublishedControl.NONE,
                        List.of());

        ControlReply aspects = ofTheJob.apply(record(0, set("p", "{\"extends\":\"aspects\"}")));
        ControlReply models =
                ofTheJob.apply(
                        record(1, set("p", "{\"extends\":\"default\",\"models\":{\"m\":1}}")));
        ControlReply loaded =
                ofTheJob.apply(
                        record(2, set("p", "{\"extends\":\"default\",\"models\":{\"deaf\":1}}")));

        assertThat(aspects.accepted()).isFalse();
        assertThat(aspects.message())
                .startsWith("profile.aspects: model deaf reads no instruction");
        assertThat(models.accepted()).isFalse();
        assertThat(models.message()).startsWith("profile.models: the job loads no model named m");
        assertThat(loaded.accepted()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "not json | MALFORMED_JSON",
                "[] | MALFORMED_JSON",
                "{} | MISSING_FIELD",
                "{\"id\":7,\"action\":\"reset-all\"} | MISSING_FIELD",
                "{\"id\":\" \",\"action\":\"reset-all\"} | MISSING_FIELD",
            })
    void whoeverCannotBeAnsweredIsToldNothing(String garbage, Reason reason) {
        assertThatThrownBy(() -> apply(garbage))
                .isInstanceOfSatisfying(
                        InvalidMessageException.class,
                        e -> assertThat(e.reason()).isEqualTo(reason));
        assertThat(validator.published()).isEqualTo(PublishedControl.NONE);
    }

    @Test
    void aResetProfileIsThatOfTheFileAgain() throws Exception {
        apply(set("robust", "{\"extends\":\"default\"}"));

        ControlReply reply = apply(reset("robust"));

        assertThat(reply.version()).isZero();
        assertThat(reply.hash()).isEqualTo(PRESETS.find("robust").hash());
        assertThat(find("robust").version()).isZero();
    }

    @Test
    void aResetProfileThatNoFileHasIsGone() throws Exception {
        apply(set("my-shop", "{\"extends\":\"default\"}"));

        ControlReply reply = apply(reset("my-shop"));

        assertThat(reply.accepted()).isTrue();
        assertThat(reply.message()).isEqualTo("there is no profile my-shop any more");
        assertThat(live().find("my-shop")).isNull();
    }

    @Test
    void aProfileInAnExperimentCannotGo() throws Exception {
        apply(set("my-shop", "{\"extends\":\"default\"}"));
        apply(experiment("e", "default", "my-shop"));

        assertThat(apply(reset("my-shop")).message())
                .isEqualTo("experiments.e: arm B: there is no profile named my-shop");
        apply(resetExperiment("e"));
        assertThat(apply(reset("my-shop")).accepted()).isTrue();
    }

    @Test
    void aProfileHasOneExperimentAtATime() throws Exception {
        apply(experiment("first", "default", "robust"));

        ControlReply reply = apply(experiment("second", "default", "precise"));

        assertThat(reply.accepted()).isFalse();
        assertThat(reply.message())
                .isEqualTo(
                        "experiments.second: profile default is in experiment first already; end that one first (enabled: false)");
    }

    @Test
    void resetAllTakesEverythingBack() throws Exception {
        apply(set("my-shop", "{\"extends\":\"default\"}"));
        apply(experiment("e", "default", "my-shop"));

        assertThat(apply(resetAll()).accepted()).isTrue();

        assertThat(validator.published().profiles()).isEmpty();
        assertThat(live().experimentOn("default")).isNull();
    }

    @Test
    void aVersionThatIsRememberedCanBePublishedAgain() throws Exception {
        String first = apply(set("p", "{\"extends\":\"default\",\"temperature\":2}")).hash();
        apply(set("p", "{\"extends\":\"default\",\"temperature\":3}"));

        ControlReply reply = apply(again("p", 1));

        assertThat(reply.version()).isEqualTo(3);
        assertThat(reply.hash()).isEqualTo(first);
        assertThat(find("p").entry().profile().temperature()).isEqualTo(2);
    }

    @Test
    void onlyTheLastVersionsAreRemembered() throws Exception {
        for (int temperature = 1; temperature <= HISTORY + 2; temperature++) {
            apply(set("p", "{\"extends\":\"default\",\"temperature\":%d}".formatted(temperature)));
        }

        assertThat(validator.history())
                .extracting(PublishedProfile::version)
                .containsExactly(3L, 4L, 5L);
        assertThat(apply(again("p", 2)).message()).endsWith("remembered are 3, 4, 5");
    }

    @Test
    void aTopicThatWasMadeAnewIsNoticed() throws Exception {
        validator.apply(record(7, set("p", "{\"extends\":\"default\"}")));

        ControlReply reply = validator.apply(record(0, reset("p")));

        assertThat(reply.accepted()).isFalse();
        assertThat(reply.message()).contains("the control topic was made anew");
    }

    @Test
    void changesOfASecondPartitionAreRefused() throws Exception {
        SourceRecord first = record(0, set("p", "{\"extends\":\"default\"}"));

        ControlReply reply =
                validator.apply(
                        new SourceRecord(
                                new SourcePosition("control", 1, 0), 0, null, first.value()));

        assertThat(reply.message()).contains("several partitions");
    }

    /**
     * A fresh job reads the topic up to some moment, then the same changes again as a stream that
     * was interrupted and restored anywhere: all agree on everything that is published.
     */
    @Property(tries = 300)
    void whoeverReadsTheTopicFindsTheSame(
            @ForAll("changes") List<String> changes,
            @ForAll @IntRange(max = 30) int loadedAt,
            @ForAll @IntRange(max = 30) int restoredAt)
            throws InvalidMessageException {
        List<SourceRecord> topic = topic(changes);
        int loaded = Math.min(loadedAt, topic.size());

        PublishedControl byLoader =
                ControlValidator.publishedBy(topic.subList(0, loaded), PRESETS, HISTORY);

        ControlValidator stream = validator();
        List<PublishedControl> emitted = new ArrayList<>();
        emitted.add(stream.published());
        for (int i = 0; i < topic.size(); i++) {
            if (i == restoredAt) {
                stream =
                        new ControlValidator(
                                ProfileCatalog.fromJson(PRESETS.toJson()),
                                HISTORY,
                                stream.published(),
                                stream.history());
            }
            if (i == loaded) {
                assertThat(byLoader).isEqualTo(stream.published());
            }
            ControlReply reply = stream.apply(topic.get(i));
            if (reply.accepted()) {
                assertThat(stream.published().version())
                        .isEqualTo(i + 1)
                        .isGreaterThan(emitted.get(emitted.size() - 1).version());
                emitted.add(stream.published());
            }
        }
        assertThat(ControlValidator.publishedBy(topic, PRESETS, HISTORY))
                .isEqualTo(stream.published());
        // What bind-profiles makes of it: the loaded state, then only what is newer.
        PublishedControl bound = byLoader;
        for (PublishedControl next : emitted) {
            bound = next.version() > bound.version() ? next : bound;
        }
        assertThat(bound).isEqualTo(stream.published());
    }

    @Provide
    Arbitrary<List<String>> changes() {
        Arbitrary<String> names = Arbitraries.of("default", "robust", "p", "q");
        Arbitrary<String> sets =
                names.flatMap(
                        name ->
                                names.flatMap(
                                        parent ->
                                                Arbitraries.integers()
                                                        .between(0, 5)
                                                        .map(
                                                                t ->
                                                                        set(
                                                                                name,
                                                                                "{\"extends\":\"%s\",\"temperature\":%d}"
                                                                                        .formatted(
                                                                                                parent,
                                                                                                t)))));
        return Arbitraries.oneOf(
                        sets,
                        names.map(TestingChanges::reset),
                        names.flatMap(
                                name ->
                                        Arbitraries.longs()
                                                .between(1, 10)
                                                .map(version -> again(name, version))),
                        names.map(name -> experiment("e-" + name, name, "p")),
                        names.map(name -> resetExperiment("e-" + name)),
                        Arbitraries.just(resetAll()))
                .list()
                .ofMaxSize(30);
    }

    private static ControlValidator validator() {
        return new ControlValidator(PRESETS, HISTORY, PublishedControl.NONE, List.of());
    }

    private ControlReply apply(String change) throws InvalidMessageException {
        return validator.apply(record(offset++, change));
    }

    private LiveProfiles live() {
        return LiveProfiles.of(PRESETS, validator.published());
    }

    private LiveProfiles.VersionedProfile find(String name) {
        return live().find(name);
    }
}
