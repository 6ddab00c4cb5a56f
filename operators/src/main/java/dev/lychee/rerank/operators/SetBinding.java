package dev.lychee.rerank.operators;

import dev.lychee.rerank.operators.profile.ProfileBinder;
import dev.lychee.rerank.operators.text.QueryCleaner;
import dev.lychee.rerank.schemas.CandidateSet;
import dev.lychee.rerank.schemas.DeadLetter;
import dev.lychee.rerank.schemas.InvalidMessageException;
import dev.lychee.rerank.schemas.Profile;
import dev.lychee.rerank.schemas.flow.BoundCandidateSet;
import dev.lychee.rerank.schemas.flow.BoundProfile;
import dev.lychee.rerank.schemas.flow.DecodedSet;
import dev.lychee.rerank.schemas.flow.SourcePosition;
import dev.lychee.rerank.schemas.flow.SourceRecord;
import java.util.function.Consumer;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.util.Collector;

/** Makes the envelope of a set: what both functions that bind profiles do with each of them. */
final class SetBinding {

    private static final String STAGE = "bind-profile";

    private final DeadlinePolicy deadlinePolicy;
    private final Counter refused;
    private final QueryCleaner cleaner;
    private ProfileBinder binder;

    SetBinding(
            DeadlinePolicy deadlinePolicy,
            MetricGroup metrics,
            QueryCleaner cleaner,
            ProfileBinder binder) {
        this.cleaner = cleaner;
        this.deadlinePolicy = deadlinePolicy;
        this.refused = metrics.counter("numDeadLetters");
        this.binder = binder;
    }

    void replace(ProfileBinder newer) {
        binder = newer;
    }

    void bind(
            DecodedSet decoded,
            Collector<BoundCandidateSet> out,
            Consumer<DeadLetter> deadLetters) {
        CandidateSet set = decoded.set();
        SourceRecord source = decoded.source();
        BoundProfile profile;
        try {
            profile = binder.bind(set);
        } catch (InvalidMessageException e) {
            refused.inc();
            deadLetters.accept(
                    DeadLetters.of(
                            STAGE,
                            e,
                            set.requestId(),
                            source.position(),
                            source.timestampMillis(),
                            source.value(),
                            decoded.contentHash()));
            return;
        }
        SourcePosition position = source.position();
        out.collect(
                new BoundCandidateSet(
                        position.topic() + "-" + position.partition() + "-" + position.offset(),
                        position,
                        source.timestampMillis(),
                        source.traceparent(),
                        decoded.contentHash(),
                        set,
                        profile,
                        query(set, profile.effective()),
                        deadlinePolicy.dueMillis(source.timestampMillis(), set.deadlineMs()),
                        0));
    }

    private String query(CandidateSet set, Profile profile) {
        String text = set.query().text();
        if (text == null) {
            return "";
        }
        return profile.texts().cleanQuery() ? cleaner.clean(text, set.context().locale()) : text;
    }
}
