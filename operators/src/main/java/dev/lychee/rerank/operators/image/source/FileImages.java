package dev.lychee.rerank.operators.image.source;

import dev.lychee.rerank.operators.image.ImageProblem;
import dev.lychee.rerank.operators.image.UnreadableImageException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.core.fs.FileSystem;

/**
 * Pictures in file systems: local files, and whatever Flink has a file system for, such as S3. Only
 * below the roots; of local files where they really are counts, so that no link leads out of them.
 */
final class FileImages {

    private final List<ImageRoot> roots;

    FileImages(List<String> roots) {
        this.roots = roots.stream().map(ImageRoot::of).toList();
    }

    byte[] fetch(URI address, BoundedRead limits) throws UnreadableImageException {
        if (address.getPath() == null || address.getRawQuery() != null) {
            throw new UnreadableImageException(
                    ImageProblem.MALFORMED_REFERENCE,
                    "the address needs a path and no query, as in s3://bucket/a.jpg");
        }
        if (roots.stream().noneMatch(root -> root.holds(address))) {
            throw notAllowed(address);
        }
        try {
            return "file".equalsIgnoreCase(address.getScheme())
                    ? readLocal(address, limits)
                    : readOther(address, limits);
        } catch (FileNotFoundException | NoSuchFileException e) {
            throw new UnreadableImageException(ImageProblem.NOT_FOUND, "there is no such file", e);
        } catch (IOException | RuntimeException e) {
            throw new UnreadableImageException(
                    ImageProblem.FETCH_FAILED, "the file cannot be read: " + e.getMessage(), e);
        }
    }

    private byte[] readLocal(URI address, BoundedRead limits)
            throws IOException, UnreadableImageException {
        Path file = Path.of(address.getPath()).toRealPath();
        for (ImageRoot root : roots) {
            Path folder = Path.of("/" + String.join("/", root.folders()));
            boolean local = root.scheme().equals("file") && root.authority().isEmpty();
            if (local && Files.exists(folder) && file.startsWith(folder.toRealPath())) {
                if (!Files.isRegularFile(file)) {
                    throw new UnreadableImageException(
                            ImageProblem.NOT_FOUND,
                            "the address names something other than a file");
                }
                try (InputStream in = Files.newInputStream(file)) {
                    return limits.read(in);
                }
            }
        }
        throw notAllowed(address);
    }

    private static byte[] readOther(URI address, BoundedRead limits)
            throws IOException, UnreadableImageException {
        try (InputStream in =
                FileSystem.get(address).open(new org.apache.flink.core.fs.Path(address))) {
            return limits.read(in);
        }
    }

    private static UnreadableImageException notAllowed(URI address) {
        return new UnreadableImageException(
                ImageProblem.NOT_ALLOWED,
                "pictures of scheme %s are allowed only below images.roots, where this is not"
                        .formatted(address.getScheme()));
    }
}
