package dev.lychee.rerank.operators.scoring.djl;

import dev.lychee.rerank.operators.scoring.InvalidModelPackageException;
import dev.lychee.rerank.operators.scoring.Scorer;
import dev.lychee.rerank.operators.scoring.ScorerFactory;
import dev.lychee.rerank.operators.scoring.ScorerSpec;

/** Loads model packages with {@link DjlScorer}. */
public final class DjlScorerFactory implements ScorerFactory {

    @Override
    public Scorer load(ScorerSpec spec) throws InvalidModelPackageException {
        return DjlScorer.load(spec);
    }
}
