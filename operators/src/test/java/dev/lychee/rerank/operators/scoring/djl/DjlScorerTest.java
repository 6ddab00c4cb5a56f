package dev.lychee.rerank.operators.scoring.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import dev.lychee.rerank.operators.scoring.EncodedPair;
import dev.lychee.rerank.operators.scoring.EncodedQuery;
import dev.lychee.rerank.operators.scoring.InvalidModelPackageException;
import dev.lychee.rerank.operators.scoring.ScorerDescription;
import dev.lychee.rerank.operators.scoring.ScorerSpec;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DjlScorerTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cls-one",
                "cls-two",
                "cls-bias",
                "yes-no",
                "yes-no-last",
                "yes-no-fused",
                "yes-no-traced",
                "yes-only"
            })
    void agreesWithTheOriginalImplementation(String name) throws Exception {
        try (DjlScorer scorer = TestPackages.load(name)) {
            assertThat(scorer.description().name()).isEqualTo(name);
            assertThat(scorer.description().precision()).isEqualTo("fp32");
            assertThat(scorer.description().device()).isEqualTo("cpu");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cls-one", "yes-no-traced"})
    void agreesInBf16WithinItsOwnTolerance(String name) throws Exception {
        try (DjlScorer scorer = TestPackages.load(TestPackages.folder(name), "bf16")) {
            assertThat(scorer.description().precision()).isEqualTo("bf16");
        }
    }

    @Test
    void takesTheOnlyPrecisionThereIsWhenItMayChoose() throws Exception {
        try (DjlScorer scorer = TestPackages.load(TestPackages.folder("cls-two"), "auto")) {
            assertThat(scorer.description().precision()).isEqualTo("fp32");
        }
    }

    @Test
    void saysWhichPrecisionsThereAre() {
        assertThatThrownBy(() -> TestPackages.load(TestPackages.folder("cls-two"), "bf16"))
                .isInstanceOf(InvalidModelPackageException.class)
                .hasMessageContaining("no bf16 weights; it has fp32");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cls-one",
                "cls-two",
                "cls-bias",
                "yes-no",
                "yes-no-last",
                "yes-no-fused",
                "yes-no-traced",
                "yes-only"
            })
    void scoresAPairTheSameWhateverItsNeighbours(String name) throws Exception {
        try (DjlScorer scorer = TestPackages.load(name)) {
            List<EncodedPair> pairs = pairs(scorer);
            Random random = new Random(7);
            float[] alone = new float[pairs.size()];
            for (int i = 0; i < alone.length; i++) {
                alone[i] = scorer.score(List.of(pairs.get(i)))[0];
            }
            for (int round = 0; round < 20; round++) {
                List<Integer> order = new ArrayList<>();
                List<EncodedPair> batch = new ArrayList<>();
                for (int n = 1 + random.nextInt(pairs.size()); n > 0; n--) {
                    int chosen = random.nextInt(pairs.size());
                    order.add(chosen);
                    batch.add(pairs.get(chosen));
                }

                float[] together = scorer.score(batch);

                for (int i = 0; i < together.length; i++) {
                    assertThat(together[i]).isCloseTo(alone[order.get(i)], within(1e-4f));
                }
            }
        }
    }

    @Test
    void refusesAPackageWhoseTokenTypesWereDropped() throws Exception {
        Path changed =
                TestPackages.changed(
                        "cls-one",
                        folder,
                        "tokenizer.json",
                        text -> text.replace("\"type_id\": 1", "\"type_id\": 0"));

        assertThatThrownBy(() -> TestPackages.load(changed, "fp32"))
                .isInstanceOf(InvalidModelPackageException.class)
                .hasMessageContaining("Golden pair on line 1")
                .hasMessageContaining("red cotton dress")
                .hasMessageContaining("should score -4.470204 and scored")
                .hasMessageContaining("token_type_ids");
    }

    @Test
    void refusesInputsInAnotherOrder() throws Exception {
        Path changed =
                TestPackages.changed(
                        "cls-one",
                        folder,
                        "model.yaml",
                        text ->
                                text.replace(
                                        "attention_mask, token_type_ids",
                                        "token_type_ids, attention_mask"));

        assertThatThrownBy(() -> TestPackages.load(changed, "fp32"))
                .isInstanceOf(InvalidModelPackageException.class)
                .hasMessageContaining("wrong order in 'inputs'");
    }

    @Test
    void refusesAnInputThatTheGraphDoesNotTake() throws Exception {
        Path changed =
                TestPackages.changed(
                        "cls-one",
                        folder,
                        "model.yaml",
                        text -> text.replace(", token_type_ids", ""));

        assertThatThrownBy(() -> TestPackages.load(changed, "fp32"))
                .isInstanceOf(InvalidModelPackageException.class)
                .hasMessageContaining("check 'inputs' and 'outputs' against the graph");
    }

    @Test
    void refusesTheWrongNumberOfOutputs() throws Exception {
        Path changed =
                TestPackages.changed(
                        "cls-two",
                        folder,
                        "model.yaml",
                        text -> text.replace("outputs: 2", "outputs: 1"));

        assertThatThrownBy(() -> TestPackages.load(changed, "fp32"))
                .isInstanceOf(InvalidModelPackageException.class)
                .hasMessageContaining("correct outputs or yes_no.output in model.yaml");
    }

    @Test
    void refusesAnotherPromptByItsTokens() throws Exception {
        Path changed =
                TestPackages.changed(
                        "yes-no",
                        folder,
                        "model.yaml",
                        text -> text.replace("<Query>: {query}", "<Query> : {query}"));

        assertThatThrownBy(() -> TestPackages.load(changed, "fp32"))
                .isInstanceOf(InvalidModelPackageException.class)
                .hasMessageContaining("becomes other tokens than it should: ")
                .hasMessageContaining("wrong prompt");
    }

    @Test
    void refusesAnotherPromptByItsScoreWhereNoTokensAreGiven() throws Exception {
        Path noTokens =
                TestPackages.changed(
                        "yes-no",
                        folder,
                        "golden.jsonl",
                        text -> text.replaceAll("\"input_ids\": \\[[^\\]]*\\], ", ""));
        Files.writeString(
                noTokens.resolve("model.yaml"),
                Files.readString(noTokens.resolve("model.yaml"))
                        .replace("answer: yes or no<|im_end|>", "answer<|im_end|>"));

        assertThatThrownBy(() -> TestPackages.load(noTokens, "fp32"))
                .isInstanceOf(InvalidModelPackageException.class)
                .hasMessageContaining("should score -0.393577");
    }

    @Test
    void refusesYesAndNoTheWrongWayRound() throws Exception {
        Path changed =
                TestPackages.changed(
                        "yes-no",
                        folder,
                        "model.yaml",
                        text ->
                                text.replace(
                                        "yes: \"yes\", no: \"no\"", "yes: \"no\", no: \"yes\""));

        assertThatThrownBy(() -> TestPackages.load(changed, "fp32"))
                .isInstanceOf(InvalidModelPackageException.class)
                .hasMessageContaining("should score -0.393577 and scored 0.393577");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "yes-only | no: null | no: \"no\"",
                "yes-only | yes: \"yes\" | yes: \"no\"",
                "cls-bias | logit_bias: -2.65 | logit_bias: 2.65",
            })
    void refusesAnotherHead(String name, String head, String wrong) throws Exception {
        Path changed =
                TestPackages.changed(name, folder, "model.yaml", text -> text.replace(head, wrong));

        assertThatThrownBy(() -> TestPackages.load(changed, "fp32"))
                .isInstanceOf(InvalidModelPackageException.class)
                .hasMessageContaining("Golden pair on line 1");
    }

    @Test
    void refusesAnAnswerOfSeveralTokens() throws Exception {
        Path changed =
                TestPackages.changed(
                        "yes-no",
                        folder,
                        "model.yaml",
                        text -> text.replace("yes: \"yes\"", "yes: \"yes yes\""));

        assertThatThrownBy(() -> TestPackages.load(changed, "fp32"))
                .isInstanceOf(InvalidModelPackageException.class)
                .hasMessageContaining("'yes_no.yes'")
                .hasMessageContaining("2 tokens; it must be exactly one");
    }

    @Test
    void refusesAnAlteredGoldenLogit() throws Exception {
        Path changed =
                TestPackages.changed(
                        "cls-one",
                        folder,
                        "golden.jsonl",
                        text -> text.replace("-4.470204", "-4.472204"));

        assertThatThrownBy(() -> TestPackages.load(changed, "fp32"))
                .isInstanceOf(InvalidModelPackageException.class)
                .hasMessageContaining("should score -4.472204 and scored -4.4702");
    }

    @Test
    void refusesAFileThatIsNotTorchScript() throws Exception {
        Path changed =
                TestPackages.changed(
                        "cls-one",
                        folder,
                        "model.yaml",
                        text ->
                                text.replace("fp32: model.pt", "fp32: broken.pt")
                                        .replace("outputs", "outputs"));
        Files.writeString(changed.resolve("broken.pt"), "no weights");

        assertThatThrownBy(() -> TestPackages.load(changed, "fp32"))
                .isInstanceOf(InvalidModelPackageException.class)
                .hasMessageContaining("cannot be loaded as TorchScript");
    }

    @Test
    void saysThatAGpuIsMissing() {
        assertThatThrownBy(
                        () ->
                                DjlScorer.load(
                                        new ScorerSpec(
                                                TestPackages.folder("cls-one").toString(),
                                                "fp32",
                                                "gpu:31",
                                                2)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("gpu:31 is asked for");
    }

    @Test
    void encodesOnManyThreadsAsOnOne() throws Exception {
        try (DjlScorer scorer = TestPackages.load("yes-no")) {
            List<int[]> expected = ids(scorer);
            ExecutorService threads = Executors.newFixedThreadPool(4);
            try {
                List<Callable<List<int[]>>> work = new ArrayList<>();
                for (int i = 0; i < 40; i++) {
                    work.add(() -> ids(scorer));
                }
                for (Future<List<int[]>> result : threads.invokeAll(work)) {
                    assertThat(result.get()).usingRecursiveComparison().isEqualTo(expected);
                }
            } finally {
                threads.shutdown();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cls-one", "yes-no"})
    void holdsNoMoreNativeArraysAfterManyBatches(String name) throws Exception {
        try (DjlScorer scorer = TestPackages.load(name)) {
            List<EncodedPair> pairs = pairs(scorer);
            scorer.score(pairs);
            int before = resources(scorer.resources());
            for (int i = 0; i < 200; i++) {
                scorer.score(pairs.subList(0, 1 + i % pairs.size()));
            }
            assertThat(resources(scorer.resources())).isEqualTo(before);
        }
    }

    @Test
    void holdsNoNativeArrayAfterAFailure() throws Exception {
        try (DjlScorer scorer = TestPackages.load("cls-one")) {
            int before = resources(scorer.resources());
            // Position 256 is beyond the model's table.
            EncodedPair tooLong =
                    new PairEncoder.Pair(new int[300], new int[300], false, List.of());

            assertThatThrownBy(() -> scorer.score(List.of(tooLong)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("index out of range");

            assertThat(resources(scorer.resources())).isEqualTo(before);
            assertThat(scorer.score(pairs(scorer))).hasSize(TestPackages.documents().size());
        }
    }

    @Test
    void namesWhatShapesALogitByTheFingerprint() throws Exception {
        Path warmer =
                TestPackages.changed(
                        "yes-no",
                        folder,
                        "model.yaml",
                        text -> text.replace("temperature: 1.0", "temperature: 2.0"));
        try (DjlScorer scorer = TestPackages.load("yes-no");
                DjlScorer other = TestPackages.load(warmer, "fp32")) {
            ScorerDescription description = scorer.description();
            assertThat(description.fingerprint()).matches("[0-9a-f]{16}");
            assertThat(other.description().fingerprint()).isEqualTo(description.fingerprint());
            assertThat(description.fingerprint("answer the query"))
                    .isEqualTo(description.fingerprint(null))
                    .isNotEqualTo(description.fingerprint("rank the products"));
        }
        try (DjlScorer fp32 = TestPackages.load("cls-one");
                DjlScorer bf16 = TestPackages.load(TestPackages.folder("cls-one"), "bf16")) {
            assertThat(fp32.description().fingerprint())
                    .isNotEqualTo(bf16.description().fingerprint());
            assertThat(fp32.description().fingerprint("ignored"))
                    .isEqualTo(fp32.description().fingerprint(null));
        }
    }

    private static List<EncodedPair> pairs(DjlScorer scorer) {
        List<EncodedPair> pairs = new ArrayList<>();
        EncodedQuery query = scorer.encodeQuery(null, "what is the capital of china?");
        for (String document : TestPackages.documents()) {
            pairs.add(scorer.encodePair(query, document));
        }
        return pairs;
    }

    private static List<int[]> ids(DjlScorer scorer) {
        return pairs(scorer).stream().map(pair -> ((PairEncoder.Pair) pair).ids()).toList();
    }

    /** Arrays and managers below a manager, which DJL only prints. */
    private static int resources(NDManager manager) throws ReflectiveOperationException {
        Class<?> type = manager.getClass();
        while (!type.getSimpleName().equals("BaseNDManager")) {
            type = type.getSuperclass();
        }
        Field field = type.getDeclaredField("resources");
        field.setAccessible(true);
        int count = 0;
        for (Object resource : ((Map<?, ?>) field.get(manager)).values()) {
            count += 1 + (resource instanceof NDManager child ? resources(child) : 0);
        }
        return count;
    }
}
