package dev.lychee.rerank.operators.scoring.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lychee.rerank.operators.image.ImageDecoder;
import dev.lychee.rerank.operators.image.TestingImages;
import dev.lychee.rerank.operators.image.UnreadableImageException;
import dev.lychee.rerank.operators.scoring.Content;
import dev.lychee.rerank.operators.scoring.EncodedPair;
import dev.lychee.rerank.operators.scoring.InvalidModelPackageException;
import dev.lychee.rerank.operators.scoring.PackageDescription;
import dev.lychee.rerank.operators.scoring.PairImage;
import dev.lychee.rerank.operators.scoring.ScorerImages;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A package that reads pictures; loading it compares four modes with eager PyTorch already. */
class PictureScorerTest {

    private static final int PLACEHOLDER = 4;
    private static final int TOKENS = 4;

    private static DjlScorer scorer;

    @BeforeAll
    static void load() throws InvalidModelPackageException {
        scorer = TestPackages.load("pictures");
    }

    @AfterAll
    static void close() {
        scorer.close();
    }

    private static Content content(String text, String picture) throws UnreadableImageException {
        if (picture == null) {
            return Content.ofText(text);
        }
        var decoded = new ImageDecoder(1 << 20, 1 << 20).decode(TestingImages.read(picture));
        var pixels = Objects.requireNonNull(scorer.imageProcessor()).process(decoded.image());
        return new Content(text, new PairImage.Pixels(picture, pixels));
    }

    private static PairEncoder.Pair pair(Content query, Content document) {
        return (PairEncoder.Pair) scorer.encodePair(scorer.encodeQuery(null, query), document);
    }

    private static float scoreAlone(EncodedPair pair) {
        return scorer.score(List.of(pair))[0];
    }

    @Test
    void saysThatItReadsPixels() {
        assertThat(scorer.description().images())
                .isEqualTo(new ScorerImages(ScorerImages.Kind.PIXELS, TOKENS));
    }

    @Test
    void putsEachPictureBeforeTheTextOfItsSide() throws Exception {
        PairEncoder.Pair both = pair(content("red", "rgb.png"), content("hat", "grey.png"));

        int[] texts = pair(content("red", null), content("hat", null)).ids();
        int i = PLACEHOLDER;
        assertThat(both.ids())
                .containsExactly(
                        texts[0], i, i, i, i, texts[1], texts[2], i, i, i, i, texts[3], texts[4]);
        assertThat(both.images()).hasSize(2);
        assertThat(both.tokens()).isEqualTo(texts.length + 2 * TOKENS);
        assertThat(pair(content("", "rgb.png"), content("", "grey.png")).ids())
                .hasSize(3 + 2 * TOKENS);
    }

    @Test
    void scoresAPairTheSameInAnyCompany() throws Exception {
        List<EncodedPair> pairs = new ArrayList<>();
        for (String query : new String[] {null, "rgb.png", "alpha.png"}) {
            for (String document : new String[] {null, "grey.png", "palette.png", "rgb.jpg"}) {
                for (String text : new String[] {"a red hat", "", "one two three four five six"}) {
                    pairs.add(pair(content("red cotton dress", query), content(text, document)));
                }
            }
        }
        // Of 17 pairs the batch is padded to more.
        for (int size : new int[] {1, 2, 17, pairs.size()}) {
            float[] together = scorer.score(pairs.subList(0, size));
            for (int i = 0; i < size; i++) {
                assertThat(together[i])
                        .as("pair %d of %d", i, size)
                        .isCloseTo(scoreAlone(pairs.get(i)), within(1e-4f));
            }
        }
    }

    @Test
    void seesDifferencesBetweenPictures() throws Exception {
        float grey = scoreAlone(pair(content("red", null), content("hat", "grey.png")));
        float colour = scoreAlone(pair(content("red", null), content("hat", "rgb.png")));
        float none = scoreAlone(pair(content("red", null), content("hat", null)));

        assertThat(grey).isNotCloseTo(colour, within(1e-3f)).isNotCloseTo(none, within(1e-3f));
    }

    @Test
    void doesNotTakeWordsOfAUserForAPicture() throws Exception {
        PairEncoder.Pair forged = pair(content("red [IMG]", null), content("[IMG][IMG] hat", null));

        assertThat(forged.ids()).doesNotContain(PLACEHOLDER);
        assertThat(scoreAlone(forged)).isFinite();
    }

    @Test
    void shortensTheTextAndNeverThePicture() throws Exception {
        PairEncoder.Pair pair =
                pair(content("red", "rgb.png"), content("hat ".repeat(200), "grey.png"));

        assertThat(pair.tokens()).isEqualTo(64);
        assertThat(pair.truncated()).isTrue();
        assertThat(IntStream.of(pair.ids()).filter(id -> id == PLACEHOLDER)).hasSize(2 * TOKENS);
    }

    @Test
    void refusesAPlaceholderThatUsersCouldWrite(@TempDir Path folder) throws Exception {
        Path changed =
                TestPackages.changed(
                        "pictures",
                        folder,
                        PackageDescription.FILE,
                        text -> text.replace("\"[IMG]\"", "\"hat\""));

        assertThatThrownBy(() -> TestPackages.load(changed, "fp32"))
                .isInstanceOf(InvalidModelPackageException.class)
                .hasMessageContaining("images.placeholder")
                .hasMessageContaining("'hat', which is not one control token");
    }

    @Test
    void noticesAWrongNormalization(@TempDir Path folder) throws Exception {
        Path changed =
                TestPackages.changed(
                        "pictures",
                        folder,
                        PackageDescription.FILE,
                        text -> text.replace("tokens: 4}", "tokens: 4, mean: [0, 0, 0]}"));

        assertThatThrownBy(() -> TestPackages.load(changed, "fp32"))
                .isInstanceOf(InvalidModelPackageException.class)
                .hasMessageContaining("should score");
    }

    @Test
    void putsPicturesIntoThePromptOfAYesNoModel(@TempDir Path folder) throws Exception {
        Path changed =
                TestPackages.changed(
                        "yes-no",
                        folder,
                        PackageDescription.FILE,
                        text ->
                                text
                                        + "images: {placeholder: \"<|endoftext|>\","
                                        + " before: \"<|im_start|>\", after: \"<|im_end|>\","
                                        + " processor: fixed, size: 8, tokens: 4}\n");
        ModelPackage pack = ModelPackage.read(changed);
        try (PackageTokenizer tokenizer = PackageTokenizer.load(pack.tokenizer())) {
            PromptPairEncoder encoder =
                    new PromptPairEncoder(
                            pack,
                            Objects.requireNonNull(pack.prompt()),
                            tokenizer,
                            ImageBlock.of(pack, tokenizer));
            String block = "<|im_start|>" + "<|endoftext|>".repeat(4) + "<|im_end|>";
            ModelPackage.Prompt prompt = Objects.requireNonNull(pack.prompt());
            String asked = "<Instruct>: " + prompt.defaultInstruction() + "<Query>: ";

            for (String query : new String[] {null, "rgb.png"}) {
                for (String document : new String[] {null, "grey.png"}) {
                    PairEncoder.Pair pair =
                            encoder.encodePair(
                                    encoder.encodeQuery(null, content("red dress?", query)),
                                    content("a hat", document));

                    assertThat(pair.ids())
                            .containsExactly(
                                    tokenizer.idsOfTemplate(
                                            prompt.prefix()
                                                    + asked
                                                    + (query == null ? "" : block)
                                                    + "red dress?<Document>: "
                                                    + (document == null ? "" : block)
                                                    + "a hat"
                                                    + prompt.suffix()));
                }
            }
        }
    }
}
