package dev.lychee.rerank.operators.scoring.djl;

import dev.lychee.rerank.operators.scoring.InvalidModelPackageException;
import dev.lychee.rerank.operators.scoring.ScorerSpec;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/** The model packages under {@code src/test/resources/models}, as they are or with one change. */
final class TestPackages {

    private TestPackages() {}

    static Path folder(String name) {
        URL url = Objects.requireNonNull(TestPackages.class.getResource("/models/" + name));
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static DjlScorer load(String name) throws InvalidModelPackageException {
        return load(folder(name), "fp32");
    }

    static DjlScorer load(Path folder, String precision) throws InvalidModelPackageException {
        return DjlScorer.load(new ScorerSpec(folder.toString(), precision, "cpu", 2));
    }

    /** A copy in which the text of one file is changed, which must make a difference. */
    static Path changed(String name, Path target, String file, UnaryOperator<String> change)
            throws IOException {
        return changed(folder(name), target, file, change);
    }

    /** A copy of a folder in which the text of one file is changed, which must differ then. */
    static Path changed(Path folder, Path target, String file, UnaryOperator<String> change)
            throws IOException {
        Path copy = copied(folder, target);
        String before = Files.readString(copy.resolve(file));
        String after = change.apply(before);
        if (after.equals(before)) {
            throw new IllegalArgumentException("Nothing changed in " + file + " of " + folder);
        }
        Files.writeString(copy.resolve(file), after);
        return copy;
    }

    /** A copy of a folder below another one. */
    static Path copied(Path folder, Path target) throws IOException {
        Path copy = Files.createDirectories(target.resolve(folder.getFileName()));
        try (var files = Files.list(folder)) {
            for (Path source : files.toList()) {
                Files.copy(source, copy.resolve(source.getFileName().toString()));
            }
        }
        return copy;
    }

    /** Texts of many lengths, the longest longer than any limit of the packages. */
    static List<String> documents() {
        return List.of(
                "",
                "paris",
                "a red dress",
                "beijing is the capital city of china.",
                "复古 牛仔 外套 蓝色",
                "black leather boots for men, used, size ten, with a belt and a bag",
                "a warm wool coat, long, for winter: the price is small and the size is large",
                "one two three four five six seven eight nine ten ".repeat(20));
    }
}
