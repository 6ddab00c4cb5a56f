package dev.lychee.rerank.operators.clicks;

import java.util.function.DoubleSupplier;

/**
 * How simulated users go through a result and click. It is the other way round of {@link
 * ClickModel}: chances of relevance go in, clicks come out.
 *
 * <p>Something that a user looks at is clicked when it is relevant; when it is not, with the chance
 * {@code trust / rank + noise}.
 *
 * @param browsing how users go through a result
 * @param eta by position: rank {@code k} is looked at with the chance {@code 1 / k^eta}, 0 or more
 *     (Joachims, Swaminathan and Schnabel, "Unbiased Learning-to-Rank with Biased Feedback", WSDM
 *     2017); a cascade does not read it
 * @param trust chance of a click on something not relevant at rank one because it stands there, a
 *     {@code k}th of it at rank {@code k}; 0..1
 * @param noise chance of such a click at every rank, 0..1
 */
public record UserModel(Browsing browsing, double eta, double trust, double noise) {

    /** Chance to go on after something that was not clicked on, in a cascade. */
    private static final double PATIENCE = 0.8;

    /** How users go through a result. */
    public enum Browsing {
        /** Each rank with its own chance, whatever was clicked above. */
        POSITION_BASED,
        /**
         * From the top until the first click (Craswell et al., "An Experimental Comparison of Click
         * Position-Bias Models", WSDM 2008), losing patience with one in five at each step.
         */
        CASCADE
    }

    /** A checked one. */
    public UserModel {
        if (!(eta >= 0) || !(trust >= 0) || !(noise >= 0) || trust + noise > 1) {
            throw new IllegalArgumentException(
                    "eta, trust and noise must be 0 or more, trust and noise together at most 1");
        }
    }

    /** Chance of a click on something not relevant that was looked at, at a rank (1-based). */
    public double negative(int rank) {
        return trust / rank + noise;
    }

    /** A user comes and sees a result, from the first rank on. */
    public Visit visit() {
        return new Visit();
    }

    /** One user in front of one result. Not safe for concurrent use. */
    public final class Visit {

        private boolean patient = true;

        private Visit() {}

        /**
         * Whether the user clicks on the next document; ask from the first rank down.
         *
         * @param rank where it stands, 1-based
         * @param relevance chance that it is relevant, 0..1
         * @param draws numbers from 0 (included) to 1, evenly spread
         */
        public boolean clicks(int rank, double relevance, DoubleSupplier draws) {
            boolean examined =
                    browsing == Browsing.CASCADE
                            ? patient
                            : draws.getAsDouble() * Math.pow(rank, eta) < 1;
            boolean attracted =
                    draws.getAsDouble() < relevance || draws.getAsDouble() < negative(rank);
            boolean clicked = examined && attracted;
            patient = patient && !clicked && draws.getAsDouble() < PATIENCE;
            return clicked;
        }
    }
}
