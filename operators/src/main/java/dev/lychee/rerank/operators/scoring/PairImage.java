package dev.lychee.rerank.operators.scoring;

import dev.lychee.rerank.operators.image.ModelImage;
import dev.lychee.rerank.schemas.Sha256;

/** A picture in the form that a scorer reads, see {@link ScorerImages.Kind}. */
public sealed interface PairImage {

    /** Names the content, as far as it is known: what is equal here has the same score. */
    String key();

    /**
     * The picture's values.
     *
     * @param key hash of the encoded picture
     * @param image as the scorer's processor made it
     */
    record Pixels(String key, ModelImage image) implements PairImage {}

    /**
     * Where the picture is, for scorers that pass it on.
     *
     * @param address of scheme {@code http}, {@code https} or {@code data}
     */
    record Forwarded(String address) implements PairImage {

        @Override
        public String key() {
            return Sha256.hex(address, 64);
        }
    }
}
