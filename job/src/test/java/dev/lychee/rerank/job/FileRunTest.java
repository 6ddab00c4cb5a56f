package dev.lychee.rerank.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lychee.rerank.job.NumberedLines.Numbered;
import dev.lychee.rerank.operators.postprocess.Probability;
import dev.lychee.rerank.operators.scoring.TestingScorer;
import dev.lychee.rerank.schemas.RerankedResult;
import dev.lychee.rerank.schemas.ResultItem;
import dev.lychee.rerank.schemas.Status;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A bounded run over files: the topology as it is in production, on a real cluster. */
class FileRunTest {

    @RegisterExtension
    private static final MiniClusterExtension CLUSTER = TestingCluster.extension();

    private static final String[] DOCUMENTS = {
        "blue coat", "document about red", "red dress is new"
    };

    @TempDir private Path folder;

    @Test
    void everyLineIsAnsweredOrADeadLetter() throws Exception {
        ByteArrayOutputStream input = new ByteArrayOutputStream();
        for (int i = 1; i <= 50; i++) {
            line(input, set("r-" + i, "red dress", "blue coat", "red summer dress", "hat"));
        }
        line(input, "garbage");
        line(input, "");
        line(input, "{\"request_id\":\"no-candidates\",\"query\":\"q\",\"candidates\":[]}");
        line(
                input,
                "{\"request_id\":\"p\",\"query\":\"q\",\"documents\":[\"d\"],\"profile\":\"none\"}");
        input.write(new byte[] {'{', '"', (byte) 0xC3, '"', '}', '\n'});
        line(input, set("one", "red dress", "red dress"));

        run(input);

        var results = results();
        assertThat(results.keySet())
                .containsExactlyElementsOf(
                        IntStream.concat(IntStream.rangeClosed(1, 50), IntStream.of(56))
                                .mapToObj(Long::valueOf)
                                .toList());
        assertThat(results.get(7L).requestId()).isEqualTo("r-7");
        assertThat(results.values())
                .allSatisfy(result -> assertThat(result.status()).isEqualTo(Status.COMPLETE));
        assertThat(results.get(7L).results()).extracting(ResultItem::index).startsWith(1);
        var deadLetters = deadLetters();
        assertThat(deadLetters.keySet()).containsExactly(51L, 53L, 54L, 55L);
        assertThat(deadLetters.values())
                .extracting(letter -> letter.get("reason").asText())
                .containsExactly(
                        "malformed-json", "missing-field", "unknown-profile", "malformed-utf8");
    }

    @Test
    void shardsAreMergedAndIncompleteRequestsFlushedAtTheEndOfInput() throws Exception {
        ByteArrayOutputStream input = new ByteArrayOutputStream();
        line(input, shard("whole", "bm25", 0, 3, "a", "b"));
        line(input, shard("torn", "bm25", 0, 2, "a"));
        line(input, shard("whole", "dense", 1, 3, "b", "c"));
        line(input, shard("whole", "recent", 2, 3, "d"));

        run(input);

        var results = results();
        assertThat(results.keySet()).containsExactly(1L, 2L);
        RerankedResult whole = results.get(1L);
        assertThat(whole.status()).isEqualTo(Status.COMPLETE);
        assertThat(whole.results())
                .extracting(ResultItem::id)
                .containsExactlyInAnyOrder("a", "b", "c", "d");
        assertThat(whole.results())
                .filteredOn(item -> item.id().equals("b"))
                .singleElement()
                .satisfies(
                        item -> {
                            assertThat(item.retrievalRank()).isEqualTo(1);
                            assertThat(item.retrievalRanks())
                                    .containsEntry("bm25", 2)
                                    .containsEntry("dense", 1);
                        });
        assertThat(results.get(2L).status()).isEqualTo(Status.PARTIAL);
        assertThat(deadLetters()).isEmpty();
    }

    @Test
    void aThousandCandidatesComeBackInTheOrderOfTheirScores() throws Exception {
        String[] documents =
                IntStream.range(0, 1_000)
                        .mapToObj(
                                i ->
                                        "item "
                                                + i
                                                + (i % 2 == 0 ? " red" : "")
                                                + (i % 3 == 0 ? " dress" : ""))
                        .toArray(String[]::new);
        ByteArrayOutputStream input = new ByteArrayOutputStream();
        line(input, set("thousand", "red dress", documents));

        run(input);

        RerankedResult result = results().get(1L);
        assertThat(result.results()).hasSize(1_000);
        assertThat(result.results())
                .extracting(ResultItem::logit)
                .isSortedAccordingTo((a, b) -> Double.compare(b, a));
        assertThat(result.results())
                .allSatisfy(
                        item ->
                                assertThat(item.logit())
                                        .isEqualTo(
                                                TestingScorer.expectedLogit(
                                                        "red dress", documents[item.index()])));
    }

