package dev.lychee.rerank.operators.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lychee.rerank.schemas.Sha256;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {

    private final ImageDecoder decoder = new ImageDecoder(40_000_000, 64 << 20);

    /** The tolerance is the greatest mean difference of a channel, of 255. */
    @ParameterizedTest
    @CsvSource({
        "rgb.png, 0",
        "grey.png, 0",
        "grey-16-bit.png, 0",
        "palette.png, 0",
        "alpha.png, 0.6",
        "alpha.webp, 0.6",
        "lossless.webp, 0",
        "animated.gif, 0",
        "rgb.jpg, 1.5",
        "progressive.jpg, 1.5",
        "grey.jpg, 1.5",
        "lossy.webp, 5",
        "exif-2.jpg, 1.5",
        "exif-3.jpg, 1.5",
        "exif-4.jpg, 1.5",
        "exif-5.jpg, 1.5",
        "exif-6.jpg, 1.5",
        "exif-7.jpg, 1.5",
        "exif-8.jpg, 1.5"
    })
    void readsPicturesAsPillowDoes(String file, double tolerance) throws Exception {
        JsonNode expected = expected().path("decoded").path(file);

        DecodedImage decoded = decoder.decode(TestingImages.read(file));

        assertThat(decoded.image().width()).isEqualTo(expected.path("width").asInt());
        assertThat(decoded.image().height()).isEqualTo(expected.path("height").asInt());
        assertThat(decoded.inspection().width()).isEqualTo(decoded.image().width());
        byte[] rgb = Base64.getDecoder().decode(expected.path("rgb").asText());
        assertThat(meanDifference(decoded.image().rgb(), rgb)).isLessThanOrEqualTo(tolerance);
    }

    /** Inks become other colours by a profile than by Pillow's formula, but of the same hue. */
    @Test
    void readsCmyk() throws Exception {
        RgbImage image = decoder.decode(TestingImages.read("cmyk.jpg")).image();

        int right = 3 * (image.width() - 1);
        assertThat(image.rgb()[0] & 255).isLessThan(image.rgb()[2] & 255);
        assertThat(image.rgb()[right] & 255).isGreaterThan(image.rgb()[right + 2] & 255);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rgb.jpg", "progressive.jpg", "rgb.png", "lossless.webp", "lossy.webp"})
    void refusesWhatIsCutOff(String file) {
        assertProblem(TestingImages.truncated(file), ImageProblem.UNREADABLE);
    }

    @Test
    void looksAtTheNumberOfPixelsBeforeItDecodes() {
        byte[] huge = TestingImages.hugePng();

        assertThat(huge).hasSizeLessThan(8_000);
        assertProblem(huge, ImageProblem.TOO_MANY_PIXELS);
    }

    @Test
    void knowsPicturesByTheirContent() {
        assertProblem(
                "certainly no picture".getBytes(StandardCharsets.UTF_8), ImageProblem.NOT_AN_IMAGE);
        assertProblem(new byte[0], ImageProblem.NOT_AN_IMAGE);
    }

    @Test
    void makesLargePicturesSmaller() throws Exception {
        BufferedImage large = new BufferedImage(5_000, 1_000, BufferedImage.TYPE_3BYTE_BGR);
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(large, "png", png);

        DecodedImage decoded = decoder.decode(png.toByteArray());

        assertThat(decoded.image().width()).isEqualTo(1_920);
        assertThat(decoded.image().height()).isEqualTo(384);
        assertThat(decoded.inspection().width()).isEqualTo(5_000);
        assertThat(decoded.inspection().height()).isEqualTo(1_000);
    }

    @Test
    void measuresAsScipyDoes() throws Exception {
        byte[] png = TestingImages.read("rgb.png");
        JsonNode expected = expected().path("measured").path("rgb.png");

        ImageInspection inspection = decoder.decode(png).inspection();

        double variance = expected.path("laplacian_variance").asDouble();
        double contrast = expected.path("rms_contrast").asDouble() / ImageQuality.FULL_CONTRAST;
        assertThat(inspection.sha256()).isEqualTo(Sha256.hex(png));
        assertThat(inspection.quality().sharpness())
                .isCloseTo(variance / (variance + 100), within(1e-9));
        assertThat(inspection.quality().contrast()).isCloseTo(Math.min(1, contrast), within(1e-9));
        assertThat(inspection.quality().resolution()).isEqualTo(16 / 600.0);
        assertThat(inspection.quality().exposure()).isEqualTo(1);
    }

    private void assertProblem(byte[] encoded, ImageProblem problem) {
        assertThatThrownBy(() -> decoder.decode(encoded))
                .isInstanceOfSatisfying(
                        UnreadableImageException.class,
                        e -> assertThat(e.problem()).isEqualTo(problem));
    }

    private static JsonNode expected() throws IOException {
        return new ObjectMapper().readTree(TestingImages.read("expected.json"));
    }

    private static double meanDifference(byte[] left, byte[] right) {
        assertThat(left).hasSameSizeAs(right);
        double sum = 0;
        for (int i = 0; i < left.length; i++) {
            sum += Math.abs((left[i] & 255) - (right[i] & 255));
        }
        return sum / left.length;
    }
}
