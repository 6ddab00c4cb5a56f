package dev.lychee.rerank.operators.recalibration;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.lychee.rerank.operators.DeadLetters;
import dev.lychee.rerank.schemas.Assignment;
import dev.lychee.rerank.schemas.CalibrationMap;
import dev.lychee.rerank.schemas.InvalidMessageException;
import dev.lychee.rerank.schemas.Json;
import dev.lychee.rerank.schemas.Reason;
import dev.lychee.rerank.schemas.RerankedResult;
import dev.lychee.rerank.schemas.ResultItem;
import dev.lychee.rerank.schemas.Status;
import dev.lychee.rerank.schemas.flow.Participation;
import dev.lychee.rerank.schemas.flow.ServedItem;
import dev.lychee.rerank.schemas.flow.ServedResult;
import dev.lychee.rerank.schemas.flow.SourceRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Keeps of a result what its clicks need: where each document was shown, with which logit and which
 * probability. Results that are partial, a fallback or degraded do not train: what was left out of
 * them, users could not click on. They count for their experiment all the same.
 *
 * <p><b>State</b>: none.
 *
 * <p><b>Time</b>: the record's.
 *
 * <p><b>Failure</b>: what is no result is a dead letter.
 */
public final class DecodeServedResultFunction extends ProcessFunction<SourceRecord, ServedResult> {

    private static final String STAGE = "decode-served-results";

    private final int ranks;
    private transient Counter usable;
    private transient Counter untrainable;
    private transient Counter refused;

    /** Reads results; documents shown at later ranks than {@code ranks} are left out. */
    @SuppressWarnings("NullAway.Init") // set in open
    public DecodeServedResultFunction(int ranks) {
        this.ranks = ranks;
    }

    @Override
    public void open(OpenContext context) {
        usable = getRuntimeContext().getMetricGroup().counter("numResults");
        untrainable = getRuntimeContext().getMetricGroup().counter("numResultsNotTraining");
        refused = getRuntimeContext().getMetricGroup().counter("numDeadLetters");
    }

    @Override
    public void processElement(SourceRecord record, Context context, Collector<ServedResult> out) {
        byte[] value = record.value();
        if (value == null) {
            return;
        }
        try {
            RerankedResult result = decode(value);
            ServedResult served =
                    served(result, DecodeInteractionFunction.timeOf(record, context), ranks);
            if (served == null || served.untrained()) {
                untrainable.inc();
            } else {
                usable.inc();
            }
            if (served != null) {
                out.collect(served);
            }
        } catch (InvalidMessageException e) {
            refused.inc();
            context.output(DeadLetters.TAG, DeadLetters.of(STAGE, e, record));
        }
    }

    private static RerankedResult decode(byte[] value) throws InvalidMessageException {
        RerankedResult result;
        try {
            result = Json.mapper().readValue(value, RerankedResult.class);
        } catch (JsonProcessingException e) {
            throw new InvalidMessageException(
                    Reason.MALFORMED_JSON, "not the JSON of a result: " + Json.problem(e));
        } catch (IOException e) {
            throw new InvalidMessageException(
                    Reason.MALFORMED_UTF8, "not JSON in UTF-8: " + e.getMessage());
        }
        if (result == null
                || result.requestId() == null
                || result.status() == null
                || result.calibration() == null
                || result.results() == null) {
            throw new InvalidMessageException(
                    Reason.MISSING_FIELD,
                    "a result needs request_id, status, calibration and results");
        }
        return result;
    }

    /** What clicks need of a result; null when it neither trains nor is of an experiment. */
    static @Nullable ServedResult served(RerankedResult result, long millis, int ranks)
            throws InvalidMessageException {
        Participation participation = participation(result);
        boolean untrained =
                result.fingerprint() == null
                        || result.status() != Status.COMPLETE
                        || (result.degraded() != null && !result.degraded().isEmpty());
        List<ServedItem> items = new ArrayList<>();
        Integer firstPaired = null;
        for (ResultItem item : result.results()) {
            Integer rank = item.rank();
            Double logit = untrained ? (Double) Double.NaN : item.logit();
            Double calibrated = untrained ? (Double) Double.NaN : item.calibrated();
            Integer pair = null;
            if (item.propensity() != null && rank != null) {
                firstPaired = firstPaired == null ? rank : firstPaired;
                // Pairs follow one another: from the first on, every second rank is an upper one.
                pair = rank - (rank - firstPaired) % 2;
            }
            if (item.id() != null
                    && rank != null
                    && rank >= 1
                    && rank <= ranks
                    && logit != null
                    && calibrated != null) {
                items.add(new ServedItem(item.id(), rank, logit, calibrated, pair));
            }
        }
        untrained |= items.isEmpty();
        if (untrained && participation == null) {
            return null;
        }
        Long version = result.calibration().version();
        return new ServedResult(
                result.requestId(),
                Objects.requireNonNullElse(result.fingerprint(), ""),
                Objects.requireNonNullElse(result.segment(), CalibrationMap.DEFAULT_SEGMENT),
                result.calibration().segment(),
                version == null ? 0 : version,
                millis,
                firstPaired != null,
                items,
                participation,
                untrained);
    }

    private static @Nullable Participation participation(RerankedResult result)
            throws InvalidMessageException {
        String experiment = result.experiment();
        String variant = result.variant();
        Assignment assignment = result.assignment();
        if (experiment == null || variant == null || assignment == null) {
            return null;
        }
        assignment.validate();
        return new Participation(experiment, variant, assignment);
    }
}
