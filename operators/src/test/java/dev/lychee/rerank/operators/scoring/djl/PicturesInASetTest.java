package dev.lychee.rerank.operators.scoring.djl;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.lychee.rerank.operators.image.TestingImages;
import dev.lychee.rerank.operators.image.source.ImageSettings;
import dev.lychee.rerank.operators.scoring.BatchLimits;
import dev.lychee.rerank.operators.scoring.ScoreCandidatesAsyncFunction;
import dev.lychee.rerank.operators.scoring.ScoringSettings;
import dev.lychee.rerank.operators.scoring.ScoringSettings.DevicePreference;
import dev.lychee.rerank.operators.scoring.ServiceLimits;
import dev.lychee.rerank.operators.scoring.model.PackageScorerFactory;
import dev.lychee.rerank.schemas.ImageReference;
import dev.lychee.rerank.schemas.flow.ImageFailure;
import dev.lychee.rerank.schemas.flow.PairOutcome;
import dev.lychee.rerank.schemas.flow.Questions;
import dev.lychee.rerank.schemas.flow.ScoreItem;
import dev.lychee.rerank.schemas.flow.ScoreTask;
import dev.lychee.rerank.schemas.flow.ScoringOutcome;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.AsyncDataStream.OutputMode;
import org.apache.flink.streaming.api.operators.async.AsyncWaitOperatorFactory;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole tasks through Flink's async operator and a model that reads pictures. */
@Timeout(60)
@SuppressWarnings("try") // a harness may be interrupted while it closes
class PicturesInASetTest {

    private static final long TIMEOUT_MILLIS = 20_000;
    private static final int MAX_BYTES = 1 << 16;

    private static ImageReference bytes(byte[] content) {
        return new ImageReference(null, Base64.getEncoder().encodeToString(content));
    }

    private static ImageReference picture(String name) {
        return bytes(TestingImages.read(name));
    }

    private static ImageReference at(String uri) {
        return new ImageReference(uri, null);
    }

    private static ImageSettings images(
            List<String> roots, List<String> hosts, boolean privateAddresses) {
        return new ImageSettings(
                roots,
                hosts,
                privateAddresses,
                MAX_BYTES,
                1_000_000,
                TIMEOUT_MILLIS,
                4,
                1 << 20,
                1 << 20);
    }

    private static ScoreTask task(
            String query, ImageReference queryImage, List<ScoreItem> items, long deadlineMillis) {
        return new ScoreTask(
                "r",
                "e",
                0,
                null,
                query,
                queryImage,
                items,
                items.size(),
                deadlineMillis,
                Questions.ONE);
    }

    private static ScoringOutcome score(String model, ImageSettings images, ScoreTask task)
            throws Exception {
        ScoringSettings settings =
                new ScoringSettings(
                        TestPackages.folder(model).toString(),
                        "fp32",
                        DevicePreference.CPU,
                        new ServiceLimits(new BatchLimits(512, 2), 0, 1 << 20, false, images),
                        0,
                        2,
                        false,
                        false);
        try (var harness =
                new OneInputStreamOperatorTestHarness<ScoreTask, ScoringOutcome>(
                        new AsyncWaitOperatorFactory<>(
                                new ScoreCandidatesAsyncFunction(
                                        new PackageScorerFactory(), settings, TIMEOUT_MILLIS),
                                TIMEOUT_MILLIS,
                                10,
                                OutputMode.UNORDERED),
                        TypeInformation.of(ScoreTask.class)
                                .createSerializer(new SerializerConfigImpl()))) {
            harness.open();
            harness.processElement(task, 0);
            harness.endInput();
            return harness.extractOutputValues().get(0);
        }
    }

