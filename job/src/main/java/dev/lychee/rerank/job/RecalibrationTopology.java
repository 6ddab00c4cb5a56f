package dev.lychee.rerank.job;

import dev.lychee.rerank.operators.DeadLetters;
import dev.lychee.rerank.operators.EncodeDeadLetterFunction;
import dev.lychee.rerank.operators.recalibration.AggregateClicksOperator;
import dev.lychee.rerank.operators.recalibration.CapClientsFunction;
import dev.lychee.rerank.operators.recalibration.DecodeInteractionFunction;
import dev.lychee.rerank.operators.recalibration.DecodeServedResultFunction;
import dev.lychee.rerank.operators.recalibration.EncodeMapFunction;
import dev.lychee.rerank.operators.recalibration.FitMapsFunction;
import dev.lychee.rerank.operators.recalibration.JoinInteractionsFunction;
import dev.lychee.rerank.operators.recalibration.RecalibrationSettings;
import dev.lychee.rerank.schemas.CalibrationMap;
import dev.lychee.rerank.schemas.flow.ClickCounts;
import dev.lychee.rerank.schemas.flow.Clickthrough;
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
 * The recalibrate pipeline: what users click on makes the probabilities of the rerank job truer.
 *
 * <pre>
 * interactions -----> decode -+
 *                             +-> join (by request) -> cap (by client) -> aggregate -> fit (by model)
 * reranked results -> decode -+                                                          |
 *                                                        calibration maps <- encode <----+
 * what is no event or no result -> dead letters
 * </pre>
 *
 * <p>Time is event time, that of the Kafka records; all that is kept is counts. So the maps are a
 * function of the two topics, whatever the order in which they are read.
 */
public final class RecalibrationTopology {

    private RecalibrationTopology() {}

    /**
     * Adds the pipeline to a job.
     *
     * @param interactions UBI events
     * @param results what the rerank job serves
     * @param maps where maps go
     * @param deadLetters where records that cannot be used go
     * @param disorder how much later than others a record may come
     * @param idleAfter how long a topic may be silent before time goes on without it
     */
    public static void build(
            StreamExecutionEnvironment env,
            Source<SourceRecord, ?, ?> interactions,
            Source<SourceRecord, ?, ?> results,
            Sink<SinkRecord> maps,
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

        maps(served, events, settings)
                .map(new EncodeMapFunction())
                .name("encode maps")
                .uid(OperatorUids.ENCODE_MAPS)
                .sinkTo(maps)
                .name("write calibration maps")
                .uid(OperatorUids.WRITE_CALIBRATION_MAPS);

        events.getSideOutput(DeadLetters.TAG)
                .union(served.getSideOutput(DeadLetters.TAG))
                .map(new EncodeDeadLetterFunction())
                .name("encode dead letters")
                .uid(OperatorUids.ENCODE_DEAD_LETTERS)
                .sinkTo(deadLetters)
                .name("write dead letters")
                .uid(OperatorUids.WRITE_DEAD_LETTERS);
    }

    /** From what was read to maps; both streams with timestamps and watermarks. */
    public static SingleOutputStreamOperator<CalibrationMap> maps(
            DataStream<ServedResult> served,
            DataStream<InteractionEvent> events,
            RecalibrationSettings settings) {
        DataStream<Clickthrough> clickthroughs =
                served.keyBy(ServedResult::requestId)
                        .connect(events.keyBy(InteractionEvent::requestId))
                        .process(new JoinInteractionsFunction(settings))
                        .name("join interactions")
                        .uid(OperatorUids.JOIN_INTERACTIONS);

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
}
