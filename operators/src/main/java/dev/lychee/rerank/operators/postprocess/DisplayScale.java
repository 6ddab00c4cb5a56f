package dev.lychee.rerank.operators.postprocess;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * The scale on which scores are shown and score thresholds are given; everything inside is 0..1.
 */
public enum DisplayScale {
    /** 0..1 with three decimals. */
    ONE(1, 3),
    /** 0..10 with one decimal. */
    TEN(10, 1);

    /** A remainder this close to one half is judged on decimal digits; floats err by far less. */
    private static final double NEAR_HALF = 1e-6;

    private final int maximum;
    private final int decimals;
    private final double unit;

    DisplayScale(int maximum, int decimals) {
        this.maximum = maximum;
        this.decimals = decimals;
        this.unit = Math.pow(10, decimals);
    }

    /**
     * The scale with a maximum.
     *
     * @param maximum 1 or 10
     * @throws IllegalArgumentException for anything else
     */
    public static DisplayScale of(int maximum) {
        return switch (maximum) {
            case 1 -> ONE;
            case 10 -> TEN;
            default -> throw new IllegalArgumentException("The scale is 1 or 10, got " + maximum);
        };
    }

    /** 1 or 10. */
    public int maximum() {
        return maximum;
    }

    /**
     * The number to show, rounded half up on the score's decimal digits: 0.925 is 9.3 of 10,
     * although the nearest binary number may lie below.
     *
     * @param score clipped to 0..1; NaN is 0
     */
    public double display(double score) {
        double clipped = score > 0 ? Math.min(score, 1) : 0;
        double units = clipped * maximum * unit;
        double whole = Math.floor(units);
        double rest = units - whole;
        if (Math.abs(rest - 0.5) > NEAR_HALF) {
            return (rest > 0.5 ? whole + 1 : whole) / unit;
        }
        // Decimal digits cost as much as all other steps together, so only where they decide.
        return BigDecimal.valueOf(clipped)
                .multiply(BigDecimal.valueOf(maximum))
                .setScale(decimals, RoundingMode.HALF_UP)
                .doubleValue();
    }

    /**
     * A shown number, such as a request's score threshold, as 0..1.
     *
     * @param displayed 0 to {@link #maximum}
     * @throws IllegalArgumentException if it is outside
     */
    public double toScore(double displayed) {
        if (!(displayed >= 0 && displayed <= maximum)) {
            throw new IllegalArgumentException(
                    "A score on the scale of "
                            + maximum
                            + " is 0.."
                            + maximum
                            + ", got "
                            + displayed);
        }
        return displayed / maximum;
    }
}
