package dev.lychee.rerank.operators.scoring.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lychee.rerank.operators.scoring.InvalidModelPackageException;
import dev.lychee.rerank.operators.scoring.model.ModelPackageCheck;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The package that is shipped: what it is, and that its golden pairs notice what is altered. */
class ShippedPackageTest {

    private static final Path SHIPPED = Path.of("..", "deploy", "models", "lychee-nano");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"fp32", "bf16"})
    void agreesWithItsGoldenPairs(String precision) throws Exception {
        assertThat(ModelPackageCheck.run(SHIPPED, precision).precision()).isEqualTo(precision);
    }

    @Test
    void isOneFileForBothPrecisions() throws Exception {
        ModelPackage pack = ModelPackage.read(SHIPPED);

        assertThat(pack.widens("fp32")).isTrue();
        assertThat(pack.widens("bf16")).isFalse();
        assertThat(pack.fingerprint("fp32")).isNotEqualTo(pack.fingerprint("bf16"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // How a pair becomes one sequence.
                "model.yaml | tokens: 16 | tokens: 15 | (query 'red dress', document '')"
                        + " | number 20 is id 3 instead of 5, 20 in all instead of 21",
                "model.yaml | attention_mask, token_type_ids | token_type_ids, attention_mask"
                        + " | Vintage Denim | off, where",
                "model.yaml | mean: [0.5, 0.5, 0.5] | mean: [0.0, 0.0, 0.0]"
                        + " | (query 'red dress', document '') | off, where",
                "model.yaml | max_query_tokens: 64 | max_query_tokens: 6 | Vintage Denim"
                        + " | number 8 is id 3 instead of 2760, 40 in all instead of 41",
                "tokenizer.json | \"id\":\"B\",\"type_id\":1 | \"id\":\"B\",\"type_id\":0"
                        + " | Vintage Denim | off, where",
                // The tokenizer.
                "tokenizer.json | \"lowercase\":true | \"lowercase\":false | Vintage Denim"
                        + " | number 21 is id 1 instead of 4620, 41 in all",
                "tokenizer.json | \"red\":4641 | \"rød\":4641 | document 'Red Summer Dress, Chiffon"
                        + " | instead of 4641",
            })
    void noticesAnotherTemplateOrTokenizer(
            String file, String original, String other, String pair, String difference)
            throws Exception {
        Path changed =
                TestPackages.changed(SHIPPED, folder, file, text -> text.replace(original, other));

        for (String precision : new String[] {"fp32", "bf16"}) {
            assertThatThrownBy(() -> TestPackages.load(changed, precision))
                    .isInstanceOf(InvalidModelPackageException.class)
                    .hasMessageStartingWith("Golden pair on line ")
                    .hasMessageContaining(pair)
                    .hasMessageContaining(difference);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 19, 35, 69})
    void noticesOtherWeights(int tensor) throws Exception {
        Path changed = TestPackages.copied(SHIPPED, folder);
        negate(changed.resolve("model.pt"), "/model/data/" + tensor);

        for (String precision : new String[] {"fp32", "bf16"}) {
            assertThatThrownBy(() -> TestPackages.load(changed, precision))
                    .isInstanceOf(InvalidModelPackageException.class)
                    .hasMessageStartingWith("Golden pair on line ")
                    .hasMessageMatching(
                            "(?s).* should score \\S+ and scored \\S+: \\S+ off, where "
                                    + precision
                                    + " tolerates .*");
        }
    }

    /** Changes the sign of every value of one tensor. */
    private static void negate(Path torchScript, String tensor) throws IOException {
        // As the engine does, uncompressed.
        try (FileSystem zip =
                FileSystems.newFileSystem(
                        URI.create("jar:" + torchScript.toUri()), Map.of("noCompression", true))) {
            byte[] values = Files.readAllBytes(zip.getPath(tensor));
            for (int i = 1; i < values.length; i += 2) {
                values[i] ^= (byte) 0x80;
            }
            Files.write(zip.getPath(tensor), values);
        }
    }
}
