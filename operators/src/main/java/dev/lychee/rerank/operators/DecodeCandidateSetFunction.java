package dev.lychee.rerank.operators;

import dev.lychee.rerank.schemas.CandidateSet;
import dev.lychee.rerank.schemas.CandidateSetCodec;
import dev.lychee.rerank.schemas.InvalidMessageException;
import dev.lychee.rerank.schemas.MessageLimits;
import dev.lychee.rerank.schemas.Reason;
import dev.lychee.rerank.schemas.Sha256;
import dev.lychee.rerank.schemas.flow.DecodedSet;
import dev.lychee.rerank.schemas.flow.SourceRecord;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads candidate sets from bytes and checks them.
 *
 * <p><b>State</b>: none.
 *
 * <p><b>Time</b>: none.
 *
 * <p><b>Failure</b>: a record that cannot be used is a dead letter.
 */
public final class DecodeCandidateSetFunction extends ProcessFunction<SourceRecord, DecodedSet> {

    private static final Logger LOG = LoggerFactory.getLogger(DecodeCandidateSetFunction.class);

    private static final String STAGE = "decode";

    private final MessageLimits limits;
    private transient CandidateSetCodec codec;
    private transient Counter decoded;
    private transient Counter refused;

    @SuppressWarnings("NullAway.Init") // set in open
    public DecodeCandidateSetFunction(MessageLimits limits) {
        this.limits = limits;
    }

    @Override
    public void open(OpenContext context) {
        codec = new CandidateSetCodec(limits);
        decoded = getRuntimeContext().getMetricGroup().counter("numSetsDecoded");
        refused = getRuntimeContext().getMetricGroup().counter("numDeadLetters");
    }

    @Override
    public void processElement(SourceRecord record, Context context, Collector<DecodedSet> out) {
        try {
            CandidateSet set = codec.decode(record.value());
            decoded.inc();
            byte[] value = record.value() == null ? new byte[0] : record.value();
            out.collect(new DecodedSet(set, record, Sha256.hex(value)));
        } catch (InvalidMessageException e) {
            refuse(record, e, context);
        } catch (RuntimeException e) {
            // A message that finds a defect of ours must not restart the job for ever.
            LOG.warn("Record {} cannot be read", record.position(), e);
            refuse(
                    record,
                    new InvalidMessageException(
                            Reason.MALFORMED_JSON, "the record cannot be read: " + e.getMessage()),
                    context);
        }
    }

    private void refuse(SourceRecord record, InvalidMessageException why, Context context) {
        refused.inc();
        context.output(DeadLetters.TAG, DeadLetters.of(STAGE, why, record));
    }
}
