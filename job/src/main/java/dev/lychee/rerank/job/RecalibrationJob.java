package dev.lychee.rerank.job;

import dev.lychee.rerank.operators.recalibration.RecalibrationSettings;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The recalibrate job: {@code --config FILE} and {@code -Dkey=value}, as for {@link RerankJob}; one
 * file may serve both.
 */
public final class RecalibrationJob {

    static final String NAME = "lychee recalibrate";

    private static final String SUFFIX = "-recalibration";

    private RecalibrationJob() {}

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
        SettingsReader.required(options, RerankOptions.KAFKA_BOOTSTRAP_SERVERS);
        RecalibrationSettings settings = settings(options);
        Configuration own = ownNames(options);
        RecalibrationTopology.build(
                env,
                KafkaConnectors.recalibrationInput(own, RerankOptions.KAFKA_INTERACTIONS),
                KafkaConnectors.recalibrationInput(own, RerankOptions.KAFKA_RERANKED_RESULTS),
                KafkaConnectors.sink(own, options.get(RerankOptions.KAFKA_CALIBRATION_MAPS)),
                KafkaConnectors.sink(own, options.get(RerankOptions.KAFKA_EXPERIMENT_RESULTS)),
                KafkaConnectors.sink(own, options.get(RerankOptions.KAFKA_DEAD_LETTERS)),
                options.get(RerankOptions.RECALIBRATION_DISORDER),
                options.get(RerankOptions.RECALIBRATION_IDLE_AFTER),
                settings);
    }

    /**
     * What the options say.
     *
     * @throws InvalidOptionException when an option is unknown or wrong
     */
    public static RecalibrationSettings settings(Configuration options) {
        return RecalibrationSettingsReader.read(options);
    }

    /** The name under which the job commits how far it has read. */
    public static String groupId(Configuration options) {
        return ownNames(options).get(RerankOptions.KAFKA_GROUP_ID);
    }

    /** With the same options as the rerank job, offsets and transactions must not be the same. */
    private static Configuration ownNames(Configuration options) {
        Configuration own = new Configuration(options);
        for (ConfigOption<String> name :
                List.of(
                        RerankOptions.KAFKA_GROUP_ID,
                        RerankOptions.KAFKA_TRANSACTIONAL_ID_PREFIX)) {
            own.set(name, options.get(name) + SUFFIX);
        }
        return own;
    }
}
