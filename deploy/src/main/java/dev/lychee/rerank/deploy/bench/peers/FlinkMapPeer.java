package dev.lychee.rerank.deploy.bench.peers;

import ai.djl.inference.Predictor;
import ai.djl.util.StringPair;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.accumulators.IntCounter;
import org.apache.flink.api.common.accumulators.LongMaximum;
import org.apache.flink.api.common.accumulators.LongMinimum;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.jspecify.annotations.Nullable;

/**
 * A Flink job as public examples of DJL in Flink write it: a map function that predicts one pair
 * per record. Bounded source, map, sink, on a cluster in this JVM.
 */
public final class FlinkMapPeer {

    private static final String FIRST = "first";
    private static final String LAST = "last";
    private static final String SCORED = "scored";

    /**
     * What the map functions score with. Flink copies functions by serialization, which a loaded
     * model does not survive; the examples keep it in a static field, too.
     */
    private static final AtomicReference<@Nullable DjlPeer> MODEL = new AtomicReference<>();

    private FlinkMapPeer() {}

    /**
     * Runs one job over all pairs.
     *
     * <p>Time runs from the first record's arrival in a map function to the last one's score, so
     * starting the cluster does not count.
     *
     * @param model loaded, and used by one job at a time
     * @param parallelism of the map function; the source has one subtask
     * @return what it took; without logits
     */
    public static PeerPass run(DjlPeer model, List<TextPair> pairs, int parallelism) {
        if (!MODEL.compareAndSet(null, model)) {
            throw new IllegalStateException("Another job of this kind is running");
        }
        try (StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(parallelism)) {
            environment
                    .fromData(
                            pairs.stream()
                                    .map(pair -> Tuple2.of(pair.query(), pair.document()))
                                    .toList(),
                            Types.TUPLE(Types.STRING, Types.STRING))
                    .setParallelism(1)
                    .rebalance()
                    .map(new PredictFunction())
                    .returns(Types.FLOAT)
                    .sinkTo(new DiscardingSink<>());
            JobExecutionResult result = environment.execute("one predict per record");
            int scored = result.<Integer>getAccumulatorResult(SCORED);
            if (scored != pairs.size()) {
                throw new IllegalStateException("The job scored " + scored + " pairs");
            }
            long nanos =
                    result.<Long>getAccumulatorResult(LAST)
                            - result.<Long>getAccumulatorResult(FIRST);
            long tokens = model.tokens(pairs);
            return new PeerPass(new float[0], nanos, 0, scored, tokens, tokens);
        } catch (Exception failed) {
            throw new IllegalStateException("The Flink job did not end well", failed);
        } finally {
            MODEL.set(null);
        }
    }

    /** Scores one pair per record. */
    private static final class PredictFunction
            extends RichMapFunction<Tuple2<String, String>, Float> {

        private static final long serialVersionUID = 1;

        // In System.nanoTime(), which all subtasks share: they run in one JVM.
        private final LongMinimum first = new LongMinimum();
        private final LongMaximum last = new LongMaximum();
        private final IntCounter scored = new IntCounter();
        private transient @Nullable Predictor<StringPair, float[]> predictor;

        @Override
        public void open(OpenContext context) {
            predictor = Objects.requireNonNull(MODEL.get()).newPredictor();
            getRuntimeContext().addAccumulator(FIRST, first);
            getRuntimeContext().addAccumulator(LAST, last);
            getRuntimeContext().addAccumulator(SCORED, scored);
        }

        @Override
        public Float map(Tuple2<String, String> pair) throws Exception {
            first.add(System.nanoTime());
            float logit =
                    Objects.requireNonNull(predictor).predict(new StringPair(pair.f0, pair.f1))[0];
            scored.add(1);
            last.add(System.nanoTime());
            return logit;
        }

        @Override
        public void close() {
            if (predictor != null) {
                predictor.close();
            }
        }
    }
}
