package dev.lychee.rerank.operators.recalibration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lychee.rerank.operators.calibration.CalibrationMaps;
import dev.lychee.rerank.operators.clicks.ClickSimulator;
import dev.lychee.rerank.operators.clicks.ClickSimulator.Shown;
import dev.lychee.rerank.operators.clicks.ClickSimulator.Users;
import dev.lychee.rerank.operators.evaluation.CalibrationMetrics;
import dev.lychee.rerank.operators.recalibration.TestingRecalibration.Checkpoint;
import dev.lychee.rerank.schemas.CalibrationMap;
import dev.lychee.rerank.schemas.Json;
import dev.lychee.rerank.schemas.flow.InteractionEvent;
import dev.lychee.rerank.schemas.flow.ServedItem;
import dev.lychee.rerank.schemas.flow.ServedResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From results and clicks to maps. */
class RecalibrationTest {

    private static final int REQUESTS = 1_500;
    private static final long INTERVAL = 500;
    private static final long DISORDER = 30_000;
    private static final long START = 1_000_000_000_000L;

    /** A record of either topic. */
    private record Sent(
            long millis, @Nullable ServedResult result, @Nullable InteractionEvent event) {}

    private static List<Shown> shown;
    private static List<Sent> feed;
    private static List<String> maps;

    @BeforeAll
    static void run() throws Exception {
        shown = new ClickSimulator(Users.PLAIN, 3).run(REQUESTS);
        feed = feed(shown, START, true);
        maps = json(play(feed));
    }

    @Test
    void mapsComeCloserToTheTruth() throws Exception {
        CalibrationMap last =
                Json.mapper().readValue(maps.get(maps.size() - 1), CalibrationMap.class);
        double[] logits = shown.stream().mapToDouble(Shown::logit).toArray();
        boolean[] usable = new boolean[logits.length];
        Arrays.fill(usable, true);

        double before = error(Arrays.stream(logits).map(RecalibrationTest::sigmoid).toArray());
        double after =
                error(CalibrationMaps.calibrator(last).calibrate(logits, usable).calibrated());

        assertThat(after).isLessThan(0.3 * before);
        assertThat(last.support()).isGreaterThan(300);
        assertThat(Objects.requireNonNull(last.evidence()).brierAfter())
                .isLessThan(last.evidence().brierBefore());
    }

