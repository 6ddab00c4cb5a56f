package dev.lychee.rerank.job;

import dev.lychee.rerank.operators.scoring.ScorerFactory;
import dev.lychee.rerank.operators.scoring.model.PackageScorerFactory;
import dev.lychee.rerank.schemas.flow.SinkRecord;
import dev.lychee.rerank.schemas.flow.SourceRecord;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The rerank job: {@code --config FILE} and {@code -Dkey=value} choose sources, sinks and model.
 */
public final class RerankJob {

    static final String NAME = "lychee rerank";

    /** A bounded run writes its last files at a checkpoint, so it needs some. */
    private static final long FILE_CHECKPOINT_MILLIS = 10_000;

    private RerankJob() {}

    /** Builds the job and submits it to the cluster it was started on. */
    public static void main(String[] args) throws Exception {
        Configuration options = JobArguments.parse(args);
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(options);
        build(env, options);
        env.execute(NAME);
    }

    /**
     * Adds the whole pipeline, sources and sinks included.
     *
     * @throws InvalidOptionException when an option is unknown, missing or wrong
     */
    public static void build(StreamExecutionEnvironment env, Configuration options) {
        build(env, options, new PackageScorerFactory());
    }

    /**
     * Adds the whole pipeline with another way to load a model.
     *
     * @throws InvalidOptionException when an option is unknown, missing or wrong
     */
    public static void build(
            StreamExecutionEnvironment env, Configuration options, ScorerFactory scorers) {
        RerankSettings settings = SettingsReader.read(options);
        Source<SourceRecord, ?, ?> candidateSets;
        Sink<SinkRecord> results;
        Sink<SinkRecord> deadLetters;
        ControlConnectors control = null;
        CalibrationConnectors calibration = null;
        if (options.get(RerankOptions.SOURCE_TYPE) == RerankOptions.SourceType.FILES) {
            if (!options.contains(CheckpointingOptions.CHECKPOINTING_INTERVAL)) {
                env.enableCheckpointing(FILE_CHECKPOINT_MILLIS);
            }
            candidateSets =
                    FileConnectors.candidateSets(
                            SettingsReader.required(options, RerankOptions.FILES_INPUT),
                            settings.limits().maxRecordBytes());
            results =
                    FileConnectors.sink(
                            SettingsReader.required(options, RerankOptions.FILES_OUTPUT));
            deadLetters =
                    FileConnectors.sink(
                            SettingsReader.required(options, RerankOptions.FILES_DEAD_LETTERS));
        } else {
            SettingsReader.required(options, RerankOptions.KAFKA_BOOTSTRAP_SERVERS);
            candidateSets = KafkaConnectors.candidateSets(options);
            results =
                    KafkaConnectors.sink(
                            options, options.get(RerankOptions.KAFKA_RERANKED_RESULTS));
            deadLetters =
                    KafkaConnectors.sink(options, options.get(RerankOptions.KAFKA_DEAD_LETTERS));
            control = KafkaConnectors.control(options);
            calibration = KafkaConnectors.calibration(options);
        }
        RerankTopology.build(
                env, candidateSets, scorers, results, deadLetters, control, calibration, settings);
    }
}
