package dev.lychee.rerank.deploy.demo;

import dev.lychee.rerank.deploy.demo.Sample.SampleQuery;
import dev.lychee.rerank.schemas.Candidate;
import dev.lychee.rerank.schemas.CandidateSet;
import dev.lychee.rerank.schemas.CandidateSetCodec;
import dev.lychee.rerank.schemas.Overrides;
import dev.lychee.rerank.schemas.Query;
import dev.lychee.rerank.schemas.SetContext;
import dev.lychee.rerank.schemas.Shard;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends the sample's queries with what the retriever found for them to a topic, as a stream with
 * pauses.
 *
 * <p>It waits while too many sets are open, so that the latency that is measured is the job's and
 * not that of a queue in front of it. One thread runs it; interrupting that thread ends it.
 */
public final class SampleFeeder implements Runnable {

    /** Documents per query, as a retriever would hand over. */
    static final int CANDIDATES = 50;

    private static final int MAX_OPEN_SETS = 4;
    private static final int MAX_REQUEST_BYTES = 16 * 1024 * 1024;

    private final Sample sample;
    private final SampleRetriever retriever;
    private final DemoLedger ledger;
    private final String bootstrapServers;
    private final String topic;
    private final Duration pause;
    private final boolean once;
    private volatile boolean finished;
    private volatile @Nullable Exception failure;

    /**
     * A feeder.
     *
     * @param pause between two sets
     * @param once whether to end after the last query; otherwise it begins again
     */
    public SampleFeeder(
            Sample sample,
            SampleRetriever retriever,
            DemoLedger ledger,
            String bootstrapServers,
            String topic,
            Duration pause,
            boolean once) {
        this.sample = sample;
        this.retriever = retriever;
        this.ledger = ledger;
        this.bootstrapServers = bootstrapServers;
        this.topic = topic;
        this.pause = pause;
        this.once = once;
    }

    /** Whether everything was sent, or sending failed. */
    public boolean isFinished() {
        return finished;
    }

    /** Why sending failed; null when it did not. */
    public @Nullable Exception failure() {
        return failure;
    }

    @Override
    public void run() {
        try (KafkaProducer<byte[], byte[]> producer = producer(bootstrapServers)) {
            int round = 1;
            do {
                for (SampleQuery query : sample.queries()) {
                    send(producer, query, round);
                    Thread.sleep(pause.toMillis());
                }
                round++;
            } while (!once);
        } catch (InterruptedException | InterruptException stop) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | RuntimeException notSent) {
            failure = notSent;
        } finally {
            finished = true;
        }
    }

    private void send(KafkaProducer<byte[], byte[]> producer, SampleQuery query, int round)
            throws InterruptedException, ExecutionException {
        List<Candidate> candidates = retriever.search(query.text(), CANDIDATES);
        if (candidates.isEmpty()) {
            // Nothing to rank: a retriever that found nothing sends nothing.
            return;
        }
        ledger.awaitOpenBelow(MAX_OPEN_SETS);
        String requestId = once ? query.id() : query.id() + "-" + round;
        byte[] set = CandidateSetCodec.encode(candidateSet(requestId, query, candidates));
        ledger.sending(requestId, query, candidates, System.nanoTime());
        producer.send(new ProducerRecord<>(topic, requestId.getBytes(StandardCharsets.UTF_8), set))
                .get();
    }

    /** Sends each set at once. */
    static KafkaProducer<byte[], byte[]> producer(String bootstrapServers) {
        return new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                        ProducerConfig.LINGER_MS_CONFIG, 0,
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_REQUEST_BYTES),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** The set that stands for a query and what was found for it. */
    static CandidateSet candidateSet(
            String requestId, SampleQuery query, List<Candidate> candidates) {
        return new CandidateSet(
                requestId,
                Instant.now(),
                new Query(query.text(), query.image()),
                candidates,
                null,
                null,
                null,
                null,
                null,
                new SetContext(null, null, null, query.locale(), query.queryType(), null),
                Overrides.NONE,
                Shard.WHOLE);
    }
}