    @Test
    void eachAspectOfThePresetIsAskedAndKept() throws Exception {
        ByteArrayOutputStream input = new ByteArrayOutputStream();
        line(input, withFields(set("four", "red dress", DOCUMENTS), "\"profile\":\"aspects\""));
        line(
                input,
                withFields(
                        set("one", "red dress", DOCUMENTS),
                        "\"profile\":\"aspects\",\"instruction\":\"is it blue\""));
        line(input, set("none", "red dress", DOCUMENTS));

        run(input);

        RerankedResult four = results().get(1L);
        assertThat(four.status()).isEqualTo(Status.COMPLETE);
        assertThat(four.results())
                .hasSize(DOCUMENTS.length)
                .allSatisfy(
                        item -> {
                            Map<String, Double> aspects = item.aspects();
                            assertThat(item.probability())
                                    .isCloseTo(
                                            0.4 * aspects.get("semantic_match")
                                                    + 0.3 * aspects.get("completeness")
                                                    + 0.2 * aspects.get("timeliness")
                                                    + 0.1 * aspects.get("credibility"),
                                            within(1e-12));
                            assertThat(item.probability())
                                    .isEqualTo(Probability.sigmoid(item.logit()));
                        });
        assertThat(Set.copyOf(four.results().get(0).aspects().values())).hasSizeGreaterThan(1);
        RerankedResult one = results().get(2L);
        assertThat(one.results()).allSatisfy(item -> assertThat(item.aspects()).isEmpty());
        assertThat(List.of(four.fingerprint(), one.fingerprint(), results().get(3L).fingerprint()))
                .doesNotHaveDuplicates();
        assertThat(deadLetters()).isEmpty();
    }

    @Test
    void aspectsOfAModelThatReadsNoInstructionAreLeftOutWithANote() throws Exception {
        ByteArrayOutputStream input = new ByteArrayOutputStream();
        line(input, withFields(set("deaf", "red dress", DOCUMENTS), "\"profile\":\"aspects\""));
        TestingScorer.Control control = TestingScorer.control();
        control.ignoreInstruction();

        run(input, control);

        RerankedResult result = results().get(1L);
        assertThat(result.status()).isEqualTo(Status.COMPLETE);
        assertThat(result.results()).allSatisfy(item -> assertThat(item.aspects()).isEmpty());
        assertThat(result.trace())
                .filteredOn(step -> step.step().equals("score"))
                .singleElement()
                .satisfies(
                        step ->
                                assertThat(step.note())
                                        .isEqualTo(
                                                "model testing reads no instruction, so it was asked once and not for each aspect"));
    }

    private void run(ByteArrayOutputStream input) throws Exception {
        run(input, TestingScorer.control());
    }

    private void run(ByteArrayOutputStream input, TestingScorer.Control control) throws Exception {
        Path file = folder.resolve("sets.jsonl");
        Files.write(file, input.toByteArray());
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(new Configuration());
        env.setParallelism(2);
        env.enableCheckpointing(500);
        RerankTopology.build(
                env,
                FileConnectors.candidateSets(file.toString(), 1 << 20),
                new TestingScorer.Factory(),
                FileConnectors.sink(folder.resolve("results").toString()),
                FileConnectors.sink(folder.resolve("dead-letters").toString()),
                null,
                null,
                TestingSettings.of(control.packagePath()));
        env.execute();
    }

    private SortedMap<Long, RerankedResult> results() throws IOException {
        return byLine(NumberedLines.results(folder.resolve("results")));
    }

    private SortedMap<Long, JsonNode> deadLetters() throws IOException {
        return byLine(NumberedLines.deadLetters(folder.resolve("dead-letters")));
    }

    private static <T> SortedMap<Long, T> byLine(List<Numbered<T>> lines) {
        SortedMap<Long, T> byLine = new TreeMap<>();
        for (Numbered<T> line : lines) {
            assertThat(byLine.put(line.line(), line.value())).as("line " + line.line()).isNull();
        }
        return byLine;
    }

    private static void line(ByteArrayOutputStream out, String json) throws IOException {
        out.write((json + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static String set(String id, String query, String... documents) {
        return "{\"request_id\":\"%s\",\"query\":\"%s\",\"documents\":[%s]}"
                .formatted(
                        id,
                        query,
                        Stream.of(documents)
                                .map(d -> "\"" + d + "\"")
                                .collect(Collectors.joining(",")));
    }

    private static String withFields(String set, String fields) {
        return set.substring(0, set.length() - 1) + "," + fields + "}";
    }

    private static String shard(String id, String retriever, int index, int count, String... ids) {
        return "{\"request_id\":\"%s\",\"query\":\"red dress\",\"candidates\":[%s],\"shard\":{\"retriever\":\"%s\",\"index\":%d,\"count\":%d}}"
                .formatted(
                        id,
                        Stream.of(ids)
                                .map(d -> "{\"id\":\"" + d + "\",\"text\":\"text of " + d + "\"}")
                                .collect(Collectors.joining(",")),
                        retriever,
                        index,
                        count);
    }
}
