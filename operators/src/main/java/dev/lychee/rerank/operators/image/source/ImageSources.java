package dev.lychee.rerank.operators.image.source;

import dev.lychee.rerank.operators.image.ImageProblem;
import dev.lychee.rerank.operators.image.UnreadableImageException;
import dev.lychee.rerank.operators.image.source.HttpImages.NameResolver;
import dev.lychee.rerank.schemas.ImageReference;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Predicate;

/**
 * Gets the bytes of pictures: out of the record (base64, {@code data:} addresses), from file
 * systems and from the web; the last two only where the settings allow it. Thread-safe; blocks.
 */
public final class ImageSources implements AutoCloseable {

    private final ImageSettings settings;
    private final FileImages files;
    private final HttpImages web;
    private final ScheduledExecutorService watch;

    public ImageSources(ImageSettings settings) {
        this(
                settings,
                settings.privateAddresses() ? address -> true : PublicAddresses::isPublic,
                InetAddress::getAllByName);
    }

    ImageSources(ImageSettings settings, Predicate<InetAddress> isAllowed, NameResolver names) {
        this.settings = settings;
        this.files = new FileImages(settings.roots());
        this.watch =
                Executors.newSingleThreadScheduledExecutor(
                        work -> daemon(work, "lychee-image-watch"));
        this.web = new HttpImages(settings, isAllowed, names, watch);
    }

    /**
     * Gets a picture's content.
     *
     * @throws UnreadableImageException with the reason, a sentence without the address
     */
    public byte[] fetch(ImageReference image) throws UnreadableImageException {
        if (image.base64() != null) {
            return decoded(image.base64());
        }
        String uri = image.uri() == null ? "" : image.uri().strip();
        if (uri.regionMatches(true, 0, "data:", 0, 5)) {
            return inline(uri);
        }
        URI address = address(uri);
        BoundedRead limits = BoundedRead.startingNow(settings.maxBytes(), settings.timeoutMillis());
        return switch (address.getScheme().toLowerCase(Locale.ROOT)) {
            case "http", "https" -> web.fetch(address, limits);
            default -> files.fetch(address, limits);
        };
    }

    @Override
    public void close() {
        watch.shutdownNow();
        web.close();
    }

    /** A thread that outlives the job that starts it, so it does not hold the job's classes. */
    static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.setContextClassLoader(ImageSources.class.getClassLoader());
        return thread;
    }

    static URI address(String uri) throws UnreadableImageException {
        try {
            URI address = new URI(uri);
            if (address.getScheme() != null) {
                return address;
            }
        } catch (URISyntaxException e) {
            // Said below.
        }
        throw new UnreadableImageException(
                ImageProblem.MALFORMED_REFERENCE,
                "uri is not an address with a scheme; write https://..., s3://... or file:///..., with"
                        + " other characters escaped");
    }

    private byte[] inline(String uri) throws UnreadableImageException {
        int comma = uri.indexOf(',');
        if (comma < 0 || !uri.substring(0, comma).toLowerCase(Locale.ROOT).endsWith(";base64")) {
            throw new UnreadableImageException(
                    ImageProblem.MALFORMED_REFERENCE,
                    "a data: address needs ;base64, as in data:image/png;base64,iVBORw0...");
        }
        return decoded(uri.substring(comma + 1));
    }

    private byte[] decoded(String base64) throws UnreadableImageException {
        if (base64.length() / 4L * 3 > settings.maxBytes() + 3L) {
            throw new BoundedRead(settings.maxBytes(), 0).tooLarge();
        }
        try {
            // Line breaks are allowed, as many encoders write them.
            return Base64.getMimeDecoder().decode(base64.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException e) {
            throw new UnreadableImageException(
                    ImageProblem.MALFORMED_REFERENCE, "base64 is not valid: " + e.getMessage(), e);
        }
    }
}
