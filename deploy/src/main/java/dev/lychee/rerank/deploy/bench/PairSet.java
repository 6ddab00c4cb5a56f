package dev.lychee.rerank.deploy.bench;

import dev.lychee.rerank.operators.image.ImageDecoder;
import dev.lychee.rerank.operators.image.ImageProcessor;
import dev.lychee.rerank.operators.image.UnreadableImageException;
import dev.lychee.rerank.operators.image.source.ImageSettings;
import dev.lychee.rerank.operators.scoring.Content;
import dev.lychee.rerank.operators.scoring.PairImage;
import dev.lychee.rerank.operators.scoring.PairSide;
import dev.lychee.rerank.operators.scoring.Scorer;
import dev.lychee.rerank.operators.scoring.ScoringRequest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;

/**
 * A query with documents, as they are handed over to be scored.
 *
 * @param query a text, or a picture
 * @param documents texts or pictures
 */
record PairSet(PairSide query, List<PairSide> documents) {

    private static final ImageDecoder DECODER =
            new ImageDecoder(
                    ImageSettings.DEFAULTS.maxPixels(), ImageSettings.DEFAULTS.decodeBytes());

    /** Sets of texts. */
    static List<PairSet> ofTexts(List<Workload.Query> sets) {
        return sets.stream()
                .map(
                        set ->
                                new PairSet(
                                        PairSide.ofText(set.text()),
                                        set.documents().stream().map(PairSide::ofText).toList()))
                .toList();
    }

    /** The same pairs in the same order, at most {@code size} in a set. */
    static List<PairSet> cut(List<PairSet> sets, int size) {
        List<PairSet> parts = new ArrayList<>();
        for (PairSet set : sets) {
            List<PairSide> documents = set.documents();
            for (int from = 0; from < documents.size(); from += size) {
                parts.add(
                        new PairSet(
                                set.query(),
                                documents.subList(from, Math.min(documents.size(), from + size))));
            }
        }
        return parts;
    }

    /** What a job asks of its scoring service. */
    ScoringRequest request() {
        return new ScoringRequest(
                null, query, documents, new int[0], documents.size(), Long.MAX_VALUE);
    }

    /** A side as the scorer reads it, whose picture is decoded and resized in this thread. */
    static Content content(Scorer scorer, PairSide side) {
        if (side.images().isEmpty()) {
            return Content.ofText(side.text());
        }
        ImageProcessor processor = Objects.requireNonNull(scorer.imageProcessor());
        byte[] encoded =
                Base64.getDecoder().decode(Objects.requireNonNull(side.images().get(0).base64()));
        try {
            return new Content(
                    side.text(),
                    new PairImage.Pixels("", processor.process(DECODER.decode(encoded).image())));
        } catch (UnreadableImageException e) {
            throw new IllegalStateException("A picture of the workload cannot be read", e);
        }
    }
}
