package dev.lychee.rerank.deploy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lychee.rerank.operators.image.DecodedImage;
import dev.lychee.rerank.operators.image.ImageDecoder;
import dev.lychee.rerank.operators.scoring.PairSide;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class PictureWorkloadTest {

    private static final int PIXELS = 64;
    private static final Path SAMPLE = Path.of("sample");

    @Test
    void isTheSameForTheSameSeed() throws Exception {
        String once = PictureWorkload.sha256(draw(30, false, 1));

        assertThat(PictureWorkload.sha256(draw(30, false, 1))).isEqualTo(once);
        assertThat(PictureWorkload.sha256(draw(30, false, 2))).isNotEqualTo(once);
    }

    @Test
    void hasAPictureOfItsOwnInEachDocument() throws Exception {
        List<PairSide> documents = draw(100, false, 1).get(0).documents();

        assertThat(documents).hasSize(100).doesNotHaveDuplicates();
        DecodedImage image = decoded(documents.get(0));
        assertThat(image.inspection().width()).isEqualTo(PIXELS);
        assertThat(image.inspection().height()).isEqualTo(PIXELS);
    }

    @Test
    void hasPicturesAsQueriesOnlyWhenAsked() throws Exception {
        assertThat(draw(1, false, 1).get(0).query().text()).isNotEmpty();
        assertThat(draw(1, false, 1).get(0).query().images()).isEmpty();
        assertThat(draw(1, true, 1).get(0).query().text()).isEmpty();
        assertThat(draw(1, true, 1).get(0).query().images()).hasSize(1);
    }

    @Test
    void cutsTheSamePairsIntoSetsOfAnySize() throws Exception {
        List<PairSet> whole = draw(50, false, 1);

        assertThat(PairSet.cut(whole, 20)).hasSize(3);
        assertThat(PairSet.cut(whole, 20).stream().flatMap(set -> set.documents().stream()))
                .containsExactlyElementsOf(whole.get(0).documents());
    }

    private static List<PairSet> draw(int pairs, boolean onQueries, long seed) throws Exception {
        return PictureWorkload.draw(
                new PictureWorkload.Settings(SAMPLE, PIXELS, onQueries), pairs, seed);
    }

    private static DecodedImage decoded(PairSide document) throws Exception {
        String base64 = Objects.requireNonNull(document.images().get(0).base64());
        return new ImageDecoder(1 << 20, 1 << 24).decode(Base64.getDecoder().decode(base64));
    }
}
