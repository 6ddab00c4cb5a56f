package dev.lychee.rerank.deploy.cli;

import dev.lychee.rerank.deploy.UserMistakeException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the shipped model, sample and job jar lie: the {@code deploy} folder, which the script
 * passes.
 */
final class DeployFolder {

    /** The bundled model package. */
    static final String MODEL = "lychee-nano";

    private final Path path;

    private DeployFolder(Path path) {
        this.path = path;
    }

    static DeployFolder current() {
        String home = System.getProperty("lychee.home");
        if (home == null) {
            throw new UserMistakeException(
                    "The deploy folder is not known: start this with deploy/lychee.");
        }
        return new DeployFolder(Path.of(home));
    }

    Path model() {
        return path.resolve("models").resolve(MODEL);
    }

    Path sample() {
        return path.resolve("sample");
    }

    /** The script that writes a model package for measurements. */
    Path minilmShapeScript() {
        return path.resolve("model/minilm_shape.py");
    }

    /** Where the package of that script lies once it is written. */
    Path minilmShape() {
        return path.resolve("target/bench/minilm-shape");
    }

    Path imageConf() {
        return path.resolve("target/image/conf");
    }

    Path jobJar() {
        Path jar = path.resolve("target/image/usrlib/lychee-rerank-job.jar");
        if (!Files.isRegularFile(jar)) {
            throw new UserMistakeException(
                    jar + " does not exist: build it with 'mvn package' in " + path.getParent());
        }
        return jar;
    }
}
