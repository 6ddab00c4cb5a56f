package dev.lychee.rerank.operators.scoring;

/**
 * Whether and how a scorer reads pictures.
 *
 * @param kind in which form
 * @param tokens most tokens that one picture takes; 0 where it is not known
 */
public record ScorerImages(Kind kind, int tokens) {

    /** A scorer of texts. */
    public static final ScorerImages NONE = new ScorerImages(Kind.NONE, 0);

    /** In which form pictures are read. */
    public enum Kind {
        /** Not at all. */
        NONE,
        /** As {@link PairImage.Pixels}, made by {@link Scorer#imageProcessor}. */
        PIXELS,
        /** As {@link PairImage.Forwarded}: the scorer passes the address on. */
        FORWARDED
    }
}
