package dev.lychee.rerank.deploy.demo;

import dev.lychee.rerank.deploy.demo.Sample.SampleQuery;
import dev.lychee.rerank.schemas.Candidate;
import dev.lychee.rerank.schemas.CandidateSetCodec;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/**
 * Asks the sample's queries again and again, as fast as they are answered and never faster than
 * {@link #SETS_PER_SECOND}. One thread runs it; interrupting that thread ends it.
 */
public final class SampleReplay implements Runnable {

    /** A shop with some traffic, on a machine that has other things to do too. */
    private static final int SETS_PER_SECOND = 60;

    private static final int MAX_OPEN_SETS = 16;

    /** A set without an answer holds the others up no longer than this. */
    private static final long WAIT_SECONDS = 2;

    private final Sample sample;
    private final SampleRetriever retriever;
    private final String bootstrapServers;
    private final String topic;
    private final Semaphore open = new Semaphore(MAX_OPEN_SETS);
    private volatile @Nullable Exception failure;

    /** A replay that has not begun. */
    public SampleReplay(
            Sample sample, SampleRetriever retriever, String bootstrapServers, String topic) {
        this.sample = sample;
        this.retriever = retriever;
        this.bootstrapServers = bootstrapServers;
        this.topic = topic;
    }

    /** Notes that so many sets have a result. */
    public void answered(int sets) {
        open.release(sets);
    }

    /** Why sending failed; null when it did not. */
    public @Nullable Exception failure() {
        return failure;
    }

    @Override
    public void run() {
        Map<SampleQuery, List<Candidate>> found = new LinkedHashMap<>();
        for (SampleQuery query : sample.queries()) {
            List<Candidate> candidates = retriever.search(query.text(), SampleFeeder.CANDIDATES);
            if (!candidates.isEmpty()) {
                found.put(query, candidates);
            }
        }
        try (KafkaProducer<byte[], byte[]> producer = SampleFeeder.producer(bootstrapServers)) {
            for (int round = 1; !found.isEmpty(); round++) {
                for (Map.Entry<SampleQuery, List<Candidate>> each : found.entrySet()) {
                    send(producer, each.getKey(), each.getValue(), round);
                    Thread.sleep(TimeUnit.SECONDS.toMillis(1) / SETS_PER_SECOND);
                }
            }
        } catch (InterruptedException | InterruptException stop) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | RuntimeException notSent) {
            failure = notSent;
        }
    }

    private void send(
            KafkaProducer<byte[], byte[]> producer,
            SampleQuery query,
            List<Candidate> candidates,
            int round)
            throws InterruptedException, ExecutionException {
        if (!open.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
            // All that are missing are given up, and this one takes the place of one of them.
            open.release(MAX_OPEN_SETS - 1);
        }
        String requestId = query.id() + "-" + round;
        byte[] set =
                CandidateSetCodec.encode(SampleFeeder.candidateSet(requestId, query, candidates));
        producer.send(new ProducerRecord<>(topic, requestId.getBytes(StandardCharsets.UTF_8), set))
                .get();
    }
}
