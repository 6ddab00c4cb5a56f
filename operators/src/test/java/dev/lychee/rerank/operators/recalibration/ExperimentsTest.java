package dev.lychee.rerank.operators.recalibration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lychee.rerank.schemas.Assignment;
import dev.lychee.rerank.schemas.Estimate;
import dev.lychee.rerank.schemas.ExperimentPeriod;
import dev.lychee.rerank.schemas.ExperimentResult;
import dev.lychee.rerank.schemas.Json;
import dev.lychee.rerank.schemas.SampleRatio;
import dev.lychee.rerank.schemas.flow.ActionKind;
import dev.lychee.rerank.schemas.flow.ExposureSums;
import dev.lychee.rerank.schemas.flow.InteractionEvent;
import dev.lychee.rerank.schemas.flow.Participation;
import dev.lychee.rerank.schemas.flow.ServedItem;
import dev.lychee.rerank.schemas.flow.ServedResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** From results and actions to what is known about the arms of an experiment. */
class ExperimentsTest {

    private static final long WINDOW = TestingRecalibration.SETTINGS.experiments().windowMillis();
    private static final long RETENTION =
            TestingRecalibration.SETTINGS.experiments().retentionMillis();
    private static final long START = 1_000_000_200_000L;
    private static final long DISORDER = 30_000;
    private static final int USERS = 200;
    private static final int REQUESTS = 2_000;
    private static final long INTERVAL = 1_000;
    private static final long END = START + REQUESTS * INTERVAL;
    private static final long LAST = END + WINDOW + TestingRecalibration.ATTRIBUTION;

    /** A record of either topic. */
    private record Sent(
            long millis, @Nullable ServedResult result, @Nullable InteractionEvent event) {}

    private static List<Sent> feed;
    private static List<ExperimentResult> results;

    @BeforeAll
    static void run() throws Exception {
        assertThat(START % WINDOW).isZero();
        feed = feed("h");
        results = play(feed);
    }

    @Test
    void totalsAreThoseOfTheFeed() {
        ExperimentResult a = last(results, "A", "default");
        ExperimentResult b = last(results, "B", "default");

        assertThat(a.total().exposures() + b.total().exposures()).isEqualTo(REQUESTS);
        assertThat(b.total().exposures()).isEqualTo(served(feed).filter(r -> arm(r) == 1).count());
        assertThat(a.total().units() + b.total().units()).isEqualTo(USERS);
        assertThat(a.total().seen()).isEqualTo(a.total().exposures());
        assertThat(a.total().start()).isEqualTo(Instant.ofEpochMilli(START));
        assertThat(a.total().end()).isAfterOrEqualTo(Instant.ofEpochMilli(END));
        assertThat(a.control()).isEqualTo("A");
        assertThat(a.total().differences()).isNull();
        assertThat(value(a.total().rates().click())).isBetween(0.15, 0.25);
        assertThat(value(b.total().rates().click())).isBetween(0.35, 0.45);
        assertThat(value(b.total().rates().purchase())).isZero();
        assertThat(Objects.requireNonNull(b.total().differences()).click())
                .satisfies(click -> assertThat(Objects.requireNonNull(click).low()).isPositive());
        assertThat(a.sampleRatio()).isNotNull().returns(false, SampleRatio::mismatch);
    }

    @Test
    void windowsAddUpToTheTotal() {
        List<ExperimentPeriod> windows =
                results.stream()
                        .filter(r -> r.variant().equals("A") && r.segment().equals("free"))
                        .map(ExperimentResult::window)
                        .toList();

        assertThat(windows).hasSize(4);
        assertThat(windows)
                .extracting(ExperimentPeriod::start)
                .first()
                .isEqualTo(Instant.ofEpochMilli(START));
        assertThat(windows.stream().mapToLong(ExperimentPeriod::exposures).sum())
                .isEqualTo(last(results, "A", "free").total().exposures());
    }

