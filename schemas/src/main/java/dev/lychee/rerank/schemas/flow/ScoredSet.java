package dev.lychee.rerank.schemas.flow;

import dev.lychee.rerank.schemas.CalibrationMap;
import dev.lychee.rerank.schemas.CalibrationReference;
import dev.lychee.rerank.schemas.Candidate;
import dev.lychee.rerank.schemas.CandidateSet;
import dev.lychee.rerank.schemas.ModelReference;
import dev.lychee.rerank.schemas.Status;
import dev.lychee.rerank.schemas.ThresholdDecision;
import dev.lychee.rerank.schemas.TraceStep;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An assembled request on its way through the post-processing steps. Values stand in columns: one
 * array per field, one place per candidate, in input order. Arrays are never changed once they are
 * in a record; a step makes its own column and a new record around it. Places of unscored
 * candidates hold 0 and mean nothing.
 *
 * @param status how whole the request is
 * @param first the first shard, which speaks for the request
 * @param candidates candidates of all shards, merged by id, in input order
 * @param pairs what the scorer said of each candidate
 * @param retrievalRank place in retrieval order, 1-based
 * @param retrievalRanks place at each retriever
 * @param calibrationMap the map to be used; null for none
 * @param fingerprint names everything that shaped a logit; empty when nothing was scored
 * @param models the models that scored
 * @param temperature model temperature times profile temperature; 1 for a mixture of questions
 * @param queueMillis longest wait of a task
 * @param scoreMillis longest time of a task in forward passes
 * @param busyMillis longest time of a task in which the device was busy with other pairs
 * @param degraded what the scorer left out under load; empty when nothing
 * @param scored whether the model scored it
 * @param logit the model's log-odds, or those of the mean probability of a mixture
 * @param probability sigmoid of logit over temperature
 * @param normalized written by normalize
 * @param calibrated written by calibrate
 * @param calibratedLow written by calibrate; null without a band
 * @param calibratedHigh written by calibrate; null without a band
 * @param score written by adjust
 * @param adjustment what adjust found out besides the score; null where it left the base as it is
 * @param kept written by threshold
 * @param calibration which map was used; identity before calibrate
 * @param threshold where the set was cut; null before threshold
 * @param trace what each step did so far
 */
public record ScoredSet(
        Status status,
        BoundCandidateSet first,
        List<Candidate> candidates,
        List<PairOutcome> pairs,
        int[] retrievalRank,
        List<RetrieverRanks> retrievalRanks,
        @Nullable CalibrationMap calibrationMap,
        String fingerprint,
        List<ModelReference> models,
        double temperature,
        double queueMillis,
        double scoreMillis,
        double busyMillis,
        List<String> degraded,
        boolean[] scored,
        double[] logit,
        double[] probability,
        double[] normalized,
        double[] calibrated,
        double @Nullable [] calibratedLow,
        double @Nullable [] calibratedHigh,
        double[] score,
        @Nullable Adjustment adjustment,
        boolean[] kept,
        CalibrationReference calibration,
        @Nullable ThresholdDecision threshold,
        List<TraceStep> trace) {

    /** Number of candidates. */
    public int size() {
        return candidates.size();
    }

    /** The set as it came; of a sharded request, the first shard. */
    public CandidateSet set() {
        return first.set();
    }

    /**
     * Which candidates compete: those that were scored and that neither price range nor rule took
     * out.
     */
    public boolean[] competing() {
        return adjustment == null ? scored : adjustment.competing(scored);
    }

    /** The set with its normalized scores. */
    public ScoredSet withNormalized(double[] values, TraceStep step) {
        return with(
                values,
                calibrated,
                calibratedLow,
                calibratedHigh,
                score,
                adjustment,
                kept,
                calibration,
                threshold,
                step);
    }

    /** The set with its calibrated scores; the band is null without one. */
    public ScoredSet withCalibrated(
            double[] values,
            double @Nullable [] low,
            double @Nullable [] high,
            CalibrationReference reference,
            TraceStep step) {
        return with(
                normalized, values, low, high, score, adjustment, kept, reference, threshold, step);
    }

    /** The set with its final scores; the adjustment is null where they are the base. */
    public ScoredSet withScore(
            double[] values, @Nullable Adjustment businessAdjustment, TraceStep step) {
        return with(
                normalized,
                calibrated,
                calibratedLow,
                calibratedHigh,
                values,
                businessAdjustment,
                kept,
                calibration,
                threshold,
                step);
    }

    /** The set with its cut. */
    public ScoredSet withThreshold(
            boolean[] keptFlags, ThresholdDecision decision, TraceStep step) {
        return with(
                normalized,
                calibrated,
                calibratedLow,
                calibratedHigh,
                score,
                adjustment,
                keptFlags,
                calibration,
                decision,
                step);
    }

    /** What steps write, and the step that wrote; all else is shared. */
    private ScoredSet with(
            double[] newNormalized,
            double[] newCalibrated,
            double @Nullable [] newLow,
            double @Nullable [] newHigh,
            double[] newScore,
            @Nullable Adjustment newAdjustment,
            boolean[] newKept,
            CalibrationReference newCalibration,
            @Nullable ThresholdDecision newThreshold,
            TraceStep step) {
        return new ScoredSet(
                status,
                first,
                candidates,
                pairs,
                retrievalRank,
                retrievalRanks,
                calibrationMap,
                fingerprint,
                models,
                temperature,
                queueMillis,
                scoreMillis,
                busyMillis,
                degraded,
                scored,
                logit,
                probability,
                newNormalized,
                newCalibrated,
                newLow,
                newHigh,
                newScore,
                newAdjustment,
                newKept,
                newCalibration,
                newThreshold,
                traced(step));
    }

    private List<TraceStep> traced(TraceStep step) {
        List<TraceStep> steps = new ArrayList<>(trace);
        steps.add(step);
        return steps;
    }
}
