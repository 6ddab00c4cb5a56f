package dev.lychee.rerank.job;

import static org.apache.flink.configuration.ConfigOptions.key;

import dev.lychee.rerank.operators.DeadlinePolicy;
import dev.lychee.rerank.operators.scoring.ScoringSettings.DevicePreference;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.connector.base.DeliveryGuarantee;

/**
 * Every option of the rerank and the recalibrate job. The reference page is generated from this
 * class.
 */
public final class RerankOptions {

    /** Where candidate sets come from and results go to. */
    public enum SourceType {
        KAFKA,
        FILES
    }

    /** Where a job without committed offsets begins to read. */
    public enum StartFrom {
        EARLIEST,
        LATEST
    }

    public static final ConfigOption<SourceType> SOURCE_TYPE =
            key("source.type")
                    .enumType(SourceType.class)
                    .defaultValue(SourceType.KAFKA)
                    .withDescription(
                            "Where candidate sets come from and results go to: topics, or files for a"
                                    + " bounded run of the same topology.");

    public static final ConfigOption<DeadlinePolicy> DEADLINE_POLICY =
            key("deadline-policy")
                    .enumType(DeadlinePolicy.class)
                    .defaultValue(DeadlinePolicy.ENFORCE)
                    .withDescription(
                            "Whether a set is answered at its deadline with what is there, or"
                                    + " deadlines are ignored, as replays need it. Files always ignore"
                                    + " them.");

    public static final ConfigOption<String> KAFKA_BOOTSTRAP_SERVERS =
            key("kafka.bootstrap-servers")
                    .stringType()
                    .noDefaultValue()
                    .withDescription("Brokers to connect to first, as host:port, comma-separated.");

    public static final ConfigOption<String> KAFKA_GROUP_ID =
            key("kafka.group-id")
                    .stringType()
                    .defaultValue("lychee-rerank")
                    .withDescription(
                            "Consumer group under which offsets are committed at each checkpoint.");

    public static final ConfigOption<String> KAFKA_CANDIDATE_SETS =
            key("kafka.topics.candidate-sets")
                    .stringType()
                    .defaultValue("candidate-sets")
                    .withDescription("Topic that candidate sets are read from.");

    public static final ConfigOption<String> KAFKA_RERANKED_RESULTS =
            key("kafka.topics.reranked-results")
                    .stringType()
                    .defaultValue("reranked-results")
                    .withDescription("Topic that results are written to.");

    public static final ConfigOption<String> KAFKA_DEAD_LETTERS =
            key("kafka.topics.dead-letters")
                    .stringType()
                    .defaultValue("dead-letters")
                    .withDescription("Topic that records which cannot be used are written to.");

    public static final ConfigOption<String> KAFKA_CONTROL =
            key("kafka.topics.control")
                    .stringType()
                    .defaultValue("control")
                    .withDescription(
                            "Topic that changes of profiles and experiments are read from, always from"
                                    + " its beginning. It needs one partition and unlimited retention."
                                    + " Where it is missing, nothing can be changed until it is there.");

    public static final ConfigOption<String> KAFKA_CONTROL_REPLIES =
            key("kafka.topics.control-replies")
                    .stringType()
                    .defaultValue("control-replies")
                    .withDescription(
                            "Topic that answers to changes are written to; needed where the control"
                                    + " topic is.");

    public static final ConfigOption<String> KAFKA_CALIBRATION_MAPS =
            key("kafka.topics.calibration-maps")
                    .stringType()
                    .defaultValue("calibration-maps")
                    .withDescription(
                            "Topic of calibration maps, always read from its beginning; the highest"
                                    + " version per fingerprint and segment holds. It needs one"
                                    + " partition and cleanup.policy=compact. Where it is missing, the"
                                    + " maps of calibration.file hold, or none.");

    public static final ConfigOption<String> KAFKA_INTERACTIONS =
            key("kafka.topics.interactions")
                    .stringType()
                    .defaultValue("interactions")
                    .withDescription(
                            "Topic of UBI events that the recalibrate job reads; query_id is the"
                                    + " request_id, object_id the candidate's id.");