    /** Scores one candidate with text per picture; the marks by the candidate's name. */
    private static Map<String, String> marks(ImageSettings images, Map<String, ImageReference> set)
            throws Exception {
        List<ScoreItem> items = new ArrayList<>();
        set.forEach(
                (name, reference) ->
                        items.add(
                                new ScoreItem(
                                        items.size(),
                                        items.size() + 1,
                                        "a hat",
                                        List.of(reference))));
        ScoringOutcome outcome =
                score("pictures", images, task("red", null, items, Long.MAX_VALUE));

        assertThat(outcome.pairs()).allMatch(PairOutcome::scored);
        Map<String, String> marks = new LinkedHashMap<>();
        List<String> names = List.copyOf(set.keySet());
        outcome.pairs().forEach(pair -> marks.put(names.get(pair.position()), pair.image()));
        return marks;
    }

    @Test
    void marksEachBadPictureAndScoresTheRest(@TempDir Path folder) throws Exception {
        Path root = Files.createDirectory(folder.resolve("shop"));
        Files.write(root.resolve("good.png"), TestingImages.read("rgb.png"));
        Path outside = Files.write(folder.resolve("secret.png"), TestingImages.read("rgb.png"));
        Files.createSymbolicLink(root.resolve("link.png"), outside);
        String shop = root.toUri().toString();
        Map<String, ImageReference> set = new LinkedHashMap<>();
        set.put("file", at(shop + "good.png"));
        set.put("cmyk", picture("cmyk.jpg"));
        set.put("turned", picture("exif-6.jpg"));
        set.put("animated", picture("animated.gif"));
        set.put("webp", picture("lossy.webp"));
        set.put("cut off", bytes(TestingImages.truncated("rgb.jpg")));
        set.put("huge", bytes(TestingImages.hugePng()));
        set.put("text", bytes("not a picture".getBytes(StandardCharsets.UTF_8)));
        set.put("too many bytes", bytes(new byte[MAX_BYTES + 100]));
        set.put("no base64", new ImageReference(null, "%%%"));
        set.put("private", at("http://127.0.0.1/a.png"));
        set.put("stranger", at("http://stranger.example.org/a.png"));
        set.put("outside", at(outside.toUri().toString()));
        set.put("upwards", at(shop + "../secret.png"));
        set.put("link", at(shop + "link.png"));
        set.put("missing", at(shop + "missing.png"));

        Map<String, String> marks = marks(images(List.of(shop), List.of("127.0.0.1"), false), set);

        assertThat(marks)
                .containsExactlyInAnyOrderEntriesOf(
                        Map.ofEntries(
                                Map.entry("file", "ok"),
                                Map.entry("cmyk", "ok"),
                                Map.entry("turned", "ok"),
                                Map.entry("animated", "ok"),
                                Map.entry("webp", "ok"),
                                Map.entry("cut off", "unreadable"),
                                Map.entry("huge", "too-many-pixels"),
                                Map.entry("text", "not-an-image"),
                                Map.entry("too many bytes", "too-large"),
                                Map.entry("no base64", "not-an-image"),
                                Map.entry("private", "private-address"),
                                Map.entry("stranger", "not-allowed"),
                                Map.entry("outside", "not-allowed"),
                                Map.entry("upwards", "not-allowed"),
                                Map.entry("link", "not-allowed"),
                                Map.entry("missing", "not-found")));
    }

