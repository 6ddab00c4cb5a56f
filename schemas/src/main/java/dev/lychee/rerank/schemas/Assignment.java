package dev.lychee.rerank.schemas;

import java.util.List;

/**
 * How a request came to its arm of an experiment.
 *
 * @param hash names what the experiment says: who takes part, which arms, with which shares;
 *     results of two hashes are not of one experiment
 * @param arm which of the arms, from 0; the first one is the control
 * @param shares share of each arm, in their order, 0..1
 * @param unit who was assigned (user, else session, else request), as 13 hexadecimal digits of a
 *     salted hash; divided by 16^13 it is the place among the shares
 */
public record Assignment(String hash, int arm, List<Double> shares, String unit) {

    /** So many hexadecimal digits are a number that a double holds exactly. */
    public static final int UNIT_DIGITS = 13;

    private static final double UNITS = 0x1p52;

    /**
     * Checks that every part is there and in range.
     *
     * @throws InvalidMessageException naming the part, its value and what was expected
     */
    public void validate() throws InvalidMessageException {
        Checks.id(hash, "assignment.hash");
        Checks.range(
                Checks.required(shares, "assignment.shares").size(),
                1,
                Experiment.MAX_ARMS,
                "assignment.shares (their number)");
        double sum = 0;
        for (Double share : shares) {
            Checks.range(Checks.required(share, "assignment.shares"), 0, 1, "assignment.shares");
            sum += share;
        }
        if (sum == 0) {
            throw Checks.invalid("assignment.shares", sum, "a share above 0");
        }
        Checks.range(arm, 0, shares.size() - 1, "assignment.arm");
        if (!Checks.required(unit, "assignment.unit").matches("[0-9a-f]{13}")) {
            throw Checks.invalid("assignment.unit", unit, "13 hexadecimal digits");
        }
    }

    /** A number of the unit, uniform in 0..2^52 - 1. */
    public long unitNumber() {
        return Long.parseLong(unit, 16);
    }

    /** Where a unit falls among the shares, 0 or more and less than 1. */
    public static double place(String unit) {
        return Long.parseLong(unit, 16) / UNITS;
    }
}
