package dev.lychee.rerank.deploy.bench;

import dev.lychee.rerank.deploy.UserMistakeException;
import dev.lychee.rerank.operators.image.source.ImageSettings;
import dev.lychee.rerank.operators.scoring.BatchLimits;
import dev.lychee.rerank.operators.scoring.InvalidModelPackageException;
import dev.lychee.rerank.operators.scoring.Scorer;
import dev.lychee.rerank.operators.scoring.ScorerFactory;
import dev.lychee.rerank.operators.scoring.ScorerSpec;
import dev.lychee.rerank.operators.scoring.ScoringClock;
import dev.lychee.rerank.operators.scoring.ScoringService;
import dev.lychee.rerank.operators.scoring.ServiceLimits;
import dev.lychee.rerank.operators.scoring.model.PackageScorerFactory;
import java.nio.file.Path;

/** Loads models for measurements. */
final class LoadedScorer {

    private static final ImageSettings UNCACHED_IMAGES =
            new ImageSettings(
                    ImageSettings.DEFAULTS.roots(),
                    ImageSettings.DEFAULTS.hosts(),
                    ImageSettings.DEFAULTS.privateAddresses(),
                    ImageSettings.DEFAULTS.maxBytes(),
                    ImageSettings.DEFAULTS.maxPixels(),
                    ImageSettings.DEFAULTS.timeoutMillis(),
                    ImageSettings.DEFAULTS.threads(),
                    ImageSettings.DEFAULTS.decodeBytes(),
                    0);

    private LoadedScorer() {}

    /**
     * Loads a package on the CPU.
     *
     * @param threads threads of one forward pass; 0 for one per core
     * @throws UserMistakeException if the package is wrong
     */
    static Scorer load(Path model, String precision, int threads) {
        return load(model, precision, "cpu", threads);
    }

    /**
     * Loads a package on a device.
     *
     * @param device {@code cpu}, or {@code gpu:0} with the index of the GPU
     * @param threads threads of one forward pass on the CPU; 0 for one per core
     * @throws UserMistakeException if the package is wrong, or the device is not there
     */
    static Scorer load(Path model, String precision, String device, int threads) {
        return load(
                new PackageScorerFactory(),
                new ScorerSpec(
                        model.toAbsolutePath().normalize().toString(), precision, device, threads));
    }

    /**
     * Loads what the factory makes.
     *
     * @throws UserMistakeException if the package is wrong
     */
    static Scorer load(ScorerFactory factory, ScorerSpec spec) {
        try {
            return factory.load(spec);
        } catch (InvalidModelPackageException
                | IllegalArgumentException
                | IllegalStateException wrong) {
            throw new UserMistakeException(String.valueOf(wrong.getMessage()));
        }
    }

    /**
     * A service that keeps no scores and no pictures: rounds repeat the same pairs, which a cache
     * would answer.
     */
    static ScoringService service(Scorer scorer, BatchLimits limits) {
        return service(scorer, limits, false);
    }

    /** The same, whose scores can be made the same to the last bit whatever else is scored. */
    static ScoringService service(Scorer scorer, BatchLimits limits, boolean deterministic) {
        return new ScoringService(
                scorer,
                new ServiceLimits(limits, 0, 0, deterministic, UNCACHED_IMAGES),
                ScoringClock.system(),
                (thread, failure) -> {
                    throw new IllegalStateException("no batch may end the run", failure);
                });
    }
}
