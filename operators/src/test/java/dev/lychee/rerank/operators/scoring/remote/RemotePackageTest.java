package dev.lychee.rerank.operators.scoring.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lychee.rerank.operators.scoring.InvalidModelPackageException;
import dev.lychee.rerank.operators.scoring.PackageDescription;
import dev.lychee.rerank.operators.scoring.remote.RemotePackage.Api;
import dev.lychee.rerank.operators.scoring.remote.RemotePackage.ScoreKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RemotePackageTest {

    private static final String CHAT =
            """
            schema: 1
            name: judge
            version: "2"
            kind: remote
            limits: {max_tokens: 512, max_query_tokens: 64}
            remote:
              api: chat
              url: http://models:8000/v1/chat/completions
              model: Qwen/Qwen2.5-VL-7B-Instruct
              api_key_env: MODELS_KEY
              retry: {attempts: 2}
              circuit: {requests: 5}
            prompt:
              system: Answer yes or no.
              query: "{instruction} {query}"
              document: "{document}"
              default_instruction: Is it relevant?
            """;

    @TempDir Path folder;

    private RemotePackage read(String yaml) throws Exception {
        Files.writeString(folder.resolve("model.yaml"), yaml);
        return RemotePackage.of(PackageDescription.read(folder));
    }

    @Test
    void readsAPackage() throws Exception {
        RemotePackage pack = read(CHAT);

        assertThat(pack.name()).isEqualTo("judge");
        assertThat(pack.api()).isEqualTo(Api.CHAT);
        assertThat(pack.apiKeyVariable()).isEqualTo("MODELS_KEY");
        assertThat(pack.calls().pairsPerRequest()).isEqualTo(1);
        assertThat(pack.calls().attempts()).isEqualTo(2);
        assertThat(pack.prompt().readsInstruction()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "vllm-rerank, PROBABILITY",
        "vllm-score, PROBABILITY",
        "rerank, PROBABILITY",
        "tei-rerank, LOGIT"
    })
    void knowsWhatAnApiGivesUnlessItIsTold(String api, ScoreKind expected) throws Exception {
        TestingEndpoint.pack(folder, 8000, api);

        assertThat(RemotePackage.of(PackageDescription.read(folder)).score()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            nullValues = "-",
            value = {
                "api: chat | api: grpc | 'remote.api' | vllm-rerank, vllm-score, tei-rerank,"
                        + " rerank, chat",
                "http://models | ftp://models | 'remote.url' | http://host:8000",
                "http://models | http://u:p@models | 'remote.url' | header_env",
                "url: http://models:8000/v1/chat/completions | url: 'no url' | 'remote.url' | is no"
                        + " URL",
                "model: Qwen/Qwen2.5-VL-7B-Instruct | - | 'remote.model' | is missing",
                "MODELS_KEY | sk-0a1b2c3d | 'remote.api_key_env' | must name an environment"
                        + " variable",
                "attempts: 2 | attempts: 0 | 'remote.retry.attempts' | at least 1",
                "attempts: 2 | tries: 2 | 'remote.retry.tries' | is not a field",
                "requests: 5 | failures_percent: 120 | 'remote.circuit.failures_percent' | at most"
                        + " 100",
                "model: Qwen | pairs_per_request: 4#model: Qwen | 'remote.pairs_per_request' | must"
                        + " be 1",
                "api: chat | on_error: ignore#api: chat | 'remote.on_error' | mark or fail",
                "api: chat | api: rerank | 'prompt.system' | belongs to api chat only",
                "'{instruction} {query}' | '{query}' | 'prompt.default_instruction' | belong"
                        + " together",
                "'{instruction} {query}' | '{instruction}' | 'prompt.query' | exactly once",
                "max_query_tokens: 64 | max_query_tokens: 512 | 'limits.max_query_tokens' | has"
                        + " room",
                "version: | golden: {file: none.jsonl}#version: | 'golden.file' | is not in the"
                        + " package",
                "version: | weights: {}#version: | 'weights' | is not a field",
            })
    void namesTheFieldAndTheRemedy(String field, String wrong, String named, String remedy)
            throws Exception {
        String yaml = CHAT.replace('"', '\'');
        assertThat(yaml).contains(field);
        String changed =
                yaml.replace(field, wrong == null ? "" : wrong)
                        .replace("#version:", "\nversion:")
                        .replace("#", "\n  ");

        assertThatThrownBy(() -> read(changed))
                .isInstanceOf(InvalidModelPackageException.class)
                .hasMessageStartingWith("Field " + named)
                .hasMessageContaining(remedy)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("sk-0a1b2c3d"));
    }

    @Test
    void hasOneFingerprintWhereverItIsServed() throws Exception {
        String here = read(CHAT).fingerprint();

        assertThat(read(CHAT.replace("models:8000", "elsewhere:9000")).fingerprint())
                .isEqualTo(here);
        assertThat(read(CHAT.replace("requests: 5", "requests: 6")).fingerprint()).isEqualTo(here);
    }

    @Test
    void hasAnotherFingerprintForWhateverShapesALogit() throws Exception {
        String original = read(CHAT).fingerprint();

        for (Map.Entry<String, String> change :
                Map.of(
                                "Qwen2.5-VL-7B", "Qwen2.5-VL-3B",
                                "Answer yes", "Say yes",
                                "\"2\"", "\"3\"",
                                "max_tokens: 512", "max_tokens: 256",
                                "api: chat", "api: chat\n  request: {seed: 1}",
                                "Is it relevant?", "Does it fit?")
                        .entrySet()) {
            assertThat(read(CHAT.replace(change.getKey(), change.getValue())).fingerprint())
                    .as(change.getValue())
                    .isNotEqualTo(original);
        }
    }
}
