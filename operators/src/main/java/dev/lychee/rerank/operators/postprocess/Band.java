package dev.lychee.rerank.operators.postprocess;

/** How relevant a candidate is in one word, from its calibrated probability. */
public enum Band {
    /** 0.75 and above. */
    STRONG("strong"),
    /** From 0.55 to below 0.75. */
    MEDIUM("medium"),
    /** Below 0.55. */
    WEAK("weak");

    private static final double STRONG_FROM = 0.75;
    private static final double MEDIUM_FROM = 0.55;

    private final String label;

    Band(String label) {
        this.label = label;
    }

    /** The word on the wire. */
    public String label() {
        return label;
    }

    /**
     * The band that a probability falls into.
     *
     * @param calibrated 0..1; NaN is weak
     */
    public static Band of(double calibrated) {
        if (calibrated >= STRONG_FROM) {
            return STRONG;
        }
        return calibrated >= MEDIUM_FROM ? MEDIUM : WEAK;
    }
}
