package dev.lychee.rerank.operators.image;

import com.twelvemonkeys.imageio.plugins.jpeg.JPEGImageReaderSpi;
import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import org.jspecify.annotations.Nullable;

/**
 * The formats that are read, known by their first bytes: names and content types lie. Readers are
 * taken by name, because a search for plug-ins would find those of whichever class loader asked
 * first.
 */
public enum ImageFormat {
    JPEG {
        @Override
        ImageReaderSpi readers() {
            // Reads CMYK, YCCK and colour profiles, at which Java's own reader fails. Registration
            // is
            // when it finds that reader, on which it builds.
            JPEGImageReaderSpi readers = new JPEGImageReaderSpi();
            readers.onRegistration(IIORegistry.getDefaultInstance(), ImageReaderSpi.class);
            return readers;
        }
    },
    PNG {
        @Override
        ImageReaderSpi readers() {
            return builtIn("com.sun.imageio.plugins.png.PNGImageReaderSpi");
        }
    },
    GIF {
        @Override
        ImageReaderSpi readers() {
            return builtIn("com.sun.imageio.plugins.gif.GIFImageReaderSpi");
        }
    },
    WEBP {
        @Override
        ImageReaderSpi readers() {
            return new WebPImageReaderSpi();
        }
    };

    private static final byte[] PNG_START = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

    abstract ImageReaderSpi readers();

    /** Such as {@code image/png}. */
    public String mediaType() {
        return "image/" + name().toLowerCase(Locale.ROOT);
    }

    ImageReader reader() throws IOException {
        return Objects.requireNonNull(Readers.BY_FORMAT.get(this)).createReaderInstance(null);
    }

    /** Found once: Java's registry is not made for many threads. */
    private static final class Readers {

        private static final Map<ImageFormat, ImageReaderSpi> BY_FORMAT =
                Arrays.stream(values())
                        .collect(
                                Collectors.toUnmodifiableMap(
                                        format -> format, ImageFormat::readers));
    }

    /** The format of an encoded picture; null for none of these. */
    public static @Nullable ImageFormat of(byte[] encoded) {
        if (encoded.length > 3
                && (encoded[0] & 255) == 0xFF
                && (encoded[1] & 255) == 0xD8
                && (encoded[2] & 255) == 0xFF) {
            return JPEG;
        }
        if (startsWith(encoded, 0, PNG_START)) {
            return PNG;
        }
        if (startsWith(encoded, 0, ascii("GIF87a")) || startsWith(encoded, 0, ascii("GIF89a"))) {
            return GIF;
        }
        return startsWith(encoded, 0, ascii("RIFF")) && startsWith(encoded, 8, ascii("WEBP"))
                ? WEBP
                : null;
    }

    private static boolean startsWith(byte[] bytes, int from, byte[] start) {
        if (bytes.length < from + start.length) {
            return false;
        }
        for (int i = 0; i < start.length; i++) {
            if (bytes[from + i] != start[i]) {
                return false;
            }
        }
        return true;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** One of the readers that come with Java, whose classes are not public. */
    private static ImageReaderSpi builtIn(String name) {
        try {
            return (ImageReaderSpi)
                    Objects.requireNonNull(
                            IIORegistry.getDefaultInstance()
                                    .getServiceProviderByClass(Class.forName(name)));
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("This Java has no " + name, e);
        }
    }
}
