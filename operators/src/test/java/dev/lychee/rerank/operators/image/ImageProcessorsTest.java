package dev.lychee.rerank.operators.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against Pillow and numpy, to the bit; the numbers are written by {@code golden_images.py}. */
class ImageProcessorsTest {

    private static Stream<JsonNode> section(String name) throws IOException {
        try (InputStream json =
                Objects.requireNonNull(
                        ImageProcessorsTest.class.getResourceAsStream("/golden/images.json"))) {
            JsonNode cases = new ObjectMapper().readTree(json).get(name);
            return StreamSupport.stream(cases.spliterator(), false);
        }
    }

    static Stream<JsonNode> resize() throws IOException {
        return section("resize");
    }

    static Stream<JsonNode> sizes() throws IOException {
        return section("sizes");
    }

    static Stream<JsonNode> patches() throws IOException {
        return section("patches");
    }

    static Stream<JsonNode> squashed() throws IOException {
        return section("squashed");
    }

    /** The picture of a case: its own bytes, or the pattern that the script makes too. */
    private static RgbImage picture(JsonNode golden) {
        int width = golden.get("width").intValue();
        int height = golden.get("height").intValue();
        if (golden.has("rgb")) {
            return new RgbImage(width, height, bytes(golden, "rgb"));
        }
        byte[] rgb = new byte[3 * width * height];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) ((i * 2654435761L & 0xFFFFFFFFL) >> 15);
        }
        return new RgbImage(width, height, rgb);
    }

    private static byte[] bytes(JsonNode golden, String field) {
        return Base64.getDecoder().decode(golden.get(field).textValue());
    }

    private static byte[] littleEndian(float[] values) {
        ByteBuffer bytes =
                ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private static List<Double> numbers(JsonNode array) {
        List<Double> numbers = new ArrayList<>();
        array.forEach(number -> numbers.add(number.doubleValue()));
        return numbers;
    }

    /** Floats first, because a difference of two numbers says more than one of two hashes. */
    private static void assertSameBits(JsonNode golden, float[] values) throws Exception {
        byte[] actual = littleEndian(values);
        if (golden.has("values")) {
            float[] expected = new float[values.length];
            ByteBuffer.wrap(bytes(golden, "values"))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(expected);
            assertThat(values).containsExactly(expected);
        }
        assertThat(sha256(actual)).isEqualTo(golden.get("sha256").textValue());
    }

    @ParameterizedTest
    @MethodSource("resize")
    void resizesAsPillowDoes(JsonNode golden) throws Exception {
        int width = golden.get("toWidth").intValue();
        int height = golden.get("toHeight").intValue();

        RgbImage resized = PillowResize.bicubic(picture(golden), width, height);

        assertThat(resized.width()).isEqualTo(width);
        assertThat(resized.height()).isEqualTo(height);
        if (golden.has("expected")) {
            assertThat(resized.rgb()).containsExactly(bytes(golden, "expected"));
        } else {
            assertThat(sha256(resized.rgb())).isEqualTo(golden.get("sha256").textValue());
        }
    }

    @Property(tries = 200)
    void leavesAPictureOfOneColourAsItIs(
            @ForAll @IntRange(min = 1, max = 90) int width,
            @ForAll @IntRange(min = 1, max = 90) int height,
            @ForAll @IntRange(min = 1, max = 90) int toWidth,
            @ForAll @IntRange(min = 1, max = 90) int toHeight,
            @ForAll byte colour) {
        byte[] rgb = new byte[3 * width * height];
        Arrays.fill(rgb, colour);

        byte[] resized =
                PillowResize.bicubic(new RgbImage(width, height, rgb), toWidth, toHeight).rgb();

        assertThat(resized).hasSize(3 * toWidth * toHeight).containsOnly(colour);
    }

    @Test
    void refusesToResizeToNothing() {
        RgbImage image = new RgbImage(1, 1, new byte[3]);

        assertThatThrownBy(() -> PillowResize.bicubic(image, 0, 4))
                .hasMessage("A picture cannot have 0 x 4 pixels");
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void choosesTheSizeThatQwenChooses(JsonNode golden) throws Exception {
        SmartResize smart =
                new SmartResize(
                        golden.get("factor").intValue(),
                        golden.get("minPixels").longValue(),
                        golden.get("maxPixels").longValue());
        for (JsonNode row : golden.get("sizes")) {
            int width = row.get(0).intValue();
            int height = row.get(1).intValue();
            if (row.size() == 2) {
                assertThatThrownBy(() -> smart.of(width, height))
                        .isInstanceOf(UnreadableImageException.class)
                        .hasMessageContaining(width + " x " + height)
                        .hasMessageContaining("200 times");
            } else {
                assertThat(smart.of(width, height))
                        .as("%d x %d", width, height)
                        .isEqualTo(
                                new SmartResize.Size(row.get(2).intValue(), row.get(3).intValue()));
            }
        }
    }

    @Test
    void choosesThePublishedSizesAndTokens() throws Exception {
        SmartResize smart = new SmartResize(28, 3136, 1_003_520);

        assertThat(smart.of(1920, 1080)).isEqualTo(new SmartResize.Size(1316, 728));
        assertThat(smart.of(70, 70)).isEqualTo(new SmartResize.Size(56, 56));
        assertThat(smart.of(98, 42)).isEqualTo(new SmartResize.Size(112, 56));
        assertThat(new SmartResize(28, 3136, 602_112).of(1920, 1080))
                .isEqualTo(new SmartResize.Size(1008, 560));
        assertThat(new SmartResize(32, 4096, 1_843_200).of(1920, 1080))
                .isEqualTo(new SmartResize.Size(1792, 992));
    }

    @Test
    void refusesLimitsThatNoPictureCanMeet() {
        assertThatThrownBy(() -> new SmartResize(28, 3136, 783))
                .hasMessageContaining("max_pixels at least min_pixels and 784");
    }

    @ParameterizedTest
    @MethodSource("patches")
    void cutsPatchesAsQwenDoes(JsonNode golden) throws Exception {
        long minPixels = golden.get("minPixels").longValue();
        long maxPixels = golden.get("maxPixels").longValue();
        QwenImageProcessor processor =
                golden.get("family").textValue().equals("qwen3")
                        ? QwenImageProcessor.qwen3(minPixels, maxPixels)
                        : QwenImageProcessor.qwen25(minPixels, maxPixels);

        ModelImage image = processor.process(picture(golden));

        assertThat(image.gridHeight()).isEqualTo(golden.get("gridHeight").intValue());
        assertThat(image.gridWidth()).isEqualTo(golden.get("gridWidth").intValue());
        assertThat(image.rows()).isEqualTo(image.gridHeight() * image.gridWidth());
        assertThat(image.tokens()).isEqualTo(golden.get("tokens").intValue());
        assertThat(processor.rowShape()).containsExactly(golden.get("rowSize").intValue());
        assertSameBits(golden, image.values());
    }

    @ParameterizedTest
    @MethodSource("squashed")
    void squashesAsPillowDoes(JsonNode golden) throws Exception {
        int size = golden.get("size").intValue();
        FixedSizeProcessor processor =
                new FixedSizeProcessor(
                        size,
                        9,
                        new Normalization(numbers(golden.get("mean")), numbers(golden.get("std"))));

        ModelImage image = processor.process(picture(golden));

        assertThat(processor.rowShape()).containsExactly(3, size, size);
        assertThat(image.rows()).isEqualTo(1);
        assertThat(image.tokens()).isEqualTo(9);
        assertSameBits(golden, image.values());
    }

    @Test
    void refusesANormalizationThatDividesByZero() {
        assertThatThrownBy(() -> new Normalization(List.of(0.0, 0.0, 0.0), List.of(1.0, 0.0, 1.0)))
                .hasMessageContaining("std numbers above 0");
        assertThatThrownBy(() -> new Normalization(List.of(0.0), List.of(1.0)))
                .hasMessageContaining("three numbers each");
    }
}
