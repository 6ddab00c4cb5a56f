package dev.lychee.rerank.operators.image.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lychee.rerank.operators.image.ImageProblem;
import dev.lychee.rerank.operators.image.UnreadableImageException;
import dev.lychee.rerank.schemas.ImageReference;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForwardedImagesTest {

    private final ForwardedImages images =
            new ForwardedImages(
                    new ImageSettings(
                            List.of(),
                            List.of("*.example.com"),
                            false,
                            1_000,
                            1_000,
                            1_000,
                            1,
                            1,
                            0));

    @Test
    void passesAddressesOfAllowedHostsOn() throws Exception {
        assertThat(images.address(new ImageReference("https://cdn.example.com/a.jpg?x=1", null)))
                .isEqualTo("https://cdn.example.com/a.jpg?x=1");
    }

    @ParameterizedTest
    @CsvSource({
        "/9j/4AAQSkZJRg, image/jpeg",
        "iVBORw0KGgoAAAANSUhEUg, image/png",
        "R0lGODlhAQABAAAAACw, image/gif",
        "UklGRiQAAABXRUJQVlA4, image/webp"
    })
    void writesContentAsADataAddressOfItsType(String base64, String type) throws Exception {
        assertThat(images.address(new ImageReference(null, base64)))
                .isEqualTo("data:" + type + ";base64," + base64);
    }

    @ParameterizedTest
    @CsvSource({
        "https://169.254.169.254/latest/meta-data, NOT_ALLOWED",
        "https://example.com.evil.org/a.jpg, NOT_ALLOWED",
        "file:///etc/passwd, NOT_ALLOWED",
        "s3://bucket/a.jpg, NOT_ALLOWED",
        "a.jpg, MALFORMED_REFERENCE",
        "https://user@cdn.example.com/a.jpg, MALFORMED_REFERENCE"
    })
    void sendsTheServerNowhereElse(String uri, ImageProblem problem) {
        assertThatThrownBy(() -> images.address(new ImageReference(uri, null)))
                .isInstanceOfSatisfying(
                        UnreadableImageException.class,
                        refused -> assertThat(refused.problem()).isEqualTo(problem));
    }

    @ParameterizedTest
    @CsvSource({"PGh0bWw+PGh0bWw+, NOT_AN_IMAGE", "****, MALFORMED_REFERENCE"})
    void refusesContentThatIsNoPicture(String base64, ImageProblem problem) {
        assertThatThrownBy(() -> images.address(new ImageReference(null, base64)))
                .isInstanceOfSatisfying(
                        UnreadableImageException.class,
                        refused -> assertThat(refused.problem()).isEqualTo(problem));
    }

    @Test
    void refusesMoreBytesThanAllowed() {
        String large = "iVBORw0KGgoAAAANSUhEUg" + "A".repeat(2_000);

        assertThatThrownBy(() -> images.address(new ImageReference(null, large)))
                .isInstanceOfSatisfying(
                        UnreadableImageException.class,
                        refused -> assertThat(refused.problem()).isEqualTo(ImageProblem.TOO_LARGE));
    }
}