    @Test
    void doesNotLetASlowHostHoldASetPastItsDeadline() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        ExecutorService threads = Executors.newCachedThreadPool();
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    try (OutputStream out = exchange.getResponseBody()) {
                        while (!done.await(20, TimeUnit.MILLISECONDS)) {
                            out.write(1);
                            out.flush();
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
        server.start();
        try {
            String host = "127.0.0.1:" + server.getAddress().getPort();
            ImageReference slow = at("http://" + host + "/slow.png");
            ImageSettings images = images(List.of(), List.of(host), true);
            ScoreItem good = new ScoreItem(0, 1, "a hat", List.of(picture("rgb.png")));
            ScoreItem late = new ScoreItem(1, 2, "a hat", List.of(slow));
            long deadline = System.currentTimeMillis() + 6_000;

            ScoringOutcome outcome =
                    score("pictures", images, task("red", null, List.of(good, late), deadline));

            assertThat(outcome.pairs())
                    .extracting(PairOutcome::image)
                    .containsExactly("ok", "timeout");
            assertThat(outcome.pairs()).allMatch(PairOutcome::scored);
        } finally {
            done.countDown();
            server.stop(0);
            threads.shutdownNow();
        }
    }

    @Test
    void usesTheFirstPictureThatCanBeReadAndTellsOfTheOthers() throws Exception {
        ImageReference bad = bytes(TestingImages.truncated("rgb.png"));
        ScoreItem several =
                new ScoreItem(0, 1, "", List.of(bad, picture("grey.png"), picture("rgb.png")));
        ScoreItem onlyBad = new ScoreItem(1, 2, "", List.of(bad));
        ScoreItem none = new ScoreItem(2, 3, "a hat", List.of());

        ScoringOutcome outcome =
                score(
                        "pictures",
                        ImageSettings.DEFAULTS,
                        task("red", null, List.of(several, onlyBad, none), Long.MAX_VALUE));

        assertThat(outcome.pairs())
                .extracting(PairOutcome::scored)
                .containsExactly(true, false, true);
        assertThat(outcome.pairs())
                .extracting(PairOutcome::image)
                .containsExactly("ok", "unreadable", null);
        assertThat(outcome.pairs().get(0).imageUse().index()).isEqualTo(1);
        assertThat(outcome.pairs().get(0).imageUse().width()).isEqualTo(24);
        assertThat(outcome.pairs().get(0).imageUse().quality()).isBetween(0.01, 0.99);
        assertThat(outcome.pairs().get(1).error()).startsWith("picture: the PNG is damaged");
        assertThat(outcome.imageFailures())
                .extracting(ImageFailure::position)
                .containsExactly(0, 1);
    }

    @Test
    void goesOnWithTheWordsOfAQueryWhosePictureIsBad() throws Exception {
        ImageReference bad = bytes(TestingImages.hugePng());
        List<ScoreItem> items =
                List.of(
                        new ScoreItem(0, 1, "a hat", List.of(picture("rgb.png"))),
                        new ScoreItem(1, 2, "a hat", List.of()));

        ScoringOutcome words =
                score("pictures", ImageSettings.DEFAULTS, task("red", bad, items, Long.MAX_VALUE));
        ScoringOutcome nothing =
                score("pictures", ImageSettings.DEFAULTS, task("", bad, items, Long.MAX_VALUE));

        assertThat(words.pairs()).allMatch(PairOutcome::scored);
        assertThat(words.pairs())
                .extracting(PairOutcome::image)
                .containsOnly("query-too-many-pixels");
        assertThat(nothing.pairs()).noneMatch(PairOutcome::scored);
        assertThat(nothing.pairs())
                .allSatisfy(pair -> assertThat(pair.error()).contains("30000 x 30000 pixels"));
        assertThat(nothing.imageFailures())
                .singleElement()
                .satisfies(failure -> assertThat(failure.position()).isEqualTo(ImageFailure.QUERY));
    }

    @Test
    void scoresPicturesOnBothSides() throws Exception {
        List<ScoreItem> items =
                List.of(
                        new ScoreItem(0, 1, "", List.of(picture("rgb.png"))),
                        new ScoreItem(1, 2, "", List.of(picture("grey.png"))));

        ScoringOutcome outcome =
                score(
                        "pictures",
                        ImageSettings.DEFAULTS,
                        task("", picture("palette.png"), items, Long.MAX_VALUE));

        assertThat(outcome.pairs()).allMatch(PairOutcome::scored);
        assertThat(outcome.pairs().get(0).logit()).isNotEqualTo(outcome.pairs().get(1).logit());
        assertThat(outcome.imageFailures()).isEmpty();
    }
}