    @Test
    void aSegmentCountsForItsParents() {
        long parts =
                last(results, "A", "free/mobile").total().exposures()
                        + last(results, "A", "free/web").total().exposures();

        assertThat(last(results, "A", "free").total().exposures()).isEqualTo(parts);
    }

    @Test
    void theOrderOfArrivalAndDuplicatesChangeNothing() throws Exception {
        Random random = new Random(5);
        List<Sent> arrivals = new ArrayList<>();
        List<Long> times = new ArrayList<>();
        List<Integer> order = new ArrayList<>();
        for (Sent each : feed) {
            for (int copy = 0; copy < 1 + random.nextInt(10) / 9; copy++) {
                order.add(arrivals.size());
                arrivals.add(each);
                times.add(each.millis() + random.nextInt((int) DISORDER));
            }
        }
        order.sort(Comparator.comparing(times::get));

        List<Sent> shuffled = order.stream().map(arrivals::get).toList();

        assertThat(shuffled).hasSizeGreaterThan(feed.size()).isNotEqualTo(feed);
        assertThat(json(play(shuffled))).isEqualTo(json(results));
    }

    @Test
    void aRestartInTheMiddleChangesNothing() throws Exception {
        List<ExperimentResult> all = new ArrayList<>();
        int middle = feed.size() / 2;
        TestingRecalibration.Checkpoint checkpoint;
        try (TestingRecalibration first = new TestingRecalibration(null)) {
            play(first, feed.subList(0, middle));
            checkpoint = first.checkpoint();
            all.addAll(first.experimentResults());
        }
        try (TestingRecalibration second = new TestingRecalibration(checkpoint)) {
            play(second, feed.subList(middle, feed.size()));
            second.watermark(LAST);
            all.addAll(second.experimentResults());
        }

        assertThat(all).hasSizeGreaterThan(10);
        assertThat(json(all)).isEqualTo(json(results));
    }

    @Test
    void nothingIsLeftOfAnExperimentThatEnded() throws Exception {
        try (TestingRecalibration pipeline = new TestingRecalibration(null)) {
            play(pipeline, feed);
            pipeline.watermark(LAST);
            int before = pipeline.experimentStateEntries();
            pipeline.watermark(LAST + RETENTION);

            // The totals and how far it has come; no window is open.
            assertThat(before).isEqualTo(2);
            assertThat(pipeline.experimentStateEntries()).isZero();
            assertThat(pipeline.experimentTimers()).isZero();
        }
    }

    @Test
    void anExperimentThatSaysSomethingElseStartsFromNothing() throws Exception {
        List<Sent> both = new ArrayList<>(feed);
        feed("changed").stream()
                .map(each -> later(each, END - START + 10 * WINDOW))
                .forEach(both::add);

        List<ExperimentResult> all = play(both, LAST + END - START + 10 * WINDOW);

        ExperimentResult last = last(all, "A", "default");
        assertThat(last.hash()).isEqualTo("changed");
        assertThat(last.total().exposures())
                .isEqualTo(last(results, "A", "default").total().exposures());
    }

    @Test
    void resultsThatDoNotTrainCountAndResultsThatNobodySawToo() throws Exception {
        List<Sent> few = new ArrayList<>();
        few.add(new Sent(START, result("r-1", 1, 0, "h", START, true), null));
        few.add(new Sent(START, result("r-2", 2, 0, "h", START, false), null));
        few.add(new Sent(START + 1, null, event("r-1", 1, ActionKind.CLICK, START + 1)));

        try (TestingRecalibration pipeline = new TestingRecalibration(null)) {
            play(pipeline, few);
            pipeline.watermark(LAST);

            ExperimentResult a = last(pipeline.experimentResults(), "A", "default");
            assertThat(a.total().exposures()).isEqualTo(2);
            assertThat(a.total().seen()).isEqualTo(1);
            assertThat(value(a.total().rates().click())).isEqualTo(0.5);
            assertThat(a.sampleRatio()).isNull();
            // The degraded one is no clickthrough, though it was clicked on.
            assertThat(pipeline.counted("c")).isZero();
        }
    }

