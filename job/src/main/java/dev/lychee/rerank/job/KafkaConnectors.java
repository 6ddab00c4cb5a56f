package dev.lychee.rerank.job;

import dev.lychee.rerank.operators.TopicAtStart;
import dev.lychee.rerank.schemas.flow.SinkRecord;
import dev.lychee.rerank.schemas.flow.SourcePosition;
import dev.lychee.rerank.schemas.flow.SourceRecord;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import java.util.regex.Pattern;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceOptions;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Candidate sets and changes from topics; results, dead letters and replies to topics. */
final class KafkaConnectors {

    private static final String TRACEPARENT = "traceparent";
    private static final String SCHEMA = "schema";

    /** Room for key, headers and framing beside the largest value. */
    private static final int REQUEST_OVERHEAD_BYTES = 64 * 1024;

    /** How soon a control topic is found that was created after the job was started. */
    private static final String DISCOVERY_MILLIS = "30000";

    private KafkaConnectors() {}

    static Source<SourceRecord, ?, ?> candidateSets(ReadableConfig options) {
        return committed(
                options,
                RerankOptions.KAFKA_CANDIDATE_SETS,
                options.get(RerankOptions.LIMITS_RECORD));
    }

    /** Results or interactions. */
    static Source<SourceRecord, ?, ?> recalibrationInput(
            ReadableConfig options, ConfigOption<String> topic) {
        return committed(options, topic, options.get(RerankOptions.LIMITS_RESULT));
    }

