package dev.lychee.rerank.operators.scoring.djl;

import dev.lychee.rerank.operators.scoring.InvalidModelPackageException;
import dev.lychee.rerank.operators.scoring.ScorerDescription;
import dev.lychee.rerank.operators.scoring.ScorerSpec;
import java.nio.file.Path;

/** Checks a model package before a job is submitted, so that a mistake does not reach a cluster. */
public final class ModelPackageCheck {

    private ModelPackageCheck() {}

    /**
     * Reads the package, loads it on the CPU, scores its golden pairs and lets it go again.
     *
     * @param directory folder of the package
     * @param precision {@code auto}, {@code fp32}, {@code bf16} or {@code fp16}
     * @return what was loaded
     * @throws InvalidModelPackageException with a sentence on what is wrong
     */
    public static ScorerDescription run(Path directory, String precision)
            throws InvalidModelPackageException {
        try (DjlScorer scorer =
                DjlScorer.load(new ScorerSpec(directory.toString(), precision, "cpu", 0))) {
            return scorer.description();
        }
    }
}