    @Test
    void usersWhoAreMissingInAnArmRaiseTheAlarm() throws Exception {
        List<Sent> lost =
                feed.stream()
                        .filter(
                                each ->
                                        each.result() == null
                                                || arm(each.result()) == 0
                                                || unit(each.result()) % 2 > 0)
                        .toList();

        ExperimentResult b = last(play(lost), "B", "default");

        assertThat(b.sampleRatio()).isNotNull().returns(true, SampleRatio::mismatch);
        assertThat(b.sampleRatio().observed()).isLessThan(0.45);
    }

    @Test
    void thereAreAsManySegmentsAsTheLimitSaysAndAlwaysThatOfAll() throws Exception {
        List<Sent> many = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            many.add(
                    new Sent(
                            START + i,
                            withSegment(result("r-" + i, i, 0, "h", START + i, false), "s" + i),
                            null));
        }
        try (TestingRecalibration pipeline = new TestingRecalibration(null)) {
            play(pipeline, many);
            pipeline.watermark(LAST);

            assertThat(last(pipeline.experimentResults(), "A", "default").total().exposures())
                    .isEqualTo(20);
            assertThat(
                            pipeline.experimentResults().stream()
                                    .map(ExperimentResult::segment)
                                    .collect(Collectors.toSet()))
                    .hasSize(TestingRecalibration.SETTINGS.maxSegments() + 1);
            assertThat(
                            TestingRecalibration.count(
                                    pipeline.measureMetrics, "numCountsOverSegmentLimit"))
                    .isEqualTo(20 - TestingRecalibration.SETTINGS.maxSegments());
        }
    }

    @Test
    void countsThatContradictEarlierOnesAreLeftOut() throws Exception {
        ServedResult fair = result("r-1", 1, 0, "h", START, false);
        Participation liar =
                new Participation(
                        "e", "Z", new Assignment("h", 5, Collections.nCopies(6, 0.1), unitOf(2)));
        try (TestingRecalibration pipeline = new TestingRecalibration(null)) {
            pipeline.serve(fair);
            pipeline.watermark(START + TestingRecalibration.ATTRIBUTION);
            pipeline.serve(
                    new ServedResult(
                            "r-2",
                            "f",
                            "default",
                            null,
                            0,
                            START + 1,
                            false,
                            fair.items(),
                            liar,
                            false));
            pipeline.watermark(LAST);

            assertThat(pipeline.experimentResults())
                    .singleElement()
                    .returns("A", ExperimentResult::variant);
            assertThat(
                            TestingRecalibration.count(
                                    pipeline.measureMetrics, "numCountsContradicting"))
                    .isEqualTo(1);
        }
    }

    /** What the page on state promises. */
    @Test
    void anArmOfASegmentIsAtMostSeventyThreeKilobytes() throws Exception {
        ExposureSums largest =
                new ExposureSums(new long[7 * 128], 3, LongStream.range(0, 8_192).toArray());
        DataOutputSerializer out = new DataOutputSerializer(1 << 17);

        TypeInformation.of(ExposureSums.class)
                .createSerializer(new SerializerConfigImpl())
                .serialize(largest, out);

        assertThat(out.length()).isBetween(72_000, 73_000);
    }

    private static List<ExperimentResult> play(List<Sent> sent) throws Exception {
        return play(sent, LAST);
    }

    private static List<ExperimentResult> play(List<Sent> sent, long until) throws Exception {
        try (TestingRecalibration pipeline = new TestingRecalibration(null)) {
            play(pipeline, sent);
            pipeline.watermark(until);
            return pipeline.experimentResults();
        }
    }

    private static void play(TestingRecalibration pipeline, List<Sent> sent) throws Exception {
        long latest = Long.MIN_VALUE;
        long told = START;
        for (Sent each : sent) {
            if (each.result() != null) {
                pipeline.serve(each.result());
            }
            if (each.event() != null) {
                pipeline.interact(each.event());
            }
            latest = Math.max(latest, each.millis());
            if (latest - DISORDER >= told + 5_000) {
                told = latest - DISORDER - 1;
                pipeline.watermark(told);
            }
        }
    }

    /** Every second user is in arm B, where users click twice as often. */
    private static List<Sent> feed(String hash) {
        Random random = new Random(17);
        List<Sent> sent = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            int user = random.nextInt(USERS);
            int arm = user % 2;
            long millis = START + i * INTERVAL;
            String request = hash + "-" + i;
            sent.add(
                    new Sent(
                            millis,
                            withSegment(
                                    result(request, user, arm, hash, millis, false),
                                    user % 3 == 0 ? "free/web" : "free/mobile"),
                            null));
            sent.add(new Sent(millis + 10, null, event(request, 1, null, millis + 10)));
            if (random.nextDouble() < 0.2 * (1 + arm)) {
                int rank = 1 + random.nextInt(4);
                sent.add(
                        new Sent(
                                millis + 20,
                                null,
                                event(request, rank, ActionKind.CLICK, millis + 20)));
            }
        }
        sent.sort(Comparator.comparingLong(Sent::millis));
        return sent;
    }

    private static ServedResult result(
            String request, int user, int arm, String hash, long millis, boolean untrained) {
        List<ServedItem> items = new ArrayList<>();
        for (int rank = 1; rank <= 4; rank++) {
            items.add(new ServedItem("d" + rank, rank, 0.5, 0.5, null));
        }
        return new ServedResult(
                request,
                "f",
                "default",
                null,
                0,
                millis,
                false,
                items,
                new Participation(
                        "e",
                        arm == 0 ? "A" : "B",
                        new Assignment(hash, arm, List.of(0.5, 0.5), unitOf(user))),
                untrained);
    }

    private static String unitOf(int user) {
        return "%013x".formatted(new Random(user).nextLong() & ((1L << 52) - 1));
    }

    private static ServedResult withSegment(ServedResult result, String segment) {
        return new ServedResult(
                result.requestId(),
                result.fingerprint(),
                segment,
                result.mapSegment(),
                result.mapVersion(),
                result.servedMillis(),
                result.explored(),
                result.items(),
                result.participation(),
                result.untrained());
    }

    private static Sent later(Sent sent, long by) {
        ServedResult result = sent.result();
        InteractionEvent event = sent.event();
        return new Sent(
                sent.millis() + by,
                result == null
                        ? null
                        : new ServedResult(
                                result.requestId(),
                                result.fingerprint(),
                                result.segment(),
                                result.mapSegment(),
                                result.mapVersion(),
                                result.servedMillis() + by,
                                result.explored(),
                                result.items(),
                                result.participation(),
                                result.untrained()),
                event == null
                        ? null
                        : new InteractionEvent(
                                event.requestId(),
                                event.itemId(),
                                event.client(),
                                event.weight(),
                                event.kind(),
                                event.timestampMillis() + by));
    }

    private static InteractionEvent event(
            String request, int rank, @Nullable ActionKind kind, long millis) {
        return new InteractionEvent(request, "d" + rank, "c", kind == null ? 0 : 1, kind, millis);
    }

    private static java.util.stream.Stream<ServedResult> served(List<Sent> sent) {
        return sent.stream().map(Sent::result).filter(Objects::nonNull);
    }

    private static int arm(ServedResult result) {
        return Objects.requireNonNull(result.participation()).assignment().arm();
    }

    private static long unit(ServedResult result) {
        return Objects.requireNonNull(result.participation()).assignment().unitNumber();
    }

    private static ExperimentResult last(
            List<ExperimentResult> all, String variant, String segment) {
        return all.stream()
                .filter(r -> r.variant().equals(variant) && r.segment().equals(segment))
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    private static double value(@Nullable Estimate estimate) {
        return Objects.requireNonNull(estimate).value();
    }

    private static List<String> json(List<ExperimentResult> all) throws Exception {
        List<String> texts = new ArrayList<>();
        for (ExperimentResult each : all) {
            texts.add(Json.mapper().writeValueAsString(each));
        }
        return texts;
    }
}
