package dev.lychee.rerank.operators.postprocess;

/**
 * The 95 % interval of a share (Wilson, "Probable Inference, the Law of Succession, and Statistical
 * Inference", JASA 22, 1927).
 *
 * @param low 0..share
 * @param high share..1
 */
public record WilsonInterval(double low, double high) {

    /** The 97.5 % quantile of the normal distribution. */
    static final double Z_95 = 1.959963984540054;

    /**
     * The interval around an observed share.
     *
     * @param share 0..1
     * @param observations above 0, fractions allowed
     */
    public static WilsonInterval of(double share, double observations) {
        // Multiplied out so that the smallest weights do not overflow.
        double middle = (share * observations + Z_95 * Z_95 / 2) / (observations + Z_95 * Z_95);
        double half =
                Z_95
                        * Math.sqrt(share * (1 - share) * observations + Z_95 * Z_95 / 4)
                        / (observations + Z_95 * Z_95);
        return new WilsonInterval(
                Math.max(0, Math.min(share, middle - half)),
                Math.min(1, Math.max(share, middle + half)));
    }
}
