package dev.lychee.rerank.operators;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lychee.rerank.operators.assembly.RequestAssembler;
import dev.lychee.rerank.operators.profile.ControlValidator;
import dev.lychee.rerank.operators.profile.LiveProfiles;
import dev.lychee.rerank.operators.profile.ProfileBinder;
import dev.lychee.rerank.operators.profile.ProfileCatalog;
import dev.lychee.rerank.operators.profile.TestingChanges;
import dev.lychee.rerank.schemas.InvalidMessageException;
import dev.lychee.rerank.schemas.Shard;
import dev.lychee.rerank.schemas.flow.BoundCandidateSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A profile is published after one shard of a request was bound and before the next one is. */
class ChangeBetweenShardsTest {

    private static final ProfileCatalog PRESETS = ProfileCatalog.presets();

    @Test
    void theShardsStillBelongTogether() throws Exception {
        BoundCandidateSet earlier = shard(0, "default");
        BoundCandidateSet later =
                rebound(
                        shard(1, "default"),
                        "default",
                        "{\"extends\":\"default\",\"temperature\":2}");

        assertThatCode(() -> RequestAssembler.requireSameRequest(earlier, later))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "default | {\"extends\":\"default\",\"instruction\":\"judge the colour\"}",
                "default | {\"extends\":\"default\",\"aspects\":{\"a\":{\"instruction\":\"Is it?\",\"weight\":1}}}",
                "default | {\"extends\":\"default\",\"models\":{\"other\":1}}",
                "aspects | {\"extends\":\"aspects\",\"temperature\":2}",
            })
    void answersToOtherQuestionsAreNotMixed(String name, String fields) throws Exception {
        BoundCandidateSet earlier = shard(0, name);
        BoundCandidateSet later = rebound(shard(1, name), name, fields);

        assertThatThrownBy(() -> RequestAssembler.requireSameRequest(earlier, later))
                .isInstanceOf(InvalidMessageException.class)
                .hasMessageStartingWith("profile: shard 1 of request \"r\"");
    }

    @Test
    void scoresForTextsThatWereMadeOtherwiseAreNotMixed() throws Exception {
        BoundCandidateSet earlier = shard(0, "default");
        BoundCandidateSet later =
                rebound(
                        shard(1, "default"),
                        "default",
                        "{\"extends\":\"default\",\"text\":{\"clean_query\":true}}");

        assertThatThrownBy(() -> RequestAssembler.requireSameRequest(earlier, later))
                .isInstanceOf(InvalidMessageException.class)
                .hasMessageStartingWith("profile: shard 1 of request \"r\"");
    }

    @Test
    void shardsThatNameDifferentProfilesDoNotBelongTogether() {
        assertThatThrownBy(
                        () ->
                                RequestAssembler.requireSameRequest(
                                        shard(0, "default"), shard(1, "robust")))
                .isInstanceOf(InvalidMessageException.class)
                .hasMessageStartingWith("profile: shard 1 of request \"r\"");
    }

    private static BoundCandidateSet shard(int index, String profile) {
        return TestingSets.envelope(
                TestingSets.set("r", profile, new Shard("r" + index, index, 2), "a" + index),
                index,
                Long.MAX_VALUE,
                1);
    }

    private static BoundCandidateSet rebound(BoundCandidateSet envelope, String name, String fields)
            throws InvalidMessageException {
        LiveProfiles changed =
                LiveProfiles.of(
                        PRESETS,
                        ControlValidator.publishedBy(
                                TestingChanges.topic(List.of(TestingChanges.set(name, fields))),
                                PRESETS,
                                1));
        return new BoundCandidateSet(
                envelope.envelopeId(),
                envelope.source(),
                envelope.sourceTimestampMillis(),
                envelope.traceparent(),
                envelope.contentHash(),
                envelope.set(),
                new ProfileBinder(changed, "default").bind(envelope.set()),
                envelope.query(),
                envelope.deadlineMillis(),
                envelope.taskCount());
    }
}