    @Test
    void versionsGrowAndEachMapIsAtMostOneStepFromTheLast() throws Exception {
        CalibrationMap previous = null;
        for (String each : maps) {
            CalibrationMap map = Json.mapper().readValue(each, CalibrationMap.class);
            if (previous != null) {
                assertThat(map.version()).isGreaterThan(previous.version());
                double[] logits = Objects.requireNonNull(map.logits());
                boolean[] usable = new boolean[logits.length];
                Arrays.fill(usable, true);
                double[] old =
                        CalibrationMaps.calibrator(previous).calibrate(logits, usable).calibrated();
                for (int i = 0; i < logits.length; i++) {
                    assertThat(Math.abs(Objects.requireNonNull(map.probabilities())[i] - old[i]))
                            .isLessThan(0.2 + 1e-9);
                }
            }
            previous = map;
        }
        assertThat(maps.size()).isGreaterThan(3);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void theOrderOfArrivalAndDuplicatesChangeNothing(long seed) throws Exception {
        List<Sent> shuffled = new ArrayList<>();
        Random random = new Random(seed);
        for (Sent each : feed) {
            shuffled.add(each);
            if (random.nextInt(10) == 0) {
                shuffled.add(each);
            }
        }
        TreeMap<Long, Sent> arrival = new TreeMap<>();
        for (Sent each : shuffled) {
            long key = (each.millis() + random.nextInt((int) DISORDER)) << 20;
            while (arrival.putIfAbsent(key, each) != null) {
                key++;
            }
        }

        assertThat(json(play(new ArrayList<>(arrival.values()))).equals(maps)).isTrue();
    }

    @Test
    void aRestartInTheMiddleChangesNothing() throws Exception {
        List<CalibrationMap> all = new ArrayList<>();
        Checkpoint checkpoint;
        int middle = feed.size() / 2;
        try (TestingRecalibration first = new TestingRecalibration(null)) {
            play(first, feed.subList(0, middle));
            checkpoint = first.checkpoint();
            all.addAll(first.maps());
        }
        try (TestingRecalibration second = new TestingRecalibration(checkpoint)) {
            play(second, feed.subList(middle, feed.size()));
            end(second);
            all.addAll(second.maps());
        }

        assertThat(json(all).equals(maps)).isTrue();
    }

    @Test
    void aFeedThatFallsSilentTeachesNothing() throws Exception {
        try (TestingRecalibration pipeline = new TestingRecalibration(null)) {
            play(pipeline, feed);
            end(pipeline);
            int before = pipeline.maps().size();
            long later = feed.get(feed.size() - 1).millis() + 6 * 3_600_000;
            play(pipeline, feed(shown, later, false));
            pipeline.watermark(later + 4 * 3_600_000);

            assertThat(pipeline.maps()).hasSize(before);
            assertThat(TestingRecalibration.count(pipeline.fitMetrics, "numEpochsOfSilentFeed"))
                    .isPositive();
        }
    }

    @Test
    void oneClientCannotMoveMoreThanItsCap() throws Exception {
        List<Sent> flood = new ArrayList<>();
        long from = START + 120_000;
        for (int i = 0; i < 500; i++) {
            String request = "flood-" + i;
            long millis = from + i * 100L;
            flood.add(new Sent(millis, result(request, millis, shown.subList(0, 10)), null));
            for (int rank = 1; rank <= 10; rank++) {
                flood.add(event(request, rank, "robot", 0, millis + 1));
                flood.add(event(request, rank, "robot", 1, millis + 2));
            }
        }

        List<Sent> both = new ArrayList<>(feed);
        both.addAll(flood);
        both.sort((a, b) -> Long.compare(a.millis(), b.millis()));
        try (TestingRecalibration pipeline = new TestingRecalibration(null)) {
            play(pipeline, both);
            end(pipeline);

            long epochs = 2;
            assertThat(pipeline.counted("robot"))
                    .isBetween(1L, epochs * TestingRecalibration.CLIENT_CAP);
            assertThat(pipeline.counted("c-7")).isEqualTo(REQUESTS / 300);
        }
    }

    @Test
    void nothingIsLeftWhenTheTimeOfEverythingHasPassed() throws Exception {
        try (TestingRecalibration pipeline = new TestingRecalibration(null)) {
            play(pipeline, feed.subList(0, 2_000));
            end(pipeline);
            pipeline.watermark(START + 365L * 24 * 3_600_000);

            assertThat(pipeline.stateEntries()).isZero();
        }
    }

    private static List<CalibrationMap> play(List<Sent> sent) throws Exception {
        try (TestingRecalibration pipeline = new TestingRecalibration(null)) {
            play(pipeline, sent);
            end(pipeline);
            return new ArrayList<>(pipeline.maps());
        }
    }

    /** The watermark follows the latest record at the distance of the disorder. */
    private static void play(TestingRecalibration pipeline, List<Sent> sent) throws Exception {
        long latest = 0;
        long marked = 0;
        for (Sent each : sent) {
            ServedResult result = each.result();
            InteractionEvent event = each.event();
            if (result != null) {
                pipeline.serve(result);
            } else if (event != null) {
                pipeline.interact(event);
            }
            latest = Math.max(latest, each.millis());
            if (latest - marked > 10_000) {
                marked = latest;
                pipeline.watermark(latest - DISORDER - 1);
            }
        }
    }

    private static void end(TestingRecalibration pipeline) throws Exception {
        pipeline.watermark(feed.get(feed.size() - 1).millis() + 4 * 3_600_000);
    }

    private static List<Sent> feed(List<Shown> impressions, long start, boolean withClicks) {
        List<Sent> sent = new ArrayList<>();
        for (int i = 0; i < impressions.size(); i += ClickSimulator.RANKS) {
            List<Shown> of = impressions.subList(i, i + ClickSimulator.RANKS);
            String request = "r-" + start + "-" + of.get(0).request();
            String client = "c-" + of.get(0).request() % 300;
            long millis = start + of.get(0).request() * INTERVAL;
            sent.add(new Sent(millis, result(request, millis, of), null));
            for (Shown each : of) {
                sent.add(event(request, each.rank(), client, 0, millis + 1_000));
                if (withClicks && each.clicked()) {
                    sent.add(event(request, each.rank(), client, 1, millis + 5_000));
                }
            }
        }
        Collections.sort(sent, (a, b) -> Long.compare(a.millis(), b.millis()));
        return sent;
    }

    private static ServedResult result(String request, long millis, List<Shown> items) {
        return new ServedResult(
                request,
                "f",
                "default",
                null,
                0,
                millis,
                false,
                items.stream()
                        .map(
                                s ->
                                        new ServedItem(
                                                "d" + s.rank(),
                                                s.rank(),
                                                s.logit(),
                                                sigmoid(s.logit()),
                                                s.pair()))
                        .toList(),
                null,
                false);
    }

    private static Sent event(String request, int rank, String client, double weight, long millis) {
        return new Sent(
                millis,
                null,
                new InteractionEvent(request, "d" + rank, client, weight, null, millis));
    }

    private static double error(double[] probabilities) {
        return CalibrationMetrics.expectedCalibrationError(
                        probabilities,
                        shown.stream().mapToDouble(Shown::truth).toArray(),
                        CalibrationMetrics.DEFAULT_BINS)
                .orElseThrow();
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    private static List<String> json(List<CalibrationMap> all) throws Exception {
        List<String> texts = new ArrayList<>();
        for (CalibrationMap map : all) {
            texts.add(Json.mapper().writeValueAsString(map));
        }
        return texts;
    }
}
