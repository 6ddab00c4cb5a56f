package dev.lychee.rerank.operators.image.source;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.lychee.rerank.operators.image.DecodedImage;
import dev.lychee.rerank.operators.image.ImageDecoder;
import dev.lychee.rerank.operators.image.ImageProblem;
import dev.lychee.rerank.operators.image.ImageProcessor;
import dev.lychee.rerank.operators.image.UnreadableImageException;
import dev.lychee.rerank.schemas.ImageReference;
import dev.lychee.rerank.schemas.Sha256;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches, decodes and prepares pictures for one model, in threads of its own.
 *
 * <p><b>State.</b> Owns the threads and the sources. Keeps pictures as the model reads them, by
 * their address or their content, in bounded heap; who asks for one that is under way waits for it.
 *
 * <p><b>Time.</b> A picture is kept for ten minutes, so that one that changes at its address is
 * noticed; one that failed for half a minute.
 *
 * <p><b>Failure.</b> Futures never fail; what is wrong stands in the {@link LoadedImage}.
 */
public final class ImageLoader implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ImageLoader.class);

    private static final Duration KEPT = Duration.ofMinutes(10);
    private static final Duration FAILURE_KEPT = Duration.ofSeconds(30);

    /** References that may wait for a thread; beyond, pictures are {@link ImageProblem#BUSY}. */
    private static final int MAX_WAITING = 20_000;

    /** Of an entry besides its numbers, about. */
    private static final int ENTRY_BYTES = 512;

    private final ImageSources sources;
    private final ImageDecoder decoder;
    private final ImageProcessor processor;
    private final ThreadPoolExecutor threads;
    private final AsyncCache<String, LoadedImage> cache;

    /**
     * @param settings from where pictures may be read, and how much they may take
     * @param processor makes of a picture what the model reads
     */
    public ImageLoader(ImageSettings settings, ImageProcessor processor) {
        this(settings, processor, new ImageSources(settings));
    }

    ImageLoader(ImageSettings settings, ImageProcessor processor, ImageSources sources) {
        this.sources = sources;
        this.decoder = new ImageDecoder(settings.maxPixels(), settings.decodeBytes());
        this.processor = processor;
        AtomicInteger count = new AtomicInteger();
        this.threads =
                new ThreadPoolExecutor(
                        settings.threads(),
                        settings.threads(),
                        0,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(MAX_WAITING),
                        work ->
                                ImageSources.daemon(
                                        work, "lychee-image-" + count.incrementAndGet()));
        this.cache =
                Caffeine.newBuilder()
                        .maximumWeight(settings.cacheBytes())
                        .weigher(ImageLoader::weight)
                        .expireAfter(
                                Expiry.<String, LoadedImage>creating(
                                        (key, image) ->
                                                image instanceof LoadedImage.Ready
                                                        ? KEPT
                                                        : FAILURE_KEPT))
                        .executor(Runnable::run)
                        .buildAsync();
    }

    /** Gets a picture ready; returns at once. */
    public CompletableFuture<LoadedImage> load(ImageReference reference) {
        try {
            if (reference.uri() != null && !reference.uri().startsWith("data:")) {
                return once(reference.uri(), reference);
            }
            // The content is its name; hashing it takes milliseconds, which the caller may not
            // have.
            return CompletableFuture.supplyAsync(() -> key(reference), threads)
                    .thenCompose(key -> once(key, reference))
                    .exceptionally(error -> busy());
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(busy());
        }
    }

    private CompletableFuture<LoadedImage> once(String key, ImageReference reference) {
        // Copied, so that a caller that gives up does not end it for the others.
        return cache.get(key, (any, executor) -> start(reference, threads)).copy();
    }

    private CompletableFuture<LoadedImage> start(ImageReference reference, Executor executor) {
        return CompletableFuture.supplyAsync(() -> prepare(reference), executor);
    }

    private LoadedImage prepare(ImageReference reference) {
        try {
            DecodedImage decoded = decoder.decode(sources.fetch(reference));
            return new LoadedImage.Ready(processor.process(decoded.image()), decoded.inspection());
        } catch (UnreadableImageException e) {
            return LoadedImage.Failed.of(e);
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            LOG.warn("A picture could not be made ready", e);
            return new LoadedImage.Failed(
                    ImageProblem.UNREADABLE, "the picture could not be made ready: " + e);
        }
    }

    private static String key(ImageReference reference) {
        String content = reference.base64() == null ? reference.uri() : reference.base64();
        return "sha256:" + Sha256.hex(String.valueOf(content), 64);
    }

    private static LoadedImage busy() {
        return new LoadedImage.Failed(
                ImageProblem.BUSY, "more pictures wait than can be read; see images.threads");
    }

    private static int weight(String key, LoadedImage image) {
        int own = 2 * key.length() + ENTRY_BYTES;
        return image instanceof LoadedImage.Ready ready
                ? own + Float.BYTES * ready.image().values().length
                : own;
    }

    @Override
    public void close() {
        threads.shutdownNow();
        sources.close();
    }
}
