package dev.lychee.rerank.operators.recalibration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lychee.rerank.operators.clicks.ClickSimulator;
import dev.lychee.rerank.operators.clicks.ClickSimulator.Shown;
import dev.lychee.rerank.operators.clicks.ClickSimulator.Users;
import dev.lychee.rerank.operators.recalibration.TestingRecalibration.Checkpoint;
import dev.lychee.rerank.schemas.Assignment;
import dev.lychee.rerank.schemas.CalibrationMap;
import dev.lychee.rerank.schemas.ExperimentResult;
import dev.lychee.rerank.schemas.flow.ActionKind;
import dev.lychee.rerank.schemas.flow.InteractionEvent;
import dev.lychee.rerank.schemas.flow.Participation;
import dev.lychee.rerank.schemas.flow.ServedItem;
import dev.lychee.rerank.schemas.flow.ServedResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.util.OperatorSnapshotUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * State of the recalibrate job of every release is restored by today's code. Each was taken after
 * five minutes: maps published, counts kept, results open, an experiment on.
 */
class RecalibrationUpgradeTest {

    private static final Path FIXTURES = Path.of("src/test/resources/state/recalibrate");

    private static final long START = 1_000_000_000_000L;
    private static final long INTERVAL = 500;
    private static final int BEFORE = 600;
    private static final int AFTER = 600;
    private static final int CLIENTS = 300;
    private static final long LONG_AFTER = START + 12 * 3_600_000L;

    static Stream<String> releases() throws IOException {
        try (Stream<Path> folders = Files.list(FIXTURES)) {
            return folders.map(each -> each.getFileName().toString()).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("releases")
    void goesOnWhereItWas(String release) throws Exception {
        try (TestingRecalibration fresh = new TestingRecalibration(null);
                TestingRecalibration restored = new TestingRecalibration(read(release))) {
            for (TestingRecalibration pipeline : List.of(fresh, restored)) {
                play(pipeline, BEFORE, BEFORE + AFTER);
                pipeline.watermark(LONG_AFTER);
            }

            // Open results of the time before are joined and counted, too.
            assertThat(clickthroughs(fresh)).isEqualTo(AFTER);
            assertThat(clickthroughs(restored)).isGreaterThan(AFTER + 100);
            CalibrationMap map = last(restored.maps());
            assertThat(map.version()).isGreaterThan(last(fresh.maps()).version() - 1);
            assertThat(map.support()).isGreaterThan(1.4 * last(fresh.maps()).support());
            ExperimentResult total = last(restored.experimentResults());
            assertThat(total.total().exposures())
                    .isGreaterThan(3 * last(fresh.experimentResults()).total().exposures() / 2);
        }
    }

    /** Writes the fixture of a release: {@code -Dsavepoint.write=0.1.0}. */
    @Test
    @EnabledIfSystemProperty(named = "savepoint.write", matches = ".+")
    void writesAFixture() throws Exception {
        Path folder = FIXTURES.resolve(System.getProperty("savepoint.write"));
        Files.createDirectories(folder);
        try (TestingRecalibration pipeline = new TestingRecalibration(null)) {
            play(pipeline, 0, BEFORE);
            Checkpoint checkpoint = pipeline.checkpoint();

            assertThat(pipeline.maps()).isNotEmpty();
            write(checkpoint.join(), folder.resolve("join"));
            write(checkpoint.cap(), folder.resolve("cap"));
            write(checkpoint.fit(), folder.resolve("fit"));
            write(checkpoint.measure(), folder.resolve("measure"));
        }
    }

    private static void write(OperatorSubtaskState state, Path file) throws IOException {
        OperatorSnapshotUtil.writeStateHandle(state, file.toString());
    }

    private static Checkpoint read(String release) throws Exception {
        Path folder = FIXTURES.resolve(release);
        return new Checkpoint(
                state(folder.resolve("join")),
                state(folder.resolve("cap")),
                OperatorSubtaskState.builder().build(),
                state(folder.resolve("fit")),
                OperatorSubtaskState.builder().build(),
                state(folder.resolve("measure")));
    }

    private static OperatorSubtaskState state(Path file) throws Exception {
        return OperatorSnapshotUtil.readStateHandle(file.toString());
    }

    private static long clickthroughs(TestingRecalibration pipeline) {
        long sum = 0;
        for (int client = 0; client < CLIENTS; client++) {
            sum += pipeline.counted("c-" + client);
        }
        return sum;
    }

    /** Serves requests of these numbers, and has users click on them. */
    private static void play(TestingRecalibration pipeline, int from, int to) throws Exception {
        List<Shown> shown = new ClickSimulator(Users.PLAIN, 7).run(to);
        for (int request = from; request < to; request++) {
            serve(
                    pipeline,
                    request,
                    shown.subList(
                            request * ClickSimulator.RANKS, (request + 1) * ClickSimulator.RANKS));
            if (request % 20 == 0) {
                pipeline.watermark(START + request * INTERVAL - 1);
            }
        }
    }

    private static void serve(TestingRecalibration pipeline, int request, List<Shown> shown)
            throws Exception {
        String id = "r-" + request;
        String client = "c-" + request % CLIENTS;
        long millis = START + request * INTERVAL;
        int arm = request % 2;
        pipeline.serve(
                new ServedResult(
                        id,
                        "f",
                        "default",
                        null,
                        0,
                        millis,
                        false,
                        shown.stream().map(RecalibrationUpgradeTest::item).toList(),
                        new Participation(
                                "e",
                                arm == 0 ? "A" : "B",
                                new Assignment(
                                        "h", arm, List.of(0.5, 0.5), "%013x".formatted(request))),
                        false));
        for (Shown each : shown) {
            String document = "d" + each.rank();
            pipeline.interact(new InteractionEvent(id, document, client, 0, null, millis));
            if (each.clicked()) {
                pipeline.interact(
                        new InteractionEvent(id, document, client, 1, ActionKind.CLICK, millis));
            }
        }
    }

    private static ServedItem item(Shown shown) {
        double served = 1 / (1 + Math.exp(-shown.logit()));
        return new ServedItem("d" + shown.rank(), shown.rank(), shown.logit(), served, null);
    }

    private static <T> T last(List<T> all) {
        return all.get(all.size() - 1);
    }
}
