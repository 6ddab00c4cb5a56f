package dev.lychee.rerank.operators;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.lychee.rerank.schemas.InvalidMessageException;
import dev.lychee.rerank.schemas.Json;
import dev.lychee.rerank.schemas.Reason;
import dev.lychee.rerank.schemas.RerankedResult;
import dev.lychee.rerank.schemas.ResultItem;
import dev.lychee.rerank.schemas.flow.RankedSet;
import dev.lychee.rerank.schemas.flow.SinkRecord;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Writes results as JSON. One that is larger than its topic allows loses its trace and the accounts
 * of its items first, then the documents it repeats; {@code degraded} says so.
 *
 * <p><b>State</b>: none. <b>Time</b>: none. <b>Failure</b>: a result that does not fit even when
 * trimmed is a dead letter.
 */
public final class EncodeResultFunction extends ProcessFunction<RankedSet, SinkRecord> {

    private static final String STAGE = "encode";
    private static final int LATENCY_WINDOW = 1_000;

    private final int maxResultBytes;
    private transient Counter results;
    private transient Counter refused;
    private transient Histogram totalTime;

    /**
     * Writes results.
     *
     * @param maxResultBytes largest result that the topic takes
     */
    @SuppressWarnings("NullAway.Init") // set in open
    public EncodeResultFunction(int maxResultBytes) {
        this.maxResultBytes = maxResultBytes;
    }

    @Override
    public void open(OpenContext context) {
        results = getRuntimeContext().getMetricGroup().counter("numResults");
        refused = getRuntimeContext().getMetricGroup().counter("numDeadLetters");
        totalTime =
                getRuntimeContext()
                        .getMetricGroup()
                        .histogram(
                                "totalTimeMs", new DescriptiveStatisticsHistogram(LATENCY_WINDOW));
    }

    @Override
    public void processElement(RankedSet ranked, Context context, Collector<SinkRecord> out) {
        RerankedResult result = ranked.result();
        byte[] value = write(result);
        if (value.length > maxResultBytes) {
            value =
                    write(
                            trimmed(
                                    result,
                                    withoutExplanations(result.results()),
                                    withoutExplanations(result.dropped()),
                                    "trace"));
        }
        if (value.length > maxResultBytes) {
            value =
                    write(
                            trimmed(
                                    result,
                                    withoutDocuments(result.results()),
                                    withoutDocuments(result.dropped()),
                                    "documents"));
        }
        if (value.length > maxResultBytes) {
            refused.inc();
            context.output(
                    DeadLetters.TAG,
                    DeadLetters.of(
                            STAGE,
                            new InvalidMessageException(
                                    Reason.RESULT_TOO_LARGE,
                                    "the result has %,d bytes, the limit is %,d; ask for fewer candidates or raise the limit of the topic and the job"
                                            .formatted(value.length, maxResultBytes)),
                            result.requestId(),
                            ranked.origin(),
                            context.timerService().currentProcessingTime(),
                            value,
                            null));
            return;
        }
        results.inc();
        totalTime.update((long) result.timings().totalMs());
        out.collect(
                new SinkRecord(
                        result.requestId(),
                        value,
                        RerankedResult.SCHEMA,
                        ranked.traceparent(),
                        ranked.origin()));
    }

    private static RerankedResult trimmed(
            RerankedResult result,
            List<ResultItem> results,
            List<ResultItem> dropped,
            String what) {
        List<String> degraded = new ArrayList<>(result.degraded());
        degraded.add("trimmed:trace");
        if (!what.equals("trace")) {
            degraded.add("trimmed:documents");
        }
        return new RerankedResult(
                result.schema(),
                result.requestId(),
                result.resultId(),
                result.status(),
                result.query(),
                result.profile(),
                result.variant(),
                result.experiment(),
                result.assignment(),
                result.segment(),
                result.fingerprint(),
                result.models(),
                result.calibration(),
                result.threshold(),
                result.top1(),
                result.scale(),
                degraded,
                results,
                dropped,
                List.of(),
                result.timings());
    }

    private static List<ResultItem> withoutExplanations(List<ResultItem> items) {
        return items.stream().map(ResultItem::withoutExplanation).toList();
    }

    private static List<ResultItem> withoutDocuments(List<ResultItem> items) {
        return items.stream().map(item -> item.withoutExplanation().withoutDocument()).toList();
    }

    private static byte[] write(RerankedResult result) {
        try {
            return Json.mapper().writeValueAsBytes(result);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("results can always be written", e);
        }
    }
}
