package dev.lychee.rerank.operators;

import dev.lychee.rerank.operators.profile.ProfileBinder;
import dev.lychee.rerank.operators.profile.ProfileCatalog;
import dev.lychee.rerank.schemas.CandidateSet;
import dev.lychee.rerank.schemas.InvalidMessageException;
import dev.lychee.rerank.schemas.flow.BoundCandidateSet;
import dev.lychee.rerank.schemas.flow.BoundProfile;
import dev.lychee.rerank.schemas.flow.DecodedSet;
import dev.lychee.rerank.schemas.flow.SourcePosition;
import dev.lychee.rerank.schemas.flow.SourceRecord;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Binds everything a set depends on to it, once: profile, overrides, segment, deadline. No later
 * step looks any of this up again, so no result can be made of two versions.
 *
 * <p><b>State</b>: none.
 *
 * <p><b>Time</b>: none; deadlines become absolute here, from the record's timestamp.
 *
 * <p><b>Failure</b>: an unknown profile, or a threshold beyond its scale, is a dead letter.
 */
public final class BindProfileFunction extends ProcessFunction<DecodedSet, BoundCandidateSet> {

    private static final String STAGE = "bind-profile";

    private final String catalogJson;
    private final String defaultProfile;
    private final DeadlinePolicy deadlinePolicy;
    private transient ProfileBinder binder;
    private transient Counter refused;

    /**
     * Binds profiles of a catalog.
     *
     * @param catalog all profiles the job knows
     * @param defaultProfile profile of sets that name none
     */
    @SuppressWarnings("NullAway.Init") // set in open
    public BindProfileFunction(
            ProfileCatalog catalog, String defaultProfile, DeadlinePolicy deadlinePolicy) {
        this.catalogJson = catalog.toJson();
        this.defaultProfile = defaultProfile;
        this.deadlinePolicy = deadlinePolicy;
    }

    @Override
    public void open(OpenContext context) {
        binder = new ProfileBinder(ProfileCatalog.fromJson(catalogJson), defaultProfile);
        refused = getRuntimeContext().getMetricGroup().counter("numDeadLetters");
    }

    @Override
    public void processElement(
            DecodedSet decoded, Context context, Collector<BoundCandidateSet> out) {
        CandidateSet set = decoded.set();
        SourceRecord source = decoded.source();
        BoundProfile profile;
        try {
            profile = binder.bind(set);
        } catch (InvalidMessageException e) {
            refused.inc();
            context.output(
                    DeadLetters.TAG,
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
                        set.query().text() == null ? "" : set.query().text(),
                        deadlinePolicy.dueMillis(source.timestampMillis(), set.deadlineMs()),
                        0));
    }
}
