package dev.lychee.rerank.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Messages that an earlier version wrote must be read, and written back without loss. */
class GoldenSamplesTest {

    private static final Map<String, Class<?>> TYPES =
            Map.of(
                    "candidate-set", CandidateSet.class,
                    "reranked-result", RerankedResult.class,
                    "dead-letter", DeadLetter.class,
                    "calibration-map", CalibrationMap.class,
                    "control-change", ControlChange.class,
                    "control-reply", ControlReply.class,
                    "experiment-result", ExperimentResult.class);

    @ParameterizedTest
    @CsvSource({
        "candidate-set, candidate-set",
        "reranked-result, reranked-result",
        "dead-letter, dead-letter",
        "calibration-map, calibration-map",
        "calibration-map, calibration-map-of-clicks",
        "calibration-map, calibration-map-pinned",
        "control-change, control-change",
        "control-reply, control-reply",
        "experiment-result, experiment-result"
    })
    void readsVersionOneAndWritesItBackWithoutLoss(String type, String sample) throws IOException {
        JsonNode golden = sample(sample);

        Object read = Json.mapper().treeToValue(golden, TYPES.get(type));

        JsonNode written = Json.mapper().readTree(Json.mapper().writeValueAsString(read));
        assertThat(written).isEqualTo(golden);
    }

    @ParameterizedTest
    @CsvSource({
        "candidate-set, candidate-set",
        "candidate-set, candidate-set-short-form",
        "reranked-result, reranked-result",
        "reranked-result, reranked-result-of-experiment",
        "dead-letter, dead-letter",
        "calibration-map, calibration-map",
        "calibration-map, calibration-map-of-clicks",
        "calibration-map, calibration-map-pinned",
        "control-change, control-change",
        "control-change, control-change-experiment",
        "control-reply, control-reply",
        "experiment-result, experiment-result"
    })
    void theJsonSchemaAcceptsTheSample(String type, String sample) throws IOException {
        assertThat(schema(type).validate(sample(sample))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "candidate-set, candidate-set",
        "reranked-result, reranked-result",
        "dead-letter, dead-letter",
        "calibration-map, calibration-map",
        "calibration-map, calibration-map-of-clicks",
        "calibration-map, calibration-map-pinned",
        "control-change, control-change",
        "control-reply, control-reply",
        "experiment-result, experiment-result"
    })
    void theJsonSchemaKnowsEveryFieldOfTheSample(String type, String sample) throws IOException {
        JsonNode schema =
                Json.mapper().readTree(resource("/json-schema/" + type + ".v1.schema.json"));

        assertThat(schema.path("properties").fieldNames())
                .toIterable()
                .containsAll(() -> sample(sample).fieldNames());
    }

    @ParameterizedTest
    @CsvSource({
        "candidate-set",
        "reranked-result",
        "dead-letter",
        "calibration-map",
        "control-change",
        "control-reply",
        "experiment-result"
    })
    void theJsonSchemaRefusesAnEmptyObject(String type) throws IOException {
        assertThat(schema(type).validate(Json.mapper().createObjectNode())).isNotEmpty();
    }

    private static JsonNode sample(String name) {
        try {
            return Json.mapper().readTree(resource("/golden/v1/" + name + ".json"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonSchema schema(String type) throws IOException {
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(resource("/json-schema/" + type + ".v1.schema.json"));
    }

    private static InputStream resource(String path) {
        InputStream stream = GoldenSamplesTest.class.getResourceAsStream(path);
        assertThat(stream).as(path).isNotNull();
        return stream;
    }
}
