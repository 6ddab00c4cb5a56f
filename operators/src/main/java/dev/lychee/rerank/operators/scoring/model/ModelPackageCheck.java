package dev.lychee.rerank.operators.scoring.model;

import dev.lychee.rerank.operators.scoring.InvalidModelPackageException;
import dev.lychee.rerank.operators.scoring.Scorer;
import dev.lychee.rerank.operators.scoring.ScorerDescription;
import dev.lychee.rerank.operators.scoring.ScorerSpec;
import java.nio.file.Path;

/** Checks a model package before a job is submitted, so that a mistake does not reach a cluster. */
public final class ModelPackageCheck {

    private ModelPackageCheck() {}

    /**
     * Reads the package, loads it on the CPU or asks its endpoint, scores its golden pairs and lets
     * it go again.
     *
     * @param directory folder of the package
     * @param precision {@code auto}, {@code fp32}, {@code bf16} or {@code fp16}
     * @return what was loaded
     * @throws InvalidModelPackageException with a sentence on what is wrong
     * @throws IllegalStateException with a sentence if an endpoint does not answer
     */
    public static ScorerDescription run(Path directory, String precision)
            throws InvalidModelPackageException {
        ScorerSpec spec = new ScorerSpec(directory.toString(), precision, "cpu", 0);
        try (Scorer scorer = new PackageScorerFactory().load(spec)) {
            return scorer.description();
        }
    }
}
