package dev.lychee.rerank.operators.image;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** The pictures of {@code src/test/resources/images}, and bad ones. */
public final class TestingImages {

    private static final byte[] PNG_START = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

    private TestingImages() {}

    /** One that {@code make_images.py} wrote. */
    public static byte[] read(String name) {
        try (InputStream in = TestingImages.class.getResourceAsStream("/images/" + name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first three quarters. */
    public static byte[] truncated(String name) {
        byte[] whole = read(name);
        return Arrays.copyOf(whole, whole.length * 3 / 4);
    }

    /** A few kilobytes that claim to be 30,000 x 30,000 pixels. */
    public static byte[] hugePng() {
        try {
            ByteArrayOutputStream png = new ByteArrayOutputStream();
            png.write(PNG_START);
            ByteArrayOutputStream header = new ByteArrayOutputStream();
            DataOutputStream fields = new DataOutputStream(header);
            fields.writeInt(30_000);
            fields.writeInt(30_000);
            fields.write(new byte[] {8, 2, 0, 0, 0});
            chunk(png, "IHDR", header.toByteArray());
            Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
            deflater.setInput(new byte[4 << 20]);
            deflater.finish();
            byte[] packed = new byte[1 << 14];
            int length = deflater.deflate(packed);
            deflater.end();
            chunk(png, "IDAT", Arrays.copyOf(packed, length));
            chunk(png, "IEND", new byte[0]);
            return png.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void chunk(ByteArrayOutputStream png, String type, byte[] content)
            throws IOException {
        DataOutputStream out = new DataOutputStream(png);
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        out.writeInt(content.length);
        out.write(name);
        out.write(content);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(content);
        out.writeInt((int) crc.getValue());
    }
}
