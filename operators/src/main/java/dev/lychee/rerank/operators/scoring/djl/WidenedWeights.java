package dev.lychee.rerank.operators.scoring.djl;

import dev.lychee.rerank.operators.scoring.InvalidModelPackageException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * The graph of a TorchScript file with its bf16 weights as fp32, in a temporary file: the same
 * numbers, computed with in fp32.
 *
 * <p>A TorchScript file is a zip. Its {@code data.pkl} names the type of the weights, and {@code
 * data/0}, {@code data/1} and so on hold their values, little-endian. A bf16 value is the upper
 * half of the fp32 value of the same number.
 */
final class WidenedWeights implements AutoCloseable {

    /** How a pickle names the type of a tensor's values when it does so first. */
    private static final Pattern TYPE = Pattern.compile("ctorch\n(\\w+)Storage\n");

    private static final Pattern DESCRIPTION = Pattern.compile("[^/]+/data\\.pkl");
    private static final Pattern VALUES = Pattern.compile("[^/]+/data/\\d+");
    private static final int BLOCK_BYTES = 1 << 16;

    private final Path file;

    private WidenedWeights(Path file) {
        this.file = file;
    }

    /**
     * Writes the temporary file.
     *
     * @param narrow TorchScript whose weights are all bf16 and whose graph names no type
     * @throws InvalidModelPackageException with a sentence if it has other weights, or is no zip
     */
    static WidenedWeights of(Path narrow) throws IOException, InvalidModelPackageException {
        WidenedWeights widened = new WidenedWeights(Files.createTempFile("lychee-fp32-", ".pt"));
        try (ZipFile from = new ZipFile(narrow.toFile());
                OutputStream out = Files.newOutputStream(widened.file);
                ZipOutputStream to = new ZipOutputStream(out)) {
            to.setLevel(Deflater.NO_COMPRESSION);
            for (ZipEntry entry : Collections.list(from.entries())) {
                to.putNextEntry(new ZipEntry(entry.getName()));
                try (InputStream content = from.getInputStream(entry)) {
                    if (DESCRIPTION.matcher(entry.getName()).matches()) {
                        to.write(widenedDescription(content.readAllBytes(), narrow));
                    } else if (VALUES.matcher(entry.getName()).matches()) {
                        widenValues(content, to);
                    } else {
                        content.transferTo(to);
                    }
                }
                to.closeEntry();
            }
            return widened;
        } catch (ZipException e) {
            widened.close();
            throw new InvalidModelPackageException(
                    narrow + " is not TorchScript: " + e.getMessage() + ".", e);
        } catch (IOException | InvalidModelPackageException | RuntimeException e) {
            widened.close();
            throw e;
        }
    }

    /** The temporary file. */
    Path file() {
        return file;
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
    }

    private static byte[] widenedDescription(byte[] pickle, Path narrow)
            throws InvalidModelPackageException {
        // One char per byte, so that all other bytes come back as they were.
        String text = new String(pickle, StandardCharsets.ISO_8859_1);
        Matcher type = TYPE.matcher(text);
        while (type.find()) {
            if (!type.group(1).equals("BFloat16")) {
                throw new InvalidModelPackageException(
                        narrow
                                + " has weights of type "
                                + type.group(1)
                                + ", so it cannot be both the bf16 and the fp32 file: store all of"
                                + " them as bf16, or name a second file under weights.fp32.");
            }
        }
        return type.replaceAll("ctorch\nFloatStorage\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void widenValues(InputStream from, OutputStream to) throws IOException {
        byte[] narrow = new byte[BLOCK_BYTES];
        byte[] wide = new byte[2 * BLOCK_BYTES];
        for (int n = from.readNBytes(narrow, 0, BLOCK_BYTES);
                n > 0;
                n = from.readNBytes(narrow, 0, BLOCK_BYTES)) {
            for (int i = 0; i + 1 < n; i += 2) {
                wide[2 * i + 2] = narrow[i];
                wide[2 * i + 3] = narrow[i + 1];
            }
            to.write(wide, 0, 2 * n);
        }
    }
}
