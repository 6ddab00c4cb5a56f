package dev.lychee.rerank.operators.scoring.model;

import dev.lychee.rerank.operators.scoring.InvalidModelPackageException;
import dev.lychee.rerank.operators.scoring.PackageDescription;
import dev.lychee.rerank.operators.scoring.Scorer;
import dev.lychee.rerank.operators.scoring.ScorerFactory;
import dev.lychee.rerank.operators.scoring.ScorerSpec;
import dev.lychee.rerank.operators.scoring.djl.DjlScorer;
import dev.lychee.rerank.operators.scoring.djl.ModelPackage;
import dev.lychee.rerank.operators.scoring.remote.RemoteScorer;
import java.nio.file.Path;

/** Loads a model package of any kind: on DJL, or as the endpoint that it names. */
public final class PackageScorerFactory implements ScorerFactory {

    @Override
    public Scorer load(ScorerSpec spec) throws InvalidModelPackageException {
        PackageDescription description = PackageDescription.read(Path.of(spec.packagePath()));
        return description.kind().equals(RemoteScorer.KIND)
                ? RemoteScorer.load(spec, description, System.getenv())
                : DjlScorer.load(spec, ModelPackage.of(description));
    }
}
