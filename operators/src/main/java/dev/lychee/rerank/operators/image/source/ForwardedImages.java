package dev.lychee.rerank.operators.image.source;

import dev.lychee.rerank.operators.image.ImageFormat;
import dev.lychee.rerank.operators.image.ImageProblem;
import dev.lychee.rerank.operators.image.UnreadableImageException;
import dev.lychee.rerank.schemas.ImageReference;
import java.net.URI;
import java.util.Base64;
import java.util.Locale;

/**
 * Pictures for a model that is served elsewhere and gets them by itself: their addresses, or the
 * content as a {@code data:} address. Nothing is fetched here, and whoever fetches must not be sent
 * anywhere: only allowed hosts pass. Thread-safe.
 */
public final class ForwardedImages {

    /** Base64 of as many bytes as tell the format. */
    private static final int HEAD_CHARACTERS = 16;

    private final AllowedHosts hosts;
    private final int maxBytes;

    public ForwardedImages(ImageSettings settings) {
        this.hosts = new AllowedHosts(settings.hosts());
        this.maxBytes = settings.maxBytes();
    }

    /**
     * The address to pass on.
     *
     * @return of scheme {@code http}, {@code https} or {@code data}
     * @throws UnreadableImageException with the reason, a sentence without the address
     */
    public String address(ImageReference image) throws UnreadableImageException {
        if (image.base64() != null) {
            String content = image.base64();
            return bounded("data:" + mediaType(content) + ";base64," + content);
        }
        String uri = image.uri() == null ? "" : image.uri().strip();
        if (uri.regionMatches(true, 0, "data:", 0, 5)) {
            return bounded(uri);
        }
        URI address = ImageSources.address(uri);
        String scheme = address.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new UnreadableImageException(
                    ImageProblem.NOT_ALLOWED,
                    "a model that is served elsewhere cannot read scheme %s; give the picture by http, https or base64"
                            .formatted(scheme));
        }
        hosts.check(address);
        return uri;
    }

    private String bounded(String dataAddress) throws UnreadableImageException {
        if (dataAddress.length() / 4L * 3 > maxBytes) {
            throw new BoundedRead(maxBytes, 0).tooLarge();
        }
        return dataAddress;
    }

    private static String mediaType(String base64) throws UnreadableImageException {
        try {
            String head = base64.substring(0, Math.min(HEAD_CHARACTERS, base64.length()));
            ImageFormat format = ImageFormat.of(Base64.getDecoder().decode(head));
            if (format != null) {
                return format.mediaType();
            }
        } catch (IllegalArgumentException e) {
            throw new UnreadableImageException(
                    ImageProblem.MALFORMED_REFERENCE, "base64 is not valid: " + e.getMessage(), e);
        }
        throw new UnreadableImageException(
                ImageProblem.NOT_AN_IMAGE, "the content is not JPEG, PNG, GIF or WebP");
    }
}
