package dev.lychee.rerank.operators.recalibration;

import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Adds up what comes before it is sent on: thousands become a few sums. An operator and not a
 * function, since it lets go of what it has before each watermark and each checkpoint barrier.
 *
 * <p><b>State</b>: none, for that reason: a checkpoint finds it empty, so a failure loses nothing.
 *
 * <p><b>Time</b>: none of its own; the watermark that closes an epoch never overtakes its counts.
 *
 * <p><b>Failure</b>: none.
 */
abstract class PreAggregationOperator<IN, OUT> extends AbstractStreamOperator<OUT>
        implements OneInputStreamOperator<IN, OUT> {

    private static final long serialVersionUID = 1;

    @Override
    public final void processElement(StreamRecord<IN> element) {
        add(element.getValue());
    }

    @Override
    public final void processWatermark(Watermark mark) throws Exception {
        flush();
        super.processWatermark(mark);
    }

    @Override
    public final void prepareSnapshotPreBarrier(long checkpointId) {
        flush();
    }

    @Override
    public final void finish() throws Exception {
        flush();
        super.finish();
    }

    final void send(OUT sums) {
        output.collect(new StreamRecord<>(sums));
    }

    /** Adds one. */
    abstract void add(IN element);

    /** Sends all sums and starts anew. */
    abstract void flush();
}
