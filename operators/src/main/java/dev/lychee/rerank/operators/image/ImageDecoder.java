package dev.lychee.rerank.operators.image;

import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import dev.lychee.rerank.schemas.Sha256;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/**
 * Reads JPEG (CMYK and YCCK too), PNG, WebP, and the first frame of GIF; the right way up, on white
 * where it is transparent, as three channels of 8 bits. Thread-safe.
 *
 * <p>The numbers of pixels and bytes are looked at before anything is decoded, since a few
 * kilobytes can hold a picture of gigabytes. Pictures whose longest side is a multiple of {@link
 * #MAX_SIDE} are decoded in part: every second row and column, every third, and so on. Decoding
 * waits while others use the memory that is set aside for it.
 */
public final class ImageDecoder {

    /** Longest side of what is decoded, in pixels. */
    public static final int MAX_SIDE = 1_920;

    /** Readers keep whole pictures, some with more than a byte per channel. */
    private static final int BYTES_PER_SOURCE_PIXEL = 4;

    /** The picture as it was read, and its bytes. */
    private static final int BYTES_PER_DECODED_PIXEL = 4 + 3;

    private final long maxPixels;
    private final int memoryMebibytes;
    private final Semaphore memory;

    /**
     * @param maxPixels most pixels of a picture
     * @param memoryBytes heap that decoding may take at a time, as estimated; a picture that needs
     *     more is decoded alone
     */
    public ImageDecoder(long maxPixels, long memoryBytes) {
        this.maxPixels = maxPixels;
        this.memoryMebibytes = (int) Math.max(1, Math.min(memoryBytes >> 20, 1 << 20));
        this.memory = new Semaphore(memoryMebibytes, true);
    }

    /**
     * Decodes a picture.
     *
     * @param encoded the file's content
     * @throws UnreadableImageException with the reason, a sentence
     */
    public DecodedImage decode(byte[] encoded) throws UnreadableImageException {
        ImageFormat format = ImageFormat.of(encoded);
        if (format == null) {
            throw new UnreadableImageException(
                    ImageProblem.NOT_AN_IMAGE,
                    "the content is no picture that is read here; send JPEG, PNG, WebP or GIF");
        }
        try (ImageInputStream in = new ByteArrayImageInputStream(encoded)) {
            return decode(format, in, encoded);
        } catch (IOException | RuntimeException e) {
            throw damaged(format, e);
        }
    }

    private DecodedImage decode(ImageFormat format, ImageInputStream in, byte[] encoded)
            throws IOException, UnreadableImageException {
        ImageReader reader = format.reader();
        try {
            AtomicReference<String> cutOff = new AtomicReference<>();
            reader.addIIOReadWarningListener(
                    (source, warning) -> {
                        if (saysThatItIsCutOff(warning)) {
                            cutOff.set(warning);
                        }
                    });
            // Without the metadata, whose texts and profiles may be as large as one likes.
            reader.setInput(in, false, true);
            int width = reader.getWidth(0);
            int height = reader.getHeight(0);
            if ((long) width * height > maxPixels) {
                throw new UnreadableImageException(
                        ImageProblem.TOO_MANY_PIXELS,
                        "the picture has %d x %d pixels, the limit is %d; send a smaller one"
                                .formatted(width, height, maxPixels));
            }
            int step = Math.max(1, Math.max(width, height) / MAX_SIDE);
            RgbImage pixels = read(reader, width, height, step);
            if (cutOff.get() != null) {
                throw new UnreadableImageException(
                        "the picture is cut off: " + cutOff.get() + "; send the whole file");
            }
            Orientation orientation = Orientation.of(format, encoded);
            RgbImage upright = orientation.applyTo(PixelReader.withinSide(pixels, MAX_SIDE));
            return new DecodedImage(
                    upright,
                    new ImageInspection(
                            orientation.isTurned() ? height : width,
                            orientation.isTurned() ? width : height,
                            Sha256.hex(encoded),
                            ImageQuality.of(upright, Math.min(width, height))));
        } finally {
            reader.dispose();
        }
    }

    private RgbImage read(ImageReader reader, int width, int height, int step)
            throws IOException, UnreadableImageException {
        long decoded = ((long) width / step + 1) * ((long) height / step + 1);
        long bytes =
                (long) width * height * BYTES_PER_SOURCE_PIXEL + decoded * BYTES_PER_DECODED_PIXEL;
        int permits = (int) Math.min(memoryMebibytes, (bytes >> 20) + 1);
        memory.acquireUninterruptibly(permits);
        try {
            ImageReadParam part = reader.getDefaultReadParam();
            part.setSourceSubsampling(step, step, 0, 0);
            BufferedImage image = reader.read(0, part);
            return PixelReader.rgb(image);
        } catch (OutOfMemoryError e) {
            // One large array that there is no room for; nothing else is lost.
            throw new UnreadableImageException(
                    ImageProblem.TOO_MANY_PIXELS,
                    "there is not enough memory for %d x %d pixels".formatted(width, height),
                    e);
        } finally {
            memory.release(permits);
        }
    }

    private static boolean saysThatItIsCutOff(String warning) {
        String text = warning.toLowerCase(Locale.ROOT);
        return text.contains("truncated") || text.contains("premature") || text.contains("eof");
    }

    private static UnreadableImageException damaged(ImageFormat format, Exception cause) {
        String said = cause.getMessage() == null ? "" : ": " + cause.getMessage().strip();
        return new UnreadableImageException("the " + format + " is damaged" + said, cause);
    }
}
