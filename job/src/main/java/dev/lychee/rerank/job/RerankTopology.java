package dev.lychee.rerank.job;

import dev.lychee.rerank.operators.AdjustScoresFunction;
import dev.lychee.rerank.operators.ApplyThresholdFunction;
import dev.lychee.rerank.operators.AssembleRequestFunction;
import dev.lychee.rerank.operators.AssembleStaticRequestFunction;
import dev.lychee.rerank.operators.BindProfileFunction;
import dev.lychee.rerank.operators.BindStaticProfileFunction;
import dev.lychee.rerank.operators.CalibrateScoresFunction;
import dev.lychee.rerank.operators.DeadLetters;
import dev.lychee.rerank.operators.DecodeCalibrationMapFunction;
import dev.lychee.rerank.operators.DecodeCandidateSetFunction;
import dev.lychee.rerank.operators.EncodeControlReplyFunction;
import dev.lychee.rerank.operators.EncodeDeadLetterFunction;
import dev.lychee.rerank.operators.EncodeResultFunction;
import dev.lychee.rerank.operators.NormalizeScoresFunction;
import dev.lychee.rerank.operators.RankCandidatesFunction;
import dev.lychee.rerank.operators.SplitCandidateSetFunction;
import dev.lychee.rerank.operators.ValidateControlFunction;
import dev.lychee.rerank.operators.WrapEnvelopeFunction;
import dev.lychee.rerank.operators.WrapOutcomeFunction;
import dev.lychee.rerank.operators.scoring.ScoreCandidatesAsyncFunction;
import dev.lychee.rerank.operators.scoring.ScorerFactory;
import dev.lychee.rerank.schemas.CalibrationMap;
import dev.lychee.rerank.schemas.DeadLetter;
import dev.lychee.rerank.schemas.flow.AssemblyInput;
import dev.lychee.rerank.schemas.flow.BoundCandidateSet;
import dev.lychee.rerank.schemas.flow.DecodedSet;
import dev.lychee.rerank.schemas.flow.PublishedControl;
import dev.lychee.rerank.schemas.flow.RankedSet;
import dev.lychee.rerank.schemas.flow.ScoreTask;
import dev.lychee.rerank.schemas.flow.ScoredSet;
import dev.lychee.rerank.schemas.flow.ScoringOutcome;
import dev.lychee.rerank.schemas.flow.SinkRecord;
import dev.lychee.rerank.schemas.flow.SourceRecord;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.datastream.AsyncDataStream;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;

/**
 * The rerank pipeline.
 *
 * <pre>
 * candidate sets -> decode -> bind-profiles -> split -+-> score (async) -+-> assemble (by request)
 *                                   ^                 +----- envelope ---+        |
 * control -> validate-control ------+ broadcast                                   |
 *                   +-> control replies                                           |
 * calibration maps -> decode ------------------------------ broadcast -> assemble |
 *                reranked results <- encode <- rank <- threshold <- adjust <- calibrate <- normalize
 *
 * what a step cannot use -> dead letters
 * </pre>
 *
 * <p>From the source to decode, from bind-profiles to split, and from assemble to the sink, the
 * steps chain; without a control topic also from the source to split. The score tasks of a set
 * carry texts and the addresses of pictures, which are fetched where they are scored.
 */
public final class RerankTopology {

    /** Can never be changed without losing state; divisible by most numbers of slots. */
    static final int MAX_PARALLELISM = 720;

    private static final long BUFFER_TIMEOUT_MILLIS = 2;

    private RerankTopology() {}