    public static final ConfigOption<String> KAFKA_EXPERIMENT_RESULTS =
            key("kafka.topics.experiment-results")
                    .stringType()
                    .defaultValue("experiment-results")
                    .withDescription(
                            "Topic to which the recalibrate job writes what the arms of experiments"
                                    + " do; cleanup.policy=compact keeps the last word on each.");

    public static final ConfigOption<Duration> KAFKA_CONTROL_TIMEOUT =
            key("kafka.control-timeout")
                    .durationType()
                    .defaultValue(Duration.ofSeconds(60))
                    .withDescription(
                            "How long a job that starts without state may read the control topic, or"
                                    + " that of calibration maps, before it fails and is restarted.");

    public static final ConfigOption<StartFrom> KAFKA_START_FROM =
            key("kafka.start-from")
                    .enumType(StartFrom.class)
                    .defaultValue(StartFrom.EARLIEST)
                    .withDescription(
                            "Where to begin when the group has no committed offsets and no savepoint is"
                                    + " restored.");

    public static final ConfigOption<DeliveryGuarantee> KAFKA_DELIVERY_GUARANTEE =
            key("kafka.delivery-guarantee")
                    .enumType(DeliveryGuarantee.class)
                    .defaultValue(DeliveryGuarantee.AT_LEAST_ONCE)
                    .withDescription(
                            "at-least-once writes results at once; after a failure some may be written"
                                    + " again, with the same result_id. exactly-once writes in"
                                    + " transactions: readers must use read_committed and see results only"
                                    + " after the next checkpoint.");

    public static final ConfigOption<String> KAFKA_TRANSACTIONAL_ID_PREFIX =
            key("kafka.transactional-id-prefix")
                    .stringType()
                    .defaultValue("lychee-rerank")
                    .withDescription(
                            "Prefix of transactional ids for exactly-once; unique per job on a Kafka"
                                    + " cluster, and stable over restarts.");

    public static final ConfigOption<Duration> KAFKA_TRANSACTION_TIMEOUT =
            key("kafka.transaction-timeout")
                    .durationType()
                    .defaultValue(Duration.ofMinutes(15))
                    .withDescription(
                            "How long a transaction may stay open; longer than a checkpoint and a"
                                    + " restart together, at most the broker's transaction.max.timeout.ms.");

    public static final ConfigOption<Duration> KAFKA_LINGER =
            key("kafka.linger")
                    .durationType()
                    .defaultValue(Duration.ofMillis(2))
                    .withDescription(
                            "How long the producer waits for more results before it sends a batch.");

    public static final ConfigOption<Map<String, String>> KAFKA_PROPERTIES =
            key("kafka.properties")
                    .mapType()
                    .defaultValue(Map.of())
                    .withDescription(
                            "Further properties of the Kafka clients, such as"
                                    + " kafka.properties.security.protocol=SSL.");

    public static final ConfigOption<String> FILES_INPUT =
            key("files.input")
                    .stringType()
                    .noDefaultValue()
                    .withDescription("File of candidate sets, one JSON object per line.");