    /** A topic that is read on from where the group is. */
    @SuppressWarnings("deprecation") // the connector's own API still takes OffsetResetStrategy
    private static Source<SourceRecord, ?, ?> committed(
            ReadableConfig options, ConfigOption<String> topic, MemorySize largestRecord) {
        String groupId = options.get(RerankOptions.KAFKA_GROUP_ID);
        Properties properties = new Properties();
        properties.putAll(options.get(RerankOptions.KAFKA_PROPERTIES));
        properties.putIfAbsent(
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                Long.toString(largestRecord.getBytes()));
        // Whoever writes in transactions expects aborted records not to be read.
        properties.putIfAbsent(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        org.apache.kafka.clients.consumer.OffsetResetStrategy otherwise =
                options.get(RerankOptions.KAFKA_START_FROM) == RerankOptions.StartFrom.EARLIEST
                        ? org.apache.kafka.clients.consumer.OffsetResetStrategy.EARLIEST
                        : org.apache.kafka.clients.consumer.OffsetResetStrategy.LATEST;
        return KafkaSource.<SourceRecord>builder()
                .setBootstrapServers(options.get(RerankOptions.KAFKA_BOOTSTRAP_SERVERS))
                .setTopics(options.get(topic))
                .setGroupId(groupId)
                // Two sources of one job must not share the name of a client.
                .setClientIdPrefix(groupId + "-" + options.get(topic))
                .setStartingOffsets(OffsetsInitializer.committedOffsets(otherwise))
                .setDeserializer(new SourceRecordSchema())
                .setProperties(properties)
                .build();
    }

    /** How the job is changed while it runs. */
    static ControlConnectors control(ReadableConfig options) {
        return new ControlConnectors(
                options.get(RerankOptions.KAFKA_CONTROL),
                fromBeginning(options, RerankOptions.KAFKA_CONTROL, "control"),
                atStart(options, RerankOptions.KAFKA_CONTROL, "profiles"),
                // Somebody waits for a reply, and a reply that comes twice is the same.
                sink(
                        options,
                        options.get(RerankOptions.KAFKA_CONTROL_REPLIES),
                        DeliveryGuarantee.AT_LEAST_ONCE));
    }

    /** How the job learns what its logits mean. */
    static CalibrationConnectors calibration(ReadableConfig options) {
        return new CalibrationConnectors(
                fromBeginning(options, RerankOptions.KAFKA_CALIBRATION_MAPS, "calibration"),
                atStart(options, RerankOptions.KAFKA_CALIBRATION_MAPS, "calibration maps"));
    }

    /** A topic that is followed from its first record on, whatever the group has committed. */
    private static Source<SourceRecord, ?, ?> fromBeginning(
            ReadableConfig options, ConfigOption<String> topic, String client) {
        Properties properties = new Properties();
        properties.putAll(options.get(RerankOptions.KAFKA_PROPERTIES));
        properties.putIfAbsent(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.putIfAbsent(
                KafkaSourceOptions.PARTITION_DISCOVERY_INTERVAL_MS.key(), DISCOVERY_MILLIS);
        String groupId = options.get(RerankOptions.KAFKA_GROUP_ID);
        return KafkaSource.<SourceRecord>builder()
                .setBootstrapServers(options.get(RerankOptions.KAFKA_BOOTSTRAP_SERVERS))
                // A pattern may match nothing: a missing topic is an empty one.
                .setTopicPattern(Pattern.compile(Pattern.quote(options.get(topic))))
                .setGroupId(groupId)
                .setClientIdPrefix(groupId + "-" + client)
                .setStartingOffsets(OffsetsInitializer.earliest())
                .setDeserializer(new SourceRecordSchema())
                .setProperties(properties)
                .build();
    }

    private static TopicAtStart atStart(
            ReadableConfig options, ConfigOption<String> topic, String whatHolds) {
        return new KafkaTopicAtStart(
                topic.key(),
                options.get(topic),
                whatHolds,
                options.get(RerankOptions.KAFKA_BOOTSTRAP_SERVERS),
                options.get(RerankOptions.KAFKA_PROPERTIES),
                options.get(RerankOptions.KAFKA_CONTROL_TIMEOUT));
    }

    static Sink<SinkRecord> sink(ReadableConfig options, String topic) {
        return sink(options, topic, options.get(RerankOptions.KAFKA_DELIVERY_GUARANTEE));
    }

    private static Sink<SinkRecord> sink(
            ReadableConfig options, String topic, DeliveryGuarantee guarantee) {
        Properties properties = new Properties();
        properties.putAll(options.get(RerankOptions.KAFKA_PROPERTIES));
        properties.putIfAbsent(
                ProducerConfig.LINGER_MS_CONFIG,
                Long.toString(options.get(RerankOptions.KAFKA_LINGER).toMillis()));
        properties.putIfAbsent(
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                Long.toString(
                        options.get(RerankOptions.LIMITS_RESULT).getBytes()
                                + REQUEST_OVERHEAD_BYTES));
        properties.putIfAbsent(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        if (guarantee == DeliveryGuarantee.EXACTLY_ONCE) {
            properties.putIfAbsent(
                    ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                    Long.toString(options.get(RerankOptions.KAFKA_TRANSACTION_TIMEOUT).toMillis()));
        }
        return KafkaSink.<SinkRecord>builder()
                .setBootstrapServers(options.get(RerankOptions.KAFKA_BOOTSTRAP_SERVERS))
                .setRecordSerializer(new SinkRecordSchema(topic))
                .setDeliveryGuarantee(guarantee)
                .setTransactionalIdPrefix(
                        options.get(RerankOptions.KAFKA_TRANSACTIONAL_ID_PREFIX) + "-" + topic)
                .setKafkaProducerConfig(properties)
                .build();
    }

    /**
     * Takes records as they are; decoding happens in an operator that has a way out for bad ones.
     */
    static final class SourceRecordSchema
            implements KafkaRecordDeserializationSchema<SourceRecord> {

        @Override
        public void deserialize(
                ConsumerRecord<byte[], byte[]> record, Collector<SourceRecord> out) {
            out.collect(sourceRecord(record));
        }

        static SourceRecord sourceRecord(ConsumerRecord<byte[], byte[]> record) {
            return new SourceRecord(
                    new SourcePosition(record.topic(), record.partition(), record.offset()),
                    timestamp(record),
                    header(record, TRACEPARENT),
                    record.value());
        }

        /** Records of very old producers have no timestamp; deadlines then count from now. */
        private static long timestamp(ConsumerRecord<byte[], byte[]> record) {
            return record.timestamp() >= 0 ? record.timestamp() : System.currentTimeMillis();
        }

        private static @Nullable String header(ConsumerRecord<byte[], byte[]> record, String name) {
            Header header = record.headers().lastHeader(name);
            return header == null || header.value() == null
                    ? null
                    : new String(header.value(), StandardCharsets.UTF_8);
        }

        @Override
        public TypeInformation<SourceRecord> getProducedType() {
            return TypeInformation.of(SourceRecord.class);
        }
    }

    /** Key, value, and the schema version and trace context as headers. */
    static final class SinkRecordSchema implements KafkaRecordSerializationSchema<SinkRecord> {

        private final String topic;

        SinkRecordSchema(String topic) {
            this.topic = topic;
        }

        @Override
        public ProducerRecord<byte[], byte[]> serialize(
                SinkRecord record, KafkaSinkContext context, @Nullable Long timestamp) {
            ProducerRecord<byte[], byte[]> produced =
                    new ProducerRecord<>(
                            topic, record.key().getBytes(StandardCharsets.UTF_8), record.value());
            produced.headers()
                    .add(
                            SCHEMA,
                            Integer.toString(record.schema()).getBytes(StandardCharsets.UTF_8));
            String traceparent = record.traceparent();
            if (traceparent != null) {
                produced.headers().add(TRACEPARENT, traceparent.getBytes(StandardCharsets.UTF_8));
            }
            return produced;
        }
    }
}