    /**
     * Adds the pipeline to a job.
     *
     * @param candidateSets where the records come from
     * @param scorers how a model is loaded
     * @param results where results go
     * @param deadLetters where records that cannot be used go
     * @param control by which profiles change while the job runs; null where nothing does
     * @param calibration by which calibration maps change while the job runs; null where nothing
     *     does
     */
    public static void build(
            StreamExecutionEnvironment env,
            Source<SourceRecord, ?, ?> candidateSets,
            ScorerFactory scorers,
            Sink<SinkRecord> results,
            Sink<SinkRecord> deadLetters,
            @Nullable ControlConnectors control,
            @Nullable CalibrationConnectors calibration,
            RerankSettings settings) {
        configure(env);

        DataStream<SourceRecord> records =
                env.fromSource(
                                candidateSets,
                                WatermarkStrategy.noWatermarks(),
                                "read candidate sets")
                        .uid(OperatorUids.READ_CANDIDATE_SETS);

        SingleOutputStreamOperator<DecodedSet> decoded =
                records.process(new DecodeCandidateSetFunction(settings.limits()))
                        .name("decode candidate sets")
                        .uid(OperatorUids.DECODE_CANDIDATE_SETS);

        SingleOutputStreamOperator<PublishedControl> published =
                control == null ? null : validateControl(env, control, settings);

        SingleOutputStreamOperator<BoundCandidateSet> bound =
                (control == null || published == null
                                ? decoded.process(
                                        new BindStaticProfileFunction(
                                                settings.profiles(),
                                                settings.defaultProfile(),
                                                settings.deadlinePolicy()))
                                : decoded.connect(
                                                published.broadcast(BindProfileFunction.PUBLISHED))
                                        .process(
                                                new BindProfileFunction(
                                                        settings.profiles(),
                                                        settings.defaultProfile(),
                                                        settings.deadlinePolicy(),
                                                        control.topic(),
                                                        settings.profileHistory())))
                        .name("bind profiles")
                        .uid(OperatorUids.BIND_PROFILES);

        SingleOutputStreamOperator<BoundCandidateSet> envelopes =
                bound.process(
                                new SplitCandidateSetFunction(
                                        settings.maxTaskTokens(),
                                        settings.maxPairTokens(),
                                        settings.pictureTokens()))
                        .name("split candidate sets")
                        .uid(OperatorUids.SPLIT_CANDIDATE_SETS);

        DataStream<AssemblyInput> parts =
                envelopes
                        .map(new WrapEnvelopeFunction())
                        .name("wrap envelopes")
                        .uid(OperatorUids.WRAP_ENVELOPES)
                        .union(
                                score(envelopes, scorers, settings)
                                        .map(new WrapOutcomeFunction())
                                        .name("wrap outcomes")
                                        .uid(OperatorUids.WRAP_OUTCOMES));

        SingleOutputStreamOperator<CalibrationMap> maps =
                calibration == null ? null : decodeMaps(env, calibration);

        KeyedStream<AssemblyInput, String> byRequest = parts.keyBy(AssemblyInput::requestId);
        SingleOutputStreamOperator<ScoredSet> assembled =
                (calibration == null || maps == null
                                ? byRequest.process(
                                        new AssembleStaticRequestFunction(
                                                settings.shardWait().toMillis(),
                                                settings.rememberAnswered().toMillis(),
                                                settings.calibrationMapLines()))
                                : byRequest
                                        .connect(maps.broadcast(AssembleRequestFunction.MAPS))
                                        .process(
                                                new AssembleRequestFunction(
                                                        settings.shardWait().toMillis(),
                                                        settings.rememberAnswered().toMillis(),
                                                        settings.calibrationMapLines(),
                                                        calibration.topic())))
                        .name("assemble requests")
                        .uid(OperatorUids.ASSEMBLE_REQUESTS);

        SingleOutputStreamOperator<SinkRecord> encoded =
                postProcess(assembled, settings)
                        .process(new EncodeResultFunction(settings.maxResultBytes()))
                        .name("encode results")
                        .uid(OperatorUids.ENCODE_RESULTS);

        encoded.sinkTo(results).name("write results").uid(OperatorUids.WRITE_RESULTS);

        DataStream<DeadLetter> unusable =
                decoded.getSideOutput(DeadLetters.TAG)
                        .union(
                                bound.getSideOutput(DeadLetters.TAG),
                                assembled.getSideOutput(DeadLetters.TAG),
                                encoded.getSideOutput(DeadLetters.TAG));
        if (published != null) {
            unusable = unusable.union(published.getSideOutput(DeadLetters.TAG));
        }
        if (maps != null) {
            unusable = unusable.union(maps.getSideOutput(DeadLetters.TAG));
        }
        unusable.map(new EncodeDeadLetterFunction())
                .name("encode dead letters")
                .uid(OperatorUids.ENCODE_DEAD_LETTERS)
                .sinkTo(deadLetters)
                .name("write dead letters")
                .uid(OperatorUids.WRITE_DEAD_LETTERS);
    }

