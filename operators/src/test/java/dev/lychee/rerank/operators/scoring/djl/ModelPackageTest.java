package dev.lychee.rerank.operators.scoring.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lychee.rerank.operators.scoring.InvalidModelPackageException;
import dev.lychee.rerank.operators.scoring.PackageDescription;
import dev.lychee.rerank.operators.scoring.ScorerDescription;
import dev.lychee.rerank.operators.scoring.model.ModelPackageCheck;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelPackageTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void readsEveryFieldOfAClassifier() throws Exception {
        ModelPackage pack = ModelPackage.read(TestPackages.folder("cls-one"));

        assertThat(pack.name()).isEqualTo("cls-one");
        assertThat(pack.version()).isEqualTo("1");
        assertThat(pack.kind()).isEqualTo(ModelPackage.Kind.SEQUENCE_CLASSIFICATION);
        assertThat(pack.weights()).containsOnlyKeys("fp32", "bf16");
        assertThat(pack.inputs())
                .containsExactly(
                        ModelPackage.Input.INPUT_IDS,
                        ModelPackage.Input.ATTENTION_MASK,
                        ModelPackage.Input.TOKEN_TYPE_IDS);
        assertThat(pack.limits()).isEqualTo(new PackageDescription.Limits(64, 16));
        assertThat(pack.temperature()).isEqualTo(1.5);
        assertThat(pack.tolerance("bf16")).isEqualTo(0.15);
        assertThat(pack.goldenPairs()).hasSize(7);
        assertThat(pack.prompt()).isNull();
    }

    @Test
    void readsThePromptOfAYesNoModel() throws Exception {
        ModelPackage pack = ModelPackage.read(TestPackages.folder("yes-no-fused"));

        assertThat(pack.yesNo())
                .isEqualTo(new ModelPackage.YesNo("yes", "no", ModelPackage.YesNoOutput.FUSED));
        assertThat(pack.prompt()).isNotNull();
    }

    @Test
    void takesTheOtherAnswerForNoOnlyWhereItIsLeftOut() throws Exception {
        Path changed =
                TestPackages.changed(
                        "yes-only", folder, "model.yaml", text -> text.replace(", no: null", ""));

        ModelPackage.YesNo alone = ModelPackage.read(TestPackages.folder("yes-only")).yesNo();
        ModelPackage.YesNo both = ModelPackage.read(changed).yesNo();

        assertThat(alone)
                .isEqualTo(new ModelPackage.YesNo("yes", null, ModelPackage.YesNoOutput.LOGITS));
        assertThat(both)
                .isEqualTo(new ModelPackage.YesNo("yes", "no", ModelPackage.YesNoOutput.LOGITS));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "schema: 1 | schema: 9 | 'schema' | this version reads schema 1",
                "name: cls-one | name: a b | 'name' | use letters, digits",
                "name: cls-one | nome: cls-one | 'nome' | is not a field of a model package",
                "version: \"1\" | source: here | 'version' | is missing",
                "kind: sequence-classification | kind: bert | 'kind' | yes-no or remote",
                "kind: sequence-classification | kind: yes-no | 'prompt' | is missing",
                "fp32: model.pt | fp32: gone.pt | 'weights.fp32' | is not in the package",
                "fp32: model.pt | fp32: ../model.pt | 'weights.fp32' | is outside the package",
                "fp32: model.pt | fp32: model.onnx | 'weights.fp32' | ends in .pt",
                "{fp32: model.pt, bf16: model-bf16.pt} | {} | 'weights' | name at least one file",
                "{fp32: model.pt, | {fp16: model.pt, fp32: model.pt, | 'weights.fp16' | only bf16",
                "tokenizer: tokenizer.json | tokenizer: gone.json | 'tokenizer' | is not in the"
                        + " package",
                "attention_mask, token | token | 'inputs' | without the mask",
                "attention_mask, token | position_ids, token | 'inputs' | known are input_ids",
                "attention_mask, token | input_ids, token | 'inputs' | twice",
                "outputs: 1 | outputs: 3 | 'outputs' | write 1",
                "outputs: 1 | outputs: one | 'outputs' | whole number",
                "pad_token_id: 0 | pad_token_id: -1 | 'pad_token_id' | must not be negative",
                "max_query_tokens: 16 | max_query_tokens: 64 | 'limits.max_query_tokens' | room",
                "max_tokens: 64, | max_tokens: 4, | 'limits.max_tokens' | at least 8",
                "max_tokens: 64, | | 'limits.max_tokens' | is missing",
                "temperature: 1.5 | temperature: 0 | 'temperature' | above 0",
                "temperature: 1.5 | temperature: 1.0e999 | 'temperature' | must be finite",
                "temperature: 1.5 | logit_bias: a | 'logit_bias' | must be a number",
                "temperature: 1.5 | temprature: 1.5 | 'temprature' | is not a field",
                "file: golden.jsonl | file: gone.jsonl | 'golden.file' | is not in the package",
                "fp32: 0.001 | fp32: -1 | 'golden.tolerance.fp32' | above 0",
            })
    void namesTheFieldAndTheRemedy(String field, String wrong, String named, String remedy)
            throws Exception {
        Path changed =
                TestPackages.changed(
                        "cls-one",
                        folder,
                        "model.yaml",
                        text -> text.replace(field, wrong == null ? "" : wrong));

        assertThatThrownBy(() -> ModelPackage.read(changed))
                .isInstanceOf(InvalidModelPackageException.class)
                .hasMessageStartingWith("Field " + named + " of " + changed)
                .hasMessageContaining(remedy)
                .hasMessageEndingWith(".");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{document} | text | 'prompt.document' | exactly once",
                "{document} | {document}! | 'prompt.document' | must end in {document}",
                "{query} | {query}{query} | 'prompt.query' | exactly once",
                "  default_instruction: answer the query | | 'prompt.default_instruction' | give"
                        + " both",
                "output: logits | output: both | 'yes_no.output' | write logits or fused",
            })
    void namesTheFieldOfAPrompt(String field, String wrong, String named, String remedy)
            throws Exception {
        Path changed =
                TestPackages.changed(
                        "yes-no",
                        folder,
                        "model.yaml",
                        text -> text.replace(field.strip(), wrong == null ? "" : wrong));

        assertThatThrownBy(() -> ModelPackage.read(changed))
                .isInstanceOf(InvalidModelPackageException.class)
                .hasMessageStartingWith("Field " + named)
                .hasMessageContaining(remedy);
    }

    @Test
    void saysThatAFolderIsNoPackage() {
        assertThatThrownBy(() -> ModelPackage.read(folder))
                .isInstanceOf(InvalidModelPackageException.class)
                .hasMessageContaining("There is no model package in " + folder);
    }

    @Test
    void saysThatADescriptionIsNoYaml() throws Exception {
        Files.writeString(folder.resolve("model.yaml"), "name: [");
        assertThatThrownBy(() -> ModelPackage.read(folder))
                .isInstanceOf(InvalidModelPackageException.class)
                .hasMessageContaining("is not readable as YAML");

        Files.writeString(folder.resolve("model.yaml"), "");
        assertThatThrownBy(() -> ModelPackage.read(folder))
                .isInstanceOf(InvalidModelPackageException.class)
                .hasMessageContaining("must hold fields");
    }

    @Test
    void saysWhichGoldenLineIsWrong() throws Exception {
        Path changed =
                TestPackages.changed(
                        "cls-one",
                        folder,
                        "golden.jsonl",
                        text -> text.replaceFirst("\n", "\n{\"query\": \"a\"}\n"));

        assertThatThrownBy(() -> ModelPackage.read(changed).goldenPairs())
                .isInstanceOf(InvalidModelPackageException.class)
                .hasMessageContaining("golden.jsonl line 2 needs a text query");
    }

    @Test
    void refusesAPackageWithoutGoldenPairs() throws Exception {
        Path changed = TestPackages.changed("cls-one", folder, "golden.jsonl", text -> "\n");

        assertThatThrownBy(() -> ModelPackage.read(changed).goldenPairs())
                .isInstanceOf(InvalidModelPackageException.class)
                .hasMessageContaining("holds no pair");
    }

    @ParameterizedTest
    @CsvSource({
        "model.yaml, max_tokens: 64, max_tokens: 63, true",
        "model.yaml, version: \"1\", version: \"2\", true",
        "tokenizer.json, Whitespace, WhitespaceSplit, true",
        "model.yaml, outputs: 1, logit_bias: -2.65, true",
        "model.yaml, outputs: 1, logit_bias: 0, false",
        "model.yaml, temperature: 1.5, temperature: 1.0, false",
        "model.yaml, license: Apache-2.0, license: MIT, false"
    })
    void namesByItsFingerprintWhatShapesALogit(
            String file, String before, String after, boolean differs) throws Exception {
        String original = ModelPackage.read(TestPackages.folder("cls-one")).fingerprint("fp32");
        Path changed =
                TestPackages.changed("cls-one", folder, file, text -> text.replace(before, after));

        String fingerprint = ModelPackage.read(changed).fingerprint("fp32");

        assertThat(fingerprint.equals(original)).isEqualTo(!differs);
    }

    @Test
    void checksAPackageBeforeAJobIsSubmitted() throws Exception {
        ScorerDescription checked = ModelPackageCheck.run(TestPackages.folder("cls-two"), "auto");
        assertThat(checked.name()).isEqualTo("cls-two");

        Path changed =
                TestPackages.changed(
                        "cls-two",
                        folder,
                        "golden.jsonl",
                        text -> text.replace("-1.322859", "1.322859"));
        assertThatThrownBy(() -> ModelPackageCheck.run(changed, "auto"))
                .isInstanceOf(InvalidModelPackageException.class)
                .hasMessageContaining("Golden pair on line 1");
    }
}
