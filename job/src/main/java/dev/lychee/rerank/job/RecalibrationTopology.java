package dev.lychee.rerank.job;

import dev.lychee.rerank.operators.DeadLetters;
import dev.lychee.rerank.operators.EncodeDeadLetterFunction;
import dev.lychee.rerank.operators.recalibration.AggregateClicksOperator;
import dev.lychee.rerank.operators.recalibration.AggregateExposuresOperator;
import dev.lychee.rerank.operators.recalibration.CapClientsFunction;
import dev.lychee.rerank.operators.recalibration.DecodeInteractionFunction;
import dev.lychee.rerank.operators.recalibration.DecodeServedResultFunction;
import dev.lychee.rerank.operators.recalibration.EncodeExperimentResultFunction;
import dev.lychee.rerank.operators.recalibration.EncodeMapFunction;
import dev.lychee.rerank.operators.recalibration.FitMapsFunction;
import dev.lychee.rerank.operators.recalibration.JoinInteractionsFunction;
import dev.lychee.rerank.operators.recalibration.MeasureExperimentsFunction;
import dev.lychee.rerank.operators.recalibration.RecalibrationSettings;
import dev.lychee.rerank.schemas.CalibrationMap;
import dev.lychee.rerank.schemas.ExperimentResult;
import dev.lychee.rerank.schemas.flow.ClickCounts;
import dev.lychee.rerank.schemas.flow.Clickthrough;
import dev.lychee.rerank.schemas.flow.ExposureCounts;
import dev.lychee.rerank.schemas.flow.InteractionEvent;
import dev.lychee.rerank.schemas.flow.ServedResult;
import dev.lychee.rerank.schemas.flow.SinkRecord;
import dev.lychee.rerank.schemas.flow.SourceRecord;
import java.time.Clock;
import java.time.Duration;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The recalibrate pipeline: what users click on makes the probabilities of the rerank job truer,
 * and tells the arms of experiments apart.
 *
 * <pre>
 * interactions -----> decode -+
 *                             +-> join (by request) -> cap (by client) -> aggregate -> fit (by model)
 * reranked results -> decode -+                                                          |
 *                                                        calibration maps <- encode <----+
 *
 * join -> aggregate exposures -> measure (by experiment) -> encode -> experiment results
 * what is no event or no result -> dead letters
 * </pre>
 *
 * <p>Time is event time, that of the Kafka records; all that is kept is counts. So the maps are a
 * function of the two topics, whatever the order in which they are read. So are the results of
 * experiments.
 */
public final class RecalibrationTopology {

    private RecalibrationTopology() {}

    /**
     * Adds the pipeline to a job.
     *
     * @param interactions UBI events
     * @param results what the rerank job serves
     * @param maps where maps go
     * @param experimentResults where what is known about experiments goes
     * @param deadLetters where records that cannot be used go
     * @param disorder how much later than others a record may come
     * @param idleAfter how long a topic may be silent before time goes on without it
     */
    public static void build(
            StreamExecutionEnvironment env,
            Source<SourceRecord, ?, ?> interactions,
            Source<SourceRecord, ?, ?> results,
            Sink<SinkRecord> maps,
            Sink<SinkRecord> experimentResults,
            Sink<SinkRecord> deadLetters,
            Duration disorder,
            Duration idleAfter,
            RecalibrationSettings settings) {
        RerankTopology.configure(env);
        WatermarkStrategy<SourceRecord> time =
                WatermarkStrategy.<SourceRecord>forBoundedOutOfOrderness(disorder)
                        .withTimestampAssigner(new ClampedTimestamps(Clock.systemUTC()))
                        .withIdleness(idleAfter);

        SingleOutputStreamOperator<InteractionEvent> events =
                env.fromSource(interactions, time, "read interactions")
                        .uid(OperatorUids.READ_INTERACTIONS)
                        .process(new DecodeInteractionFunction(settings))
                        .name("decode interactions")
                        .uid(OperatorUids.DECODE_INTERACTIONS);

        SingleOutputStreamOperator<ServedResult> served =
                env.fromSource(results, time, "read served results")
                        .uid(OperatorUids.READ_SERVED_RESULTS)
                        .process(new DecodeServedResultFunction(settings.ranks()))
                        .name("decode served results")
                        .uid(OperatorUids.DECODE_SERVED_RESULTS);

        SingleOutputStreamOperator<Clickthrough> clickthroughs = join(served, events, settings);

        maps(clickthroughs, settings)
                .map(new EncodeMapFunction())
                .name("encode maps")
                .uid(OperatorUids.ENCODE_MAPS)
                .sinkTo(maps)
                .name("write calibration maps")
                .uid(OperatorUids.WRITE_CALIBRATION_MAPS);

        measured(clickthroughs, settings)
                .map(new EncodeExperimentResultFunction())
                .name("encode experiment results")
                .uid(OperatorUids.ENCODE_EXPERIMENT_RESULTS)
                .sinkTo(experimentResults)
                .name("write experiment results")
                .uid(OperatorUids.WRITE_EXPERIMENT_RESULTS);

        events.getSideOutput(DeadLetters.TAG)
                .union(served.getSideOutput(DeadLetters.TAG))
                .map(new EncodeDeadLetterFunction())
                .name("encode dead letters")
                .uid(OperatorUids.ENCODE_DEAD_LETTERS)
                .sinkTo(deadLetters)
                .name("write dead letters")
                .uid(OperatorUids.WRITE_DEAD_LETTERS);
    }

    /** Results with what users did with them; both streams with timestamps and watermarks. */
    public static SingleOutputStreamOperator<Clickthrough> join(
            DataStream<ServedResult> served,
            DataStream<InteractionEvent> events,
            RecalibrationSettings settings) {
        return served.keyBy(ServedResult::requestId)
                .connect(events.keyBy(InteractionEvent::requestId))
                .process(new JoinInteractionsFunction(settings))
                .name("join interactions")
                .uid(OperatorUids.JOIN_INTERACTIONS);
    }

    /** From what users did to maps. */
    public static SingleOutputStreamOperator<CalibrationMap> maps(
            DataStream<Clickthrough> clickthroughs, RecalibrationSettings settings) {
        DataStream<Clickthrough> capped =
                clickthroughs
                        .keyBy(CapClientsFunction::key)
                        .process(new CapClientsFunction(settings))
                        .name("cap clients")
                        .uid(OperatorUids.CAP_CLIENTS);

        DataStream<ClickCounts> counts =
                capped.transform(
                                "aggregate clicks",
                                TypeInformation.of(ClickCounts.class),
                                new AggregateClicksOperator(settings.ranks()))
                        .uid(OperatorUids.AGGREGATE_CLICKS);

        return counts.keyBy(ClickCounts::fingerprint)
                .process(new FitMapsFunction(settings))
                .name("fit maps")
                .uid(OperatorUids.FIT_MAPS);
    }

    private static SingleOutputStreamOperator<ExperimentResult> measured(
            SingleOutputStreamOperator<Clickthrough> clickthroughs,
            RecalibrationSettings settings) {
        return clickthroughs
                .getSideOutput(JoinInteractionsFunction.EXPOSURES)
                .transform(
                        "aggregate exposures",
                        TypeInformation.of(ExposureCounts.class),
                        new AggregateExposuresOperator(settings.experiments()))
                .uid(OperatorUids.AGGREGATE_EXPOSURES)
                .keyBy(MeasureExperimentsFunction::key)
                .process(new MeasureExperimentsFunction(settings))
                .name("measure experiments")
                .uid(OperatorUids.MEASURE_EXPERIMENTS);
    }
}
