package dev.lychee.rerank.operators.scoring.djl;

import dev.lychee.rerank.operators.image.ModelImage;
import dev.lychee.rerank.operators.scoring.InvalidModelPackageException;
import dev.lychee.rerank.operators.scoring.PackageDescription;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What stands in the input where a picture is: its placeholder, once per token of the picture. */
final class ImageBlock {

    private final int[] before;
    private final int placeholder;
    private final int[] after;

    private ImageBlock(int[] before, int placeholder, int[] after) {
        this.before = before;
        this.placeholder = placeholder;
        this.after = after;
    }

    /** The block of a package; null when it reads no pictures. */
    static @Nullable ImageBlock of(ModelPackage model, PackageTokenizer tokenizer)
            throws InvalidModelPackageException {
        ModelPackage.Images images = model.images();
        if (images == null) {
            return null;
        }
        int[] ids = tokenizer.idsOfTemplate(images.placeholder());
        if (ids.length != 1 || !tokenizer.isControl(ids[0])) {
            throw new InvalidModelPackageException(
                    "Field 'images.placeholder' of "
                            + model.directory().resolve(PackageDescription.FILE)
                            + " is '"
                            + images.placeholder()
                            + "', which is not one control token of the tokenizer; without one, a"
                            + " user's text could stand for a picture.");
        }
        return new ImageBlock(
                tokenizer.idsOfTemplate(images.before()),
                ids[0],
                tokenizer.idsOfTemplate(images.after()));
    }

    int placeholder() {
        return placeholder;
    }

    /** Token ids of a picture. */
    int[] ids(ModelImage image) {
        int[] ids = new int[tokens(image)];
        System.arraycopy(before, 0, ids, 0, before.length);
        Arrays.fill(ids, before.length, before.length + image.tokens(), placeholder);
        System.arraycopy(after, 0, ids, before.length + image.tokens(), after.length);
        return ids;
    }

    /** Tokens that a picture takes, those around it included. */
    int tokens(ModelImage image) {
        return before.length + image.tokens() + after.length;
    }
}
