package dev.lychee.rerank.operators;

import dev.lychee.rerank.operators.profile.ControlValidator;
import dev.lychee.rerank.operators.profile.LiveProfiles;
import dev.lychee.rerank.operators.profile.ProfileBinder;
import dev.lychee.rerank.operators.profile.ProfileCatalog;
import dev.lychee.rerank.operators.text.QueryCleaner;
import dev.lychee.rerank.schemas.flow.BoundCandidateSet;
import dev.lychee.rerank.schemas.flow.DecodedSet;
import dev.lychee.rerank.schemas.flow.PublishedControl;
import dev.lychee.rerank.schemas.flow.SourceRecord;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.co.BroadcastProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Binds everything a set depends on to it, once: profile, arm of an experiment, overrides, segment,
 * deadline. No later step looks any of this up again, so no result can be made of two versions.
 *
 * <p><b>State</b>: broadcast {@code published-control}, all that is published, under one key; for
 * ever, replaced as a whole by each accepted change. A job that starts without it reads the control
 * topic to its end before its first set; the changes that then come again through the stream are
 * not newer, and change nothing.
 *
 * <p><b>Time</b>: none; deadlines become absolute here, from the record's timestamp.
 *
 * <p><b>Failure</b>: an unknown profile, or a threshold beyond its scale, is a dead letter. A
 * control topic that cannot be read fails the start.
 */
public final class BindProfileFunction
        extends BroadcastProcessFunction<DecodedSet, PublishedControl, BoundCandidateSet>
        implements CheckpointedFunction {

    /** What is published, under the one key {@link #KEY}. */
    public static final MapStateDescriptor<String, PublishedControl> PUBLISHED =
            new MapStateDescriptor<>(
                    "published-control", Types.STRING, TypeInformation.of(PublishedControl.class));

    static final String KEY = "published";

    private final String catalogJson;
    private final String defaultProfile;
    private final DeadlinePolicy deadlinePolicy;
    private final TopicAtStart controlTopic;
    private final int historySize;
    private transient PublishedControl published;
    private transient LiveProfiles profiles;
    private transient QueryCleaner cleaner;
    private transient SetBinding binding;

    /**
     * Binds profiles of a catalog, and those that are published instead.
     *
     * @param catalog all profiles the job knows when it starts
     * @param defaultProfile profile of sets that name none
     * @param controlTopic read by a job that starts without state
     * @param historySize as {@link ValidateControlFunction} has it, so that both read the same
     */
    @SuppressWarnings("NullAway.Init") // set in initializeState and open
    public BindProfileFunction(
            ProfileCatalog catalog,
            String defaultProfile,
            DeadlinePolicy deadlinePolicy,
            TopicAtStart controlTopic,
            int historySize) {
        this.catalogJson = catalog.toJson();
        this.defaultProfile = defaultProfile;
        this.deadlinePolicy = deadlinePolicy;
        this.controlTopic = controlTopic;
        this.historySize = historySize;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        ProfileCatalog catalog = ProfileCatalog.fromJson(catalogJson);
        BroadcastState<String, PublishedControl> state =
                context.getOperatorStateStore().getBroadcastState(PUBLISHED);
        PublishedControl restored = state.get(KEY);
        if (restored == null) {
            // Also true for savepoints of the time before there was a control topic.
            List<SourceRecord> changes = new ArrayList<>();
            controlTopic.readToEnd(changes::add);
            restored = ControlValidator.publishedBy(changes, catalog, historySize);
            state.put(KEY, restored);
        }
        published = restored;
        cleaner = new QueryCleaner(catalog.dictionaries());
        profiles = LiveProfiles.of(catalog, restored);
    }

    @Override
    @SuppressWarnings("NullAway.Init") // Flink calls initializeState before
    public void open(OpenContext context) {
        binding =
                new SetBinding(
                        deadlinePolicy, getRuntimeContext().getMetricGroup(), cleaner, binder());
        getRuntimeContext().getMetricGroup().gauge("publishedVersion", () -> published.version());
    }

    @Override
    public void processElement(
            DecodedSet decoded, ReadOnlyContext context, Collector<BoundCandidateSet> out) {
        binding.bind(decoded, out, letter -> context.output(DeadLetters.TAG, letter));
    }

    @Override
    public void processBroadcastElement(
            PublishedControl next, Context context, Collector<BoundCandidateSet> out)
            throws Exception {
        if (next.version() > published.version()) {
            published = next;
            profiles = profiles.with(next);
            context.getBroadcastState(PUBLISHED).put(KEY, next);
            binding.replace(binder());
        }
    }

    /** Broadcast state is snapshot by Flink itself. */
    @Override
    public void snapshotState(FunctionSnapshotContext context) {}

    private ProfileBinder binder() {
        return new ProfileBinder(profiles, defaultProfile);
    }
}
