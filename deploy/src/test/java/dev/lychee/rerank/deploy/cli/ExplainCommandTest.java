package dev.lychee.rerank.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.lychee.rerank.schemas.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lychee explain}. */
class ExplainCommandTest {

    private static final String MODEL = "../operators/src/test/resources/models/cls-one";

    /** What a page must not take for its own. */
    private static final String HOSTILE =
            "</p><script>alert(1)</script> \"'><img src=x> \ud800 \u0007";

    @TempDir private Path folder;

    @Test
    void tellsWhatAWordIsWorthByTheScoreOfThePairWithoutIt() throws IOException {
        TestingCommandLine run =
                explain(
                        "--query",
                        "red dress",
                        "--document",
                        "red summer dress",
                        "--document",
                        "red dress",
                        "--document",
                        "summer");

        assertThat(run.errors()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.output())
                .contains("Candidate 1", "Candidate 3", "moved it most", "starts from normalized");
        JsonNode report = report();
        JsonNode full = report.path("pairs").get(0);
        JsonNode summer = full.path("document").path("words").get(1);
        assertThat(summer.path("text").asText()).isEqualTo("summer");
        assertThat(summer.path("start").asInt()).isEqualTo(4);
        assertThat(summer.path("logit_without").asDouble())
                .isCloseTo(report.path("pairs").get(1).path("logit").asDouble(), within(1e-4));
        assertThat(summer.path("effect").asDouble())
                .isCloseTo(
                        full.path("logit").asDouble() - summer.path("logit_without").asDouble(),
                        within(1e-9));
        assertThat(full.path("query").path("words")).hasSize(2);
        // Nothing is left of a document of one word.
        JsonNode only = report.path("pairs").get(2).path("document").path("words");
        assertThat(only).hasSize(1);
        assertThat(only.get(0).path("effect").isNull()).isTrue();
    }

    @Test
    void explainsACandidateOfASetWithItsPartsAndEachStep() throws IOException {
        Path sets =
                Files.writeString(
                        folder.resolve("sets.jsonl"),
                        """
                        {"request_id":"r-1","query":"red dress","profile":"ecommerce","overrides":{"rules":false},"candidates":[
                         {"id":"a","title":"Red dress","selling_points":["cotton","long","new","fourth"],"fields":{"rating":4.5,"sales":10}},
                         {"id":"b","title":"Blue coat","description":"Warm and long","fields":{"inventory":0}},
                         {"id":"c","text":"a text of its own"}]}
                        {"request_id":"r-2","query":"coat","documents":["coat"]}
                        """
                                .replace("[\n", "[")
                                .replace("},\n", "},"));

        TestingCommandLine run =
                explain(
                        "--sets",
                        sets.toString(),
                        "--request-id",
                        "r-1",
                        "--candidate",
                        "b",
                        "--candidate",
                        "a",
                        "--candidate",
                        "c",
                        "--max-words",
                        "2");

        assertThat(run.errors()).isEmpty();
        assertThat(run.output())
                .contains(
                        "Candidate b  request r-1, profile ecommerce",
                        "its first 2 words were tried, 3 were not",
                        "signal rating: 0.900, weight 0.15",
                        "signal image_quality: 0.500 (field is missing)",
                        "sold out: after what is in stock");
        JsonNode report = report();
        assertThat(parts(report, 0)).containsExactly("title", "description");
        assertThat(parts(report, 1))
                .containsExactly(
                        "title", "selling_points[0]", "selling_points[1]", "selling_points[2]");
        assertThat(parts(report, 2)).isEmpty();
        assertThat(report.path("pairs").get(1).path("parts"))
                .allSatisfy(part -> assertThat(part.path("effect").isNumber()).isTrue());
        assertThat(report.path("result").path("request_id").asText()).isEqualTo("r-1");
        assertThat(
                        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                                .getSchema(
                                        ExplainCommandTest.class.getResourceAsStream(
                                                "/json-schema/explain-report.v1.schema.json"))
                                .validate(report))
                .isEmpty();
    }

