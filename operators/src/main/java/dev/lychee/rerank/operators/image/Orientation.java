package dev.lychee.rerank.operators.image;

import com.twelvemonkeys.imageio.metadata.Directory;
import com.twelvemonkeys.imageio.metadata.Entry;
import com.twelvemonkeys.imageio.metadata.jpeg.JPEG;
import com.twelvemonkeys.imageio.metadata.jpeg.JPEGSegment;
import com.twelvemonkeys.imageio.metadata.jpeg.JPEGSegmentUtil;
import com.twelvemonkeys.imageio.metadata.tiff.TIFF;
import com.twelvemonkeys.imageio.metadata.tiff.TIFFReader;
import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import javax.imageio.stream.ImageInputStream;

/**
 * How a camera was held: the value of the Exif tag of that name, 1..8 (Exif 2.32, 4.6.4). Read in
 * JPEG only; other programs seldom look for it in other formats, so those are stored upright.
 */
record Orientation(int tag) {

    private static final Orientation UPRIGHT = new Orientation(1);

    static Orientation of(ImageFormat format, byte[] encoded) {
        if (format != ImageFormat.JPEG) {
            return UPRIGHT;
        }
        try (ImageInputStream in = new ByteArrayImageInputStream(encoded)) {
            List<JPEGSegment> segments = JPEGSegmentUtil.readSegments(in, JPEG.APP1, "Exif");
            return segments.isEmpty() ? UPRIGHT : of(segments.get(0));
        } catch (IOException | RuntimeException e) {
            // Damaged metadata does not make the picture unreadable.
            return UPRIGHT;
        }
    }

    private static Orientation of(JPEGSegment exif) throws IOException {
        byte[] content;
        try (InputStream data = exif.data()) {
            content = data.readAllBytes();
        }
        // A byte of padding stands between the name and the TIFF structure.
        try (ImageInputStream tiff =
                new ByteArrayImageInputStream(content, 1, content.length - 1)) {
            Directory directory = new TIFFReader().read(tiff);
            Entry entry = directory.getEntryById(TIFF.TAG_ORIENTATION);
            boolean known =
                    entry != null
                            && entry.getValue() instanceof Number value
                            && value.intValue() >= 1
                            && value.intValue() <= 8;
            return known ? new Orientation(((Number) entry.getValue()).intValue()) : UPRIGHT;
        }
    }

    /** Whether width and height change places. */
    boolean isTurned() {
        return tag >= 5;
    }

    /** The picture the right way up. */
    RgbImage applyTo(RgbImage image) {
        if (tag == 1) {
            return image;
        }
        int width = image.width();
        int height = image.height();
        int newWidth = isTurned() ? height : width;
        int newHeight = isTurned() ? width : height;
        byte[] from = image.rgb();
        byte[] to = new byte[from.length];
        int at = 0;
        for (int y = 0; y < newHeight; y++) {
            for (int x = 0; x < newWidth; x++) {
                int sourceX =
                        switch (tag) {
                            case 2, 3 -> width - 1 - x;
                            case 4 -> x;
                            case 5, 6 -> y;
                            default -> width - 1 - y;
                        };
                int sourceY =
                        switch (tag) {
                            case 2 -> y;
                            case 3, 4 -> height - 1 - y;
                            case 5, 8 -> x;
                            default -> height - 1 - x;
                        };
                int source = 3 * (sourceY * width + sourceX);
                to[at++] = from[source];
                to[at++] = from[source + 1];
                to[at++] = from[source + 2];
            }
        }
        return new RgbImage(newWidth, newHeight, to);
    }
}