    /** What the pipeline's correctness and latency rest on, whatever the cluster says. */
    static void configure(StreamExecutionEnvironment env) {
        Configuration required = new Configuration();
        required.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
        required.set(PipelineOptions.GENERIC_TYPES, false);
        required.set(PipelineOptions.OBJECT_REUSE, true);
        required.set(PipelineOptions.MAX_PARALLELISM, MAX_PARALLELISM);
        env.configure(required, RerankTopology.class.getClassLoader());
        if (env.getConfiguration().getOptional(ExecutionOptions.BUFFER_TIMEOUT).isEmpty()) {
            env.setBufferTimeout(BUFFER_TIMEOUT_MILLIS);
        }
    }

    /** One after the other, so that changes have an order and versions grow. */
    private static SingleOutputStreamOperator<PublishedControl> validateControl(
            StreamExecutionEnvironment env, ControlConnectors control, RerankSettings settings) {
        SingleOutputStreamOperator<PublishedControl> published =
                env.fromSource(control.changes(), WatermarkStrategy.noWatermarks(), "read control")
                        .uid(OperatorUids.READ_CONTROL)
                        .setParallelism(1)
                        .process(
                                new ValidateControlFunction(
                                        settings.profiles(), settings.profileHistory()))
                        .name("validate control")
                        .uid(OperatorUids.VALIDATE_CONTROL)
                        .setParallelism(1);
        published
                .getSideOutput(ValidateControlFunction.REPLIES)
                .map(new EncodeControlReplyFunction(control.topicName()))
                .name("encode control replies")
                .uid(OperatorUids.ENCODE_CONTROL_REPLIES)
                .setParallelism(1)
                .sinkTo(control.replies())
                .name("write control replies")
                .uid(OperatorUids.WRITE_CONTROL_REPLIES)
                .setParallelism(1);
        return published;
    }

    /** Once for all, so that what is no map is one dead letter. */
    private static SingleOutputStreamOperator<CalibrationMap> decodeMaps(
            StreamExecutionEnvironment env, CalibrationConnectors calibration) {
        return env.fromSource(
                        calibration.maps(),
                        WatermarkStrategy.noWatermarks(),
                        "read calibration maps")
                .uid(OperatorUids.READ_CALIBRATION_MAPS)
                .setParallelism(1)
                .process(new DecodeCalibrationMapFunction())
                .name("decode calibration maps")
                .uid(OperatorUids.DECODE_CALIBRATION_MAPS)
                .setParallelism(1);
    }

    private static DataStream<ScoringOutcome> score(
            SingleOutputStreamOperator<BoundCandidateSet> envelopes,
            ScorerFactory scorers,
            RerankSettings settings) {
        DataStream<ScoreTask> tasks =
                envelopes.getSideOutput(SplitCandidateSetFunction.TASKS).rebalance();
        SingleOutputStreamOperator<ScoringOutcome> outcomes =
                AsyncDataStream.unorderedWait(
                                tasks,
                                new ScoreCandidatesAsyncFunction(
                                        scorers,
                                        settings.scoring(),
                                        settings.scoringTimeout().toMillis()),
                                settings.scoringTimeout().toMillis(),
                                TimeUnit.MILLISECONDS,
                                settings.scoringCapacity())
                        .name("score candidates")
                        .uid(OperatorUids.SCORE_CANDIDATES);
        return settings.scoringParallelism() > 0
                ? outcomes.setParallelism(settings.scoringParallelism())
                : outcomes;
    }

    private static SingleOutputStreamOperator<RankedSet> postProcess(
            DataStream<ScoredSet> assembled, RerankSettings settings) {
        return assembled
                .map(new NormalizeScoresFunction())
                .name("normalize scores")
                .uid(OperatorUids.NORMALIZE_SCORES)
                .map(new CalibrateScoresFunction())
                .name("calibrate scores")
                .uid(OperatorUids.CALIBRATE_SCORES)
                .map(new AdjustScoresFunction(settings.profiles().steps()))
                .name("adjust scores")
                .uid(OperatorUids.ADJUST_SCORES)
                .map(new ApplyThresholdFunction())
                .name("apply threshold")
                .uid(OperatorUids.APPLY_THRESHOLD)
                .process(new RankCandidatesFunction(settings.exploration()))
                .name("rank candidates")
                .uid(OperatorUids.RANK_CANDIDATES);
    }
}
