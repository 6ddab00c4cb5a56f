package dev.lychee.rerank.operators.scoring;

import java.io.Serializable;

/** Loads a model. Travels with the job graph, so it holds no loaded thing itself. */
@FunctionalInterface
public interface ScorerFactory extends Serializable {

    /**
     * Loads the model that the specification names.
     *
     * @throws InvalidModelPackageException if the package is wrong: trying again does not help
     */
    Scorer load(ScorerSpec spec) throws InvalidModelPackageException;
}