    public static final ConfigOption<String> FILES_OUTPUT =
            key("files.output")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "Folder for results: in each line the number of the input line, a tab and"
                                    + " the result.");

    public static final ConfigOption<String> FILES_DEAD_LETTERS =
            key("files.dead-letters")
                    .stringType()
                    .noDefaultValue()
                    .withDescription("Folder for dead letters, in the same form as results.");

    public static final ConfigOption<MemorySize> LIMITS_RECORD =
            key("limits.record")
                    .memoryType()
                    .defaultValue(MemorySize.ofMebiBytes(16))
                    .withDescription(
                            "Largest candidate set; the topic's max.message.bytes must allow it.");

    public static final ConfigOption<Integer> LIMITS_CANDIDATES =
            key("limits.candidates")
                    .intType()
                    .defaultValue(1_000)
                    .withDescription("Most candidates in one record.");

    public static final ConfigOption<MemorySize> LIMITS_DOCUMENT =
            key("limits.document")
                    .memoryType()
                    .defaultValue(MemorySize.ofMebiBytes(1))
                    .withDescription("Most text of one document.");

    public static final ConfigOption<MemorySize> LIMITS_RESULT =
            key("limits.result")
                    .memoryType()
                    .defaultValue(MemorySize.ofMebiBytes(4))
                    .withDescription(
                            "Largest result; a larger one loses its trace, then its documents, then goes"
                                    + " to the dead letters. The topic's max.message.bytes must allow it.");

    public static final ConfigOption<String> PROFILES_FILE =
            key("profiles.file")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "YAML file of profiles, read at submission; they add to the presets or"
                                    + " replace them.");

    public static final ConfigOption<String> PROFILES_DEFAULT =
            key("profiles.default")
                    .stringType()
                    .defaultValue("default")
                    .withDescription("Profile of sets that name none.");

    public static final ConfigOption<Integer> PROFILES_HISTORY =
            key("profiles.history")
                    .intType()
                    .defaultValue(100)
                    .withDescription(
                            "So many published versions, of all profiles together, are remembered and"
                                    + " can be published again.");

    public static final ConfigOption<List<String>> TEXT_DICTIONARIES =
            key("text.dictionaries")
                    .stringType()
                    .asList()
                    .noDefaultValue()
                    .withDescription(
                            "Dictionaries by which queries are cleaned, beside those for English and"
                                    + " Chinese that come with the job: YAML files, or folders of"
                                    + " them, separated by semicolons; read at submission.");

    public static final ConfigOption<String> CALIBRATION_FILE =
            key("calibration.file")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "Calibration maps, one JSON object per line, read at submission; those of"
                                    + " the topic replace them when their version is higher. Without a"
                                    + " map for the model's fingerprint results say identity.");

    public static final ConfigOption<String> SCORING_MODEL =
            key("scoring.model")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "Folder of the model package, at the same path on every TaskManager.");

    public static final ConfigOption<List<String>> SCORING_FURTHER_MODELS =
            key("scoring.further-models")
                    .stringType()
                    .asList()
                    .defaultValues()
                    .withDescription(
                            "Folders of further model packages, separated by semicolons, for profiles"
                                    + " whose models name them. Where a profile names none, scoring.model"
                                    + " scores.");

    public static final ConfigOption<String> SCORING_PRECISION =
            key("scoring.precision")
                    .stringType()
                    .defaultValue("auto")
                    .withDescription(
                            "auto, fp32 or bf16. auto takes bf16 where the device computes in it and the"
                                    + " package has such weights, else fp32.");

    public static final ConfigOption<DevicePreference> SCORING_DEVICE =
            key("scoring.device")
                    .enumType(DevicePreference.class)
                    .defaultValue(DevicePreference.AUTO)
                    .withDescription(
                            "auto, cpu or gpu. auto takes the GPUs that Flink's external resource named"
                                    + " gpu offers, else the CPU; gpu refuses to run without one.");

    public static final ConfigOption<Integer> SCORING_THREADS =
            key("scoring.threads")
                    .intType()
                    .defaultValue(0)
                    .withDescription(
                            "CPU threads of one forward pass; 0 takes all cores of the machine. All slots"
                                    + " of a TaskManager share one model.");

    public static final ConfigOption<Integer> SCORING_PARALLELISM =
            key("scoring.parallelism")
                    .intType()
                    .defaultValue(0)
                    .withDescription(
                            "Parallelism of the scoring operator; 0 takes the job's. One per device is"
                                    + " enough.");

    public static final ConfigOption<Integer> SCORING_CAPACITY =
            key("scoring.capacity")
                    .intType()
                    .defaultValue(128)
                    .withDescription(
                            "Score tasks in flight per scoring subtask; when so many wait, the subtask"
                                    + " holds back its input.");

    public static final ConfigOption<Duration> SCORING_TIMEOUT =
            key("scoring.timeout")
                    .durationType()
                    .defaultValue(Duration.ofMinutes(5))
                    .withDescription(
                            "After this time a task is answered with all its pairs unscored.");

    public static final ConfigOption<Integer> SCORING_TASK_TOKENS =
            key("scoring.task.max-tokens")
                    .intType()
                    .defaultValue(2_048)
                    .withDescription(
                            "Most tokens of one score task, as estimated from its characters. Capacity"
                                    + " times this is the token budget of a subtask.");

    public static final ConfigOption<Integer> SCORING_PAIR_TOKENS =
            key("scoring.task.max-pair-tokens")
                    .intType()
                    .defaultValue(512)
                    .withDescription(
                            "Most tokens that one pair counts for in that estimate, since the model"
                                    + " shortens longer ones.");

    public static final ConfigOption<Integer> SCORING_PICTURE_TOKENS =
            key("scoring.task.picture-tokens")
                    .intType()
                    .defaultValue(0)
                    .withDescription(
                            "Tokens that each picture of a pair counts for in that estimate. 0 takes what"
                                    + " the model package says, if it is checked at submission.");

    public static final ConfigOption<Integer> SCORING_BATCH_TOKENS =
            key("scoring.batch.max-tokens")
                    .intType()
                    .defaultValue(0)
                    .withDescription(
                            "Most tokens of one forward pass, padding included. 0 measures when the"
                                    + " model is loaded: the smallest number that is nearly as fast as"
                                    + " the fastest, or 1024 with scoring.deterministic.");

    public static final ConfigOption<Duration> SCORING_BATCH_PASS =
            key("scoring.batch.max-pass-time")
                    .durationType()
                    .defaultValue(Duration.ofMillis(100))
                    .withDescription(
                            "Longest forward pass that a measured budget may take. A pass cannot be"
                                    + " interrupted, so an urgent pair may wait so long for the device.");

    public static final ConfigOption<Boolean> SCORING_DETERMINISTIC =
            key("scoring.deterministic")
                    .booleanType()
                    .defaultValue(false)
                    .withDescription(
                            "Forms batches of one set's pairs only and keeps no scores, so that a set's"
                                    + " scores are the same to the last bit whatever else is scored, on"
                                    + " machines of one kind. Small sets leave batches unfilled.");

    public static final ConfigOption<Boolean> SCORING_DEGRADE =
            key("scoring.degrade-under-load")
                    .booleanType()
                    .defaultValue(true)
                    .withDescription(
                            "Whether sets with a deadline go without parts of the work when the scorer"
                                    + " is behind: a smaller rerank window, shorter documents, and in the"
                                    + " end scores from the cache or the retriever's order. The result's"
                                    + " degraded names what was left out. Sets without a deadline wait.");

    public static final ConfigOption<Duration> SCORING_BATCH_DELAY =
            key("scoring.batch.max-delay")
                    .durationType()
                    .defaultValue(Duration.ofMillis(5))
                    .withDescription(
                            "How long a pair waits for others to fill its batch while the device is"
                                    + " idle.");

    public static final ConfigOption<Duration> SCORING_MODEL_LINGER =
            key("scoring.model-linger")
                    .durationType()
                    .defaultValue(Duration.ofMinutes(5))
                    .withDescription(
                            "How long a model stays loaded after its last job ended, so that a restart"
                                    + " finds it.");

    public static final ConfigOption<MemorySize> SCORING_CACHE_SIZE =
            key("scoring.cache.max-size")
                    .memoryType()
                    .defaultValue(MemorySize.ofMebiBytes(64))
                    .withDescription(
                            "Heap for scores that are kept, per model and device; 64 mb hold some"
                                    + " 400,000 pairs. The same query with the same document is not"
                                    + " computed again. 0 keeps none.");

    public static final ConfigOption<Integer> SCORING_MAX_FAILED_BATCHES =
            key("scoring.max-failed-batches")
                    .intType()
                    .defaultValue(20)
                    .withDescription(
                            "Batches in a row without a single score after which the device is tried"
                                    + " with a pair that is known to be good. If that fails too, the"
                                    + " process ends, so that Flink restarts the job elsewhere. 0"
                                    + " leaves pairs unscored for ever instead.");

    public static final ConfigOption<Boolean> SCORING_CHECK_AT_SUBMISSION =
            key("scoring.check-at-submission")
                    .booleanType()
                    .defaultValue(true)
                    .withDescription(
                            "Whether each model package is loaded and its golden pairs are scored before"
                                    + " the job is submitted, and whether profiles are refused that ask"
                                    + " for aspects or models which the packages do not have. TaskManagers"
                                    + " check packages in any case. Switch it off where the submitting"
                                    + " machine has no copy of them.");

    public static final ConfigOption<String> IMAGES_ROOTS =
            key("images.roots")
                    .stringType()
                    .defaultValue("")
                    .withDescription(
                            "Folders below which pictures may be read, with their schemes,"
                                    + " comma-separated, such as file:///data/catalogue, s3://bucket/shop."
                                    + " Empty reads from no file system.");

    public static final ConfigOption<String> IMAGES_HOSTS =
            key("images.hosts")
                    .stringType()
                    .defaultValue("")
                    .withDescription(
                            "Web hosts from which pictures may be fetched, comma-separated, such as"
                                    + " cdn.example.com, *.example.com (those below it), cdn.example.com:8443,"
                                    + " or * (any). Empty fetches from none.");

    public static final ConfigOption<Boolean> IMAGES_PRIVATE_ADDRESSES =
            key("images.private-addresses")
                    .booleanType()
                    .defaultValue(false)
                    .withDescription(
                            "Whether those hosts may have addresses that are not public: this machine, a"
                                    + " private network, a cloud's metadata service. For intranets whose"
                                    + " senders are trusted.");

    public static final ConfigOption<MemorySize> IMAGES_MAX_BYTES =
            key("images.max-bytes")
                    .memoryType()
                    .defaultValue(MemorySize.ofMebiBytes(8))
                    .withDescription("Largest encoded picture.");

    public static final ConfigOption<Long> IMAGES_MAX_PIXELS =
            key("images.max-pixels")
                    .longType()
                    .defaultValue(40_000_000L)
                    .withDescription("Most pixels of a picture; looked at before it is decoded.");

    public static final ConfigOption<Duration> IMAGES_TIMEOUT =
            key("images.timeout")
                    .durationType()
                    .defaultValue(Duration.ofSeconds(5))
                    .withDescription(
                            "Longest time that fetching a picture may take, redirects included. Of a set"
                                    + " with a deadline pictures get half of the time that is left, if that is"
                                    + " less.");

    public static final ConfigOption<Integer> IMAGES_THREADS =
            key("images.threads")
                    .intType()
                    .defaultValue(8)
                    .withDescription(
                            "Pictures that are fetched or decoded at a time, per model in a TaskManager.");

    public static final ConfigOption<MemorySize> IMAGES_DECODE_MEMORY =
            key("images.decode-memory")
                    .memoryType()
                    .defaultValue(MemorySize.ofMebiBytes(256))
                    .withDescription(
                            "Heap that decoding may take at a time, as estimated from the pixels; a larger"
                                    + " picture is decoded alone.");

    public static final ConfigOption<MemorySize> IMAGES_CACHE_SIZE =
            key("images.cache-size")
                    .memoryType()
                    .defaultValue(MemorySize.ofMebiBytes(64))
                    .withDescription(
                            "Heap for pictures that are kept as the model reads them, ten minutes at most;"
                                    + " 0 keeps none.");

    public static final ConfigOption<Duration> ASSEMBLY_SHARD_WAIT =
            key("assembly.shard-wait")
                    .durationType()
                    .defaultValue(Duration.ofSeconds(10))
                    .withDescription(
                            "How long a request in shards waits for the missing ones before it is"
                                    + " answered as partial.");

    public static final ConfigOption<Duration> ASSEMBLY_REMEMBER_ANSWERED =
            key("assembly.remember-answered")
                    .durationType()
                    .defaultValue(Duration.ofMinutes(10))
                    .withDescription(
                            "How long an answered request_id is remembered, so that late shards and"
                                    + " redeliveries are known.");

    public static final ConfigOption<Double> EXPLORATION_SHARE =
            key("exploration.share")
                    .doubleType()
                    .defaultValue(0.0)
                    .withDescription(
                            "Share of the sets, 0 to 1, in whose results neighbours change places by"
                                    + " chance, so that clicks tell how much each rank is looked at."
                                    + " Their propensity is 0.5. Partial, fallback and degraded"
                                    + " results are never explored.");

    public static final ConfigOption<Integer> EXPLORATION_BELOW_RANK =
            key("exploration.below-rank")
                    .intType()
                    .defaultValue(1)
                    .withDescription(
                            "Ranks up to this one are never touched by exploration; 0 lets the first"
                                    + " and the second result change places too.");

    public static final ConfigOption<Map<String, String>> RECALIBRATION_ACTIONS =
            key("recalibration.actions")
                    .mapType()
                    .defaultValue(
                            Map.of(
                                    "impression", "0",
                                    "click", "1",
                                    "add_to_cart", "1",
                                    "purchase", "1",
                                    "watch", "1",
                                    "view", "1"))
                    .withDescription(
                            "Actions of UBI events that count, with how much relevance each means, 0 to"
                                    + " 1; 0 says only that the document was seen. Other names for the"
                                    + " same action are entries of their own. Events of other actions"
                                    + " are counted and left out.");

    public static final ConfigOption<Integer> RECALIBRATION_RANKS =
            key("recalibration.ranks")
                    .intType()
                    .defaultValue(20)
                    .withDescription(
                            "So many first ranks count, at most 100. It cannot be changed with a"
                                    + " savepoint.");

    public static final ConfigOption<Integer> RECALIBRATION_ASSUME_SHOWN =
            key("recalibration.assume-shown")
                    .intType()
                    .defaultValue(0)
                    .withDescription(
                            "So many first ranks count as seen where the feed has no impressions. 0"
                                    + " trusts the feed: results without an impression teach nothing.");

    public static final ConfigOption<Duration> RECALIBRATION_ATTRIBUTION =
            key("recalibration.attribution")
                    .durationType()
                    .defaultValue(Duration.ofMinutes(5))
                    .withDescription(
                            "How long after a result its clicks count. A map knows a click after this"
                                    + " time and the rest of the epoch.");

    public static final ConfigOption<Integer> RECALIBRATION_MAX_EVENTS =
            key("recalibration.max-events-per-result")
                    .intType()
                    .defaultValue(500)
                    .withDescription("Most interactions that are kept for one result.");

    public static final ConfigOption<Duration> RECALIBRATION_EPOCH =
            key("recalibration.epoch")
                    .durationType()
                    .defaultValue(Duration.ofMinutes(1))
                    .withDescription(
                            "How often maps are fitted, in event time. It cannot be changed with a"
                                    + " savepoint.");

    public static final ConfigOption<Duration> RECALIBRATION_DISORDER =
            key("recalibration.disorder")
                    .durationType()
                    .defaultValue(Duration.ofSeconds(30))
                    .withDescription(
                            "How much later than others a record may come and still count.");

    public static final ConfigOption<Duration> RECALIBRATION_IDLE_AFTER =
            key("recalibration.idle-after")
                    .durationType()
                    .defaultValue(Duration.ofMinutes(1))
                    .withDescription(
                            "How long a partition may be silent before time goes on without it.");

    public static final ConfigOption<Integer> RECALIBRATION_CLIENT_CAP =
            key("recalibration.client-cap")
                    .intType()
                    .defaultValue(10)
                    .withDescription("Most results per client and epoch that count.");

    public static final ConfigOption<Duration> RECALIBRATION_HALF_LIFE =
            key("recalibration.half-life")
                    .durationType()
                    .defaultValue(Duration.ofHours(24))
                    .withDescription("After this time a click counts half.");

    public static final ConfigOption<Duration> RECALIBRATION_RETENTION =
            key("recalibration.retention")
                    .durationType()
                    .defaultValue(Duration.ofDays(30))
                    .withDescription(
                            "How long a model without results is remembered by the recalibrate job.");

    public static final ConfigOption<Integer> RECALIBRATION_MAX_SEGMENTS =
            key("recalibration.max-segments")
                    .intType()
                    .defaultValue(100)
                    .withDescription(
                            "Most user segments per model that may have maps of their own; clicks of"
                                    + " further ones count for their parents only.");

    public static final ConfigOption<Integer> RECALIBRATION_MIN_SUPPORT =
            key("recalibration.guards.min-support")
                    .intType()
                    .defaultValue(500)
                    .withDescription(
                            "Fewest looks behind a map: documents shown, counted by how much their rank"
                                    + " is examined; and fewest on which it must have beaten the map in"
                                    + " force. A segment with fewer uses its parent's map.");

    public static final ConfigOption<Double> RECALIBRATION_MIN_EXAMINATION =
            key("recalibration.guards.min-examination")
                    .doubleType()
                    .defaultValue(0.03)
                    .withDescription(
                            "Ranks that are examined less than this share of the first rank teach"
                                    + " nothing.");

    public static final ConfigOption<Double> RECALIBRATION_MAX_STEP =
            key("recalibration.guards.max-step")
                    .doubleType()
                    .defaultValue(0.2)
                    .withDescription(
                            "Largest change of a probability from one map to the next; larger ones are"
                                    + " made in steps.");

    public static final ConfigOption<Double> RECALIBRATION_MIN_CHANGE =
            key("recalibration.guards.min-change")
                    .doubleType()
                    .defaultValue(0.005)
                    .withDescription(
                            "A map that changes no probability by this much is not published.");

    public static final ConfigOption<Double> RECALIBRATION_KEPT_FROM =
            key("recalibration.guards.kept-from")
                    .doubleType()
                    .defaultValue(0.5)
                    .withDescription(
                            "Limit on calibrated at which the alarm below counts documents: the one"
                                    + " that your profiles cut at.");

    public static final ConfigOption<Double> RECALIBRATION_MAX_KEPT_CHANGE =
            key("recalibration.guards.max-kept-change")
                    .doubleType()
                    .defaultValue(0.3)
                    .withDescription(
                            "A map that changes the number of shown documents at that limit by a larger"
                                    + " share raises an alarm (numKeptCountAlarms, and the log).");

    public static final ConfigOption<Integer> RECALIBRATION_SILENT_CLICKS =
            key("recalibration.guards.silent-after-clicks")
                    .intType()
                    .defaultValue(20)
                    .withDescription(
                            "When so many clicks were to be expected and none came, the feed is silent:"
                                    + " nothing is learned until clicks come again.");

    public static final ConfigOption<Integer> RECALIBRATION_SILENT_EPOCHS =
            key("recalibration.guards.silent-after-epochs")
                    .intType()
                    .defaultValue(60)
                    .withDescription(
                            "So many epochs with results and without any click mean silence too.");

    public static final ConfigOption<Double> RECALIBRATION_TRUST_POSITIVE =
            key("recalibration.trust.positive")
                    .doubleType()
                    .defaultValue(1.0)
                    .withDescription(
                            "Chance that users click on something relevant that they looked at.");

    public static final ConfigOption<List<Double>> RECALIBRATION_TRUST_NEGATIVE =
            key("recalibration.trust.negative")
                    .doubleType()
                    .asList()
                    .defaultValues(0.0)
                    .withDescription(
                            "Chance that users click on something that is not relevant because they"
                                    + " trust its place, by rank; the last one holds for all further"
                                    + " ranks.");

    public static final ConfigOption<Boolean> RECALIBRATION_TRUST_ESTIMATED =
            key("recalibration.trust.estimated")
                    .booleanType()
                    .defaultValue(false)
                    .withDescription(
                            "Whether those from the second rank on are learned. The first cannot be"
                                    + " told from relevance and is always as configured.");

    public static final ConfigOption<Map<String, String>> EXPERIMENTS_ACTIONS =
            key("experiments.actions")
                    .mapType()
                    .defaultValue(
                            Map.of(
                                    "click", "click",
                                    "add_to_cart", "cart",
                                    "purchase", "purchase"))
                    .withDescription(
                            "Which rate of an experiment an action of recalibration.actions counts for:"
                                    + " click, cart or purchase.");

    public static final ConfigOption<Duration> EXPERIMENTS_WINDOW =
            key("experiments.window")
                    .durationType()
                    .defaultValue(Duration.ofHours(1))
                    .withDescription(
                            "How often the recalibrate job says what the arms of experiments did, in"
                                    + " event time. It cannot be changed with a savepoint.");

    public static final ConfigOption<Duration> EXPERIMENTS_RETENTION =
            key("experiments.retention")
                    .durationType()
                    .defaultValue(Duration.ofDays(30))
                    .withDescription(
                            "How long an experiment without results is remembered; after that it starts"
                                    + " from nothing.");

    private RerankOptions() {}
}
