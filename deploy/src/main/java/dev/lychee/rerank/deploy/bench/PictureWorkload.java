package dev.lychee.rerank.deploy.bench;

import dev.lychee.rerank.deploy.UserMistakeException;
import dev.lychee.rerank.deploy.demo.Sample;
import dev.lychee.rerank.operators.scoring.PairSide;
import dev.lychee.rerank.schemas.Candidate;
import dev.lychee.rerank.schemas.ImageReference;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import javax.imageio.ImageIO;

/**
 * Pairs whose document is a picture, and whose query is a text or a picture.
 *
 * <p>The pictures are the sample's, enlarged to one size, moved by a few pixels so that no two are
 * equal, and written as JPEG. Like a {@link Workload}, a query is shared by {@value
 * Workload#PAIRS_PER_QUERY} pairs in a row.
 */
public final class PictureWorkload {

    private static final List<String> QUERIES =
            List.of("red summer dress", "蓝色杯子", "something in black", "desk lamp", "白色运动鞋");

    /**
     * What is drawn.
     *
     * @param sample folder of the sample
     * @param pixels width and height of each picture, at least 16
     * @param onQueries whether queries are pictures too
     */
    public record Settings(Path sample, int pixels, boolean onQueries) {}

    private PictureWorkload() {}

    /**
     * Draws a workload.
     *
     * @param pairs how many, at least 1
     * @throws UserMistakeException if the sample has no picture
     */
    static List<PairSet> draw(Settings settings, int pairs, long seed) throws IOException {
        List<BufferedImage> drawn = new ArrayList<>();
        for (Candidate product : Sample.load(settings.sample()).catalogue()) {
            for (ImageReference image : product.allImages()) {
                if (image.base64() != null) {
                    byte[] encoded = Base64.getDecoder().decode(image.base64());
                    drawn.add(
                            Objects.requireNonNull(
                                    ImageIO.read(new ByteArrayInputStream(encoded))));
                }
            }
        }
        if (drawn.isEmpty()) {
            throw new UserMistakeException(
                    "The sample %s has no pictures.".formatted(settings.sample()));
        }
        Random random = new Random(seed);
        List<PairSet> sets = new ArrayList<>();
        for (int from = 0; from < pairs; from += Workload.PAIRS_PER_QUERY) {
            PairSide query =
                    settings.onQueries()
                            ? picture(drawn, settings.pixels(), random)
                            : PairSide.ofText(QUERIES.get(sets.size() % QUERIES.size()));
            List<PairSide> documents = new ArrayList<>();
            for (int i = from; i < Math.min(pairs, from + Workload.PAIRS_PER_QUERY); i++) {
                documents.add(picture(drawn, settings.pixels(), random));
            }
            sets.add(new PairSet(query, documents));
        }
        return sets;
    }

    /** SHA-256 of the texts and encoded pictures: equal for equal workloads. */
    static String sha256(List<PairSet> sets) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (PairSet set : sets) {
                digest.update((set.query() + "\n").getBytes(StandardCharsets.UTF_8));
                for (PairSide document : set.documents()) {
                    digest.update(("\t" + document + "\n").getBytes(StandardCharsets.UTF_8));
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    private static PairSide picture(List<BufferedImage> drawn, int pixels, Random random)
            throws IOException {
        BufferedImage source = drawn.get(random.nextInt(drawn.size()));
        BufferedImage picture = new BufferedImage(pixels, pixels, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        try {
            graphics.setColor(Color.WHITE);
            graphics.fillRect(0, 0, pixels, pixels);
            graphics.setRenderingHint(
                    RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
            int reach = pixels / 8;
            graphics.drawImage(
                    source, random.nextInt(reach), random.nextInt(reach), pixels, pixels, null);
        } finally {
            graphics.dispose();
        }
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        if (!ImageIO.write(picture, "jpg", encoded)) {
            throw new IllegalStateException("Every Java platform writes JPEG");
        }
        String base64 = Base64.getEncoder().encodeToString(encoded.toByteArray());
        return new PairSide("", List.of(new ImageReference(null, base64)));
    }
}
