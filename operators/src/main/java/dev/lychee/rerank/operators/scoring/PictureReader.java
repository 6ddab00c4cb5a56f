package dev.lychee.rerank.operators.scoring;

import dev.lychee.rerank.operators.image.ImageInspection;
import dev.lychee.rerank.operators.image.ImageProblem;
import dev.lychee.rerank.operators.image.UnreadableImageException;
import dev.lychee.rerank.operators.image.source.ForwardedImages;
import dev.lychee.rerank.operators.image.source.ImageLoader;
import dev.lychee.rerank.operators.image.source.ImageSettings;
import dev.lychee.rerank.operators.image.source.LoadedImage;
import dev.lychee.rerank.schemas.ImageReference;
import dev.lychee.rerank.schemas.ImageUse;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Gets the pictures of requests into the form that a scorer reads: of each side the first that can
 * be read. Thread-safe.
 *
 * <p>With a deadline pictures get {@value #SHARE_OF_TIME_LEFT} of the time that is left, so that a
 * slow one costs its pair the picture and not the set its answer.
 */
final class PictureReader implements AutoCloseable {

    private static final double SHARE_OF_TIME_LEFT = 0.5;
    private static final long LONGEST_WAIT_MILLIS = 60_000;

    /** Null for a scorer that passes addresses on. */
    private final @Nullable ImageLoader loader;

    private final ForwardedImages forwarded;

    private PictureReader(@Nullable ImageLoader loader, ForwardedImages forwarded) {
        this.loader = loader;
        this.forwarded = forwarded;
    }

    /** The reader for a scorer; null for one that reads texts only. */
    static @Nullable PictureReader of(Scorer scorer, ImageSettings settings) {
        return switch (scorer.description().images().kind()) {
            case NONE -> null;
            case FORWARDED -> new PictureReader(null, new ForwardedImages(settings));
            case PIXELS ->
                    new PictureReader(
                            new ImageLoader(
                                    settings,
                                    Objects.requireNonNull(
                                            scorer.imageProcessor(),
                                            "a scorer of pixels has a processor")),
                            new ForwardedImages(settings));
        };
    }

    /**
     * Reads the pictures of a request; returns at once, and the future never fails.
     *
     * @param millisLeft until the deadline; {@link Long#MAX_VALUE} without one
     */
    CompletableFuture<ReadPictures> read(ScoringRequest request, long millisLeft) {
        long patience =
                (long) Math.max(1, Math.min(LONGEST_WAIT_MILLIS, SHARE_OF_TIME_LEFT * millisLeft));
        CompletableFuture<ReadPicture> query = read(request.query().images(), patience);
        List<CompletableFuture<ReadPicture>> documents = new ArrayList<>();
        for (PairSide document : request.documents()) {
            documents.add(read(document.images(), patience));
        }
        return CompletableFuture.allOf(documents.toArray(CompletableFuture<?>[]::new))
                .thenCombine(
                        query,
                        (all, picture) ->
                                new ReadPictures(
                                        picture,
                                        documents.stream().map(CompletableFuture::join).toList()));
    }

    private CompletableFuture<ReadPicture> read(List<ImageReference> images, long patience) {
        if (images.isEmpty()) {
            return CompletableFuture.completedFuture(ReadPicture.NONE);
        }
        ImageLoader known = loader;
        if (known == null) {
            return CompletableFuture.completedFuture(firstForwarded(images));
        }
        return firstReadable(known, images, 0, List.of())
                .completeOnTimeout(tooSlow(images.get(0)), patience, TimeUnit.MILLISECONDS);
    }

    /** Whether it can be read is found out by whoever serves the model. */
    private ReadPicture firstForwarded(List<ImageReference> images) {
        List<ReadPicture.Failure> failures = new ArrayList<>();
        for (int i = 0; i < images.size(); i++) {
            try {
                return new ReadPicture(
                        new PairImage.Forwarded(forwarded.address(images.get(i))), null, failures);
            } catch (UnreadableImageException e) {
                failures.add(
                        new ReadPicture.Failure(
                                i, images.get(i), e.problem(), String.valueOf(e.getMessage())));
            }
        }
        return new ReadPicture(null, null, failures);
    }

    private static CompletableFuture<ReadPicture> firstReadable(
            ImageLoader loader,
            List<ImageReference> images,
            int index,
            List<ReadPicture.Failure> before) {
        ImageReference reference = images.get(index);
        return loader.load(reference)
                .thenCompose(
                        loaded -> {
                            if (loaded instanceof LoadedImage.Ready ready) {
                                return CompletableFuture.completedFuture(
                                        used(ready, index, before));
                            }
                            LoadedImage.Failed failed = (LoadedImage.Failed) loaded;
                            List<ReadPicture.Failure> failures = new ArrayList<>(before);
                            failures.add(
                                    new ReadPicture.Failure(
                                            index, reference, failed.problem(), failed.message()));
                            return index + 1 < images.size()
                                    ? firstReadable(loader, images, index + 1, failures)
                                    : CompletableFuture.completedFuture(
                                            new ReadPicture(null, null, failures));
                        });
    }

    private static ReadPicture used(
            LoadedImage.Ready ready, int index, List<ReadPicture.Failure> before) {
        ImageInspection inspection = ready.inspection();
        return new ReadPicture(
                new PairImage.Pixels(inspection.sha256(), ready.image()),
                new ImageUse(
                        index,
                        inspection.width(),
                        inspection.height(),
                        inspection.quality().value()),
                before);
    }

    private static ReadPicture tooSlow(ImageReference reference) {
        return new ReadPicture(
                null,
                null,
                List.of(
                        new ReadPicture.Failure(
                                0,
                                reference,
                                ImageProblem.TIMEOUT,
                                "the picture was not ready in the time that the set had for it")));
    }

    @Override
    public void close() {
        if (loader != null) {
            loader.close();
        }
    }
}
