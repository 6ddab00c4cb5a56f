package dev.lychee.rerank.operators;

import dev.lychee.rerank.operators.profile.ControlValidator;
import dev.lychee.rerank.operators.profile.ProfileCatalog;
import dev.lychee.rerank.schemas.ControlReply;
import dev.lychee.rerank.schemas.InvalidMessageException;
import dev.lychee.rerank.schemas.flow.PublishedControl;
import dev.lychee.rerank.schemas.flow.PublishedProfile;
import dev.lychee.rerank.schemas.flow.SourceRecord;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Checks each change of the control topic, gives it a version, answers it, and emits all that is
 * published then. It runs with a parallelism of one: changes have an order.
 *
 * <p><b>State</b>: {@code published}, what holds now, and {@code history}, the last published
 * versions; both for the whole job, for ever, bounded in size.
 *
 * <p><b>Time</b>: none.
 *
 * <p><b>Failure</b>: a change that is wrong is answered with the reason and changes nothing. A
 * record that is no change, so that nobody can be answered, is a dead letter.
 */
public final class ValidateControlFunction extends ProcessFunction<SourceRecord, PublishedControl>
        implements CheckpointedFunction {

    /** The side output for answers. */
    public static final OutputTag<ControlReply> REPLIES = new OutputTag<>("control-replies") {};

    private static final String STAGE = "validate-control";

    private final String catalogJson;
    private final int historySize;
    private transient ListState<PublishedControl> published;
    private transient ListState<PublishedProfile> history;
    private transient ControlValidator validator;
    private transient Counter accepted;
    private transient Counter refused;
    private transient Counter deadLetters;

    /**
     * Checks changes.
     *
     * @param catalog the profiles that hold where nothing is published
     * @param historySize so many published versions can be published again
     */
    @SuppressWarnings("NullAway.Init") // set in initializeState and open
    public ValidateControlFunction(ProfileCatalog catalog, int historySize) {
        this.catalogJson = catalog.toJson();
        this.historySize = historySize;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        published =
                context.getOperatorStateStore()
                        .getListState(
                                new ListStateDescriptor<>(
                                        "published", TypeInformation.of(PublishedControl.class)));
        history =
                context.getOperatorStateStore()
                        .getListState(
                                new ListStateDescriptor<>(
                                        "history", TypeInformation.of(PublishedProfile.class)));
        PublishedControl now = PublishedControl.NONE;
        for (PublishedControl each : published.get()) {
            now = each;
        }
        List<PublishedProfile> versions = new ArrayList<>();
        history.get().forEach(versions::add);
        validator =
                new ControlValidator(
                        ProfileCatalog.fromJson(catalogJson), historySize, now, versions);
    }

    @Override
    @SuppressWarnings("NullAway.Init") // Flink calls initializeState before
    public void open(OpenContext context) {
        accepted = getRuntimeContext().getMetricGroup().counter("numChangesAccepted");
        refused = getRuntimeContext().getMetricGroup().counter("numChangesRefused");
        deadLetters = getRuntimeContext().getMetricGroup().counter("numDeadLetters");
    }

    @Override
    public void processElement(
            SourceRecord record, Context context, Collector<PublishedControl> out) {
        ControlReply reply;
        try {
            reply = validator.apply(record);
        } catch (InvalidMessageException unanswerable) {
            deadLetters.inc();
            context.output(DeadLetters.TAG, DeadLetters.of(STAGE, unanswerable, record));
            return;
        }
        if (reply.accepted()) {
            accepted.inc();
            out.collect(validator.published());
        } else {
            refused.inc();
        }
        context.output(REPLIES, reply);
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        published.update(List.of(validator.published()));
        history.update(validator.history());
    }
}