    @Test
    void aPageHoldsWhateverADocumentSaysAsText() throws IOException {
        Path set =
                Files.writeString(
                        folder.resolve("set.jsonl"),
                        Json.mapper()
                                .createObjectNode()
                                .put("request_id", "<b>r</b>")
                                .put("query", HOSTILE)
                                .set(
                                        "documents",
                                        Json.mapper()
                                                .createArrayNode()
                                                .add(HOSTILE)
                                                .add("</style><script>"))
                                .toString()
                                .replace("\ud800", "\\ud800"));
        Path html = folder.resolve("page.html");

        TestingCommandLine run =
                explain("--sets", set.toString(), "--candidate", "0", "--html", html.toString());

        assertThat(run.errors()).isEmpty();
        assertThat(run.output()).contains("As a page: " + html).doesNotContain("\u0007");
        assertThat(Files.readString(html))
                .contains("&lt;", "class=\"word\"", "What moved the score")
                .doesNotContain("<script", "<img", "<b>r", "\u0007");
    }

    @Test
    void saysWhatIsMissingOrWrong() throws IOException {
        assertMistake(explain(), "Nothing to explain: give --query and --document");
        assertMistake(explain("--query", "a"), "--query and --document are needed together");
        assertMistake(
                explain("--query", "a", "--document", "b", "--candidate", "c"),
                "--query excludes --sets");
        assertMistake(explain("--query", "a", "--document", " "), "--document is empty");
        assertMistake(
                explain("--query", "a", "--document", "b", "--max-words", "-1"),
                "--max-words must be between 0 and 5000");
        assertMistake(explain("--sets", "/absent"), "There is no file /absent");
        Path sets =
                Files.writeString(
                        folder.resolve("two"),
                        """
                        {"request_id":"r-1","query":"q","documents":["a","b"]}
                        {"request_id":"r-2","query":"q","documents":[]}
                        """);
        assertMistake(
                explain("--sets", sets.toString()), "line 2 of " + sets + ": candidates: the list");
        assertMistake(
                explain("--sets", sets.toString(), "--request-id", "r-3"),
                "There is no request r-3; there are r-1, r-2");
        assertMistake(
                explain("--sets", sets.toString(), "--request-id", "r-1"),
                "Request r-1 has 2 candidates: name those to explain with --candidate, such as 0, 1");
        assertMistake(
                explain("--sets", sets.toString(), "--request-id", "r-1", "--candidate", "x"),
                "Request r-1 has no candidate x; it has 0, 1");
    }

    @Test
    void repeatsWhyTheJobRefusedTheSet() throws IOException {
        Path set =
                Files.writeString(
                        folder.resolve("set"),
                        "{\"request_id\":\"r\",\"query\":\"q\",\"documents\":[\"a b\"],\"profile\":\"absent\"}");

        assertMistake(
                explain("--sets", set.toString()),
                "The set cannot be used: profile: there is no \"absent\"");
    }

    private TestingCommandLine explain(String... arguments) {
        List<String> all =
                new ArrayList<>(
                        List.of(
                                "explain",
                                "--model",
                                MODEL,
                                "--json",
                                folder.resolve("report.json").toString()));
        all.addAll(List.of(arguments));
        return TestingCommandLine.run(all.toArray(String[]::new));
    }

    private JsonNode report() throws IOException {
        return Json.mapper().readTree(folder.resolve("report.json").toFile());
    }

    private static List<String> parts(JsonNode report, int pair) {
        return report.path("pairs").get(pair).path("parts").findValuesAsText("part");
    }

    private static void assertMistake(TestingCommandLine run, String sentence) {
        assertThat(run.errors()).contains("lychee: ").contains(sentence).doesNotContain("\tat ");
        assertThat(run.exitCode()).isEqualTo(ExitCodes.USER_MISTAKE);
    }
}
