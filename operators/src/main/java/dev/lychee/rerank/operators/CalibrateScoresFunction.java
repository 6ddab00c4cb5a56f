package dev.lychee.rerank.operators;

import dev.lychee.rerank.operators.calibration.CalibrationMaps;
import dev.lychee.rerank.operators.postprocess.CalibratedScores;
import dev.lychee.rerank.operators.postprocess.Trace;
import dev.lychee.rerank.schemas.CalibrationMap;
import dev.lychee.rerank.schemas.CalibrationReference;
import dev.lychee.rerank.schemas.TraceStep;
import dev.lychee.rerank.schemas.flow.ScoredSet;
import org.apache.flink.api.common.functions.MapFunction;

/**
 * Makes logits comparable across queries: {@code logit} to {@code calibrated}. Without a fitted map
 * that is {@code probability}, and the result says {@code identity}.
 *
 * <p><b>State</b>: none; the map came with the set. <b>Time</b>: none. <b>Failure</b>: none.
 */
public final class CalibrateScoresFunction implements MapFunction<ScoredSet, ScoredSet> {

    static final String STEP = "calibrate";

    @Override
    public ScoredSet map(ScoredSet set) {
        CalibrationMap map = set.calibrationMap();
        String strategy = set.first().profile().effective().calibrate().strategy();
        if (map == null || strategy.equals("identity")) {
            return set.withCalibrated(
                    set.probability(),
                    null,
                    null,
                    CalibrationReference.IDENTITY,
                    new TraceStep(STEP, CalibrationReference.IDENTITY.method(), 0.0, null));
        }
        CalibratedScores scores =
                CalibrationMaps.calibrator(map).calibrate(set.logit(), set.scored());
        return set.withCalibrated(
                scores.calibrated(),
                scores.low(),
                scores.high(),
                new CalibrationReference(map.method(), map.segment(), map.version()),
                new TraceStep(
                        STEP,
                        map.method(),
                        Trace.meanAbsoluteChange(
                                set.probability(), scores.calibrated(), set.scored()),
                        null));
    }
}
