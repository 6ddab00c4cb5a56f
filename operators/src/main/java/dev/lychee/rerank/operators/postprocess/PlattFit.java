package dev.lychee.rerank.operators.postprocess;

import org.jspecify.annotations.Nullable;

/**
 * Slope and intercept of {@link PlattCalibrator} by maximum likelihood.
 *
 * <p>Labels are drawn towards the prior, {@code (N+ + 1) / (N+ + 2)} and {@code 1 / (N- + 2)}, so
 * that separable data has a finite answer (Platt, 1999). Newton's method with halved steps (Lin,
 * Lin and Weng, "A Note on Platt's Probabilistic Outputs for Support Vector Machines", Machine
 * Learning 68, 2007).
 *
 * @param slope of the logit; 0 or less where relevance does not rise with it
 * @param intercept at logit 0
 * @param covariance variance of the slope, covariance of both, variance of the intercept: the
 *     inverse of the information at the solution
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
public record PlattFit(double slope, double intercept, double[] covariance) {

    private static final int MAX_STEPS = 100;
    private static final double SMALLEST_GRADIENT = 1e-10;
    private static final double SMALLEST_STEP = 1e-10;

    /** Keeps the information invertible where all logits are equal, or nearly so. */
    private static final double RIDGE = 1e-10;

    /**
     * Fits samples.
     *
     * @param logits any order; samples with a number beyond 1e100 or not finite are left out
     * @param labels 0..1, clipped
     * @param weights number of observations each sample stands for, above 0
     * @return null if no sample is left
     */
    public static @Nullable PlattFit fit(double[] logits, double[] labels, double[] weights) {
        WeightedSamples samples = WeightedSamples.of(logits, labels, weights);
        if (samples.count() == 0) {
            return null;
        }
        double positives = samples.sumOfLabels();
        double negatives = samples.sumOfWeights() - positives;
        double high = (positives + 1) / (positives + 2);
        double low = 1 / (negatives + 2);
        double[] targets = new double[samples.count()];
        for (int i = 0; i < targets.length; i++) {
            targets[i] = samples.label(i) * high + (1 - samples.label(i)) * low;
        }
        // Logits are centred and scaled meanwhile: the Newton step then has no bad directions.
        Line line = new Line(0, Math.log((positives + 1) / (negatives + 1)));
        double loss = loss(samples, targets, line);
        for (int step = 0; step < MAX_STEPS; step++) {
            Information information = Information.at(samples, targets, line);
            if (information.gradient() < SMALLEST_GRADIENT * samples.sumOfWeights()) {
                break;
            }
            Line direction = information.newtonStep();
            double length = 1;
            Line next = line.plus(direction, length);
            double nextLoss = loss(samples, targets, next);
            while (!(nextLoss < loss) && length > SMALLEST_STEP) {
                length /= 2;
                next = line.plus(direction, length);
                nextLoss = loss(samples, targets, next);
            }
            if (!(nextLoss < loss)) {
                break;
            }
            line = next;
            loss = nextLoss;
        }
        double[] covariance = Information.at(samples, targets, line).inverse();
        double scale = samples.scale();
        double slope = line.slope() / scale;
        // A determinant that is zero but for rounding may come out negative.
        double slopeVariance = Math.max(0, covariance[0] / (scale * scale));
        double shift = samples.centre();
        double both = covariance[1] / scale;
        return new PlattFit(
                slope,
                line.intercept() - slope * shift,
                new double[] {
                    slopeVariance,
                    both - shift * slopeVariance,
                    Math.max(0, covariance[2] - 2 * shift * both + shift * shift * slopeVariance)
                });
    }

    private record Line(double slope, double intercept) {

        Line plus(Line direction, double length) {
            return new Line(
                    slope + length * direction.slope, intercept + length * direction.intercept);
        }

        double at(double value) {
            return slope * value + intercept;
        }
    }

    private static double loss(WeightedSamples samples, double[] targets, Line line) {
        double loss = 0;
        for (int i = 0; i < samples.count(); i++) {
            double value = line.at(samples.scaled(i));
            // log(1 + exp(value)) - target * value, without overflow.
            double softplus = Math.max(value, 0) + Math.log1p(Math.exp(-Math.abs(value)));
            loss += samples.weight(i) * (softplus - targets[i] * value);
        }
        return loss;
    }

    /** Gradient and second derivatives of the loss at a line. */
    private record Information(
            double bySlope, double byIntercept, double slopeSlope, double both, double constant) {

        static Information at(WeightedSamples samples, double[] targets, Line line) {
            double bySlope = 0;
            double byIntercept = 0;
            double slopeSlope = RIDGE;
            double both = 0;
            double constant = RIDGE;
            for (int i = 0; i < samples.count(); i++) {
                double value = samples.scaled(i);
                double probability = Probability.sigmoid(line.at(value));
                double residual = samples.weight(i) * (probability - targets[i]);
                double curvature = samples.weight(i) * probability * (1 - probability);
                bySlope += residual * value;
                byIntercept += residual;
                slopeSlope += curvature * value * value;
                both += curvature * value;
                constant += curvature;
            }
            return new Information(bySlope, byIntercept, slopeSlope, both, constant);
        }

        double gradient() {
            return Math.max(Math.abs(bySlope), Math.abs(byIntercept));
        }

        Line newtonStep() {
            double[] inverse = inverse();
            return new Line(
                    -(inverse[0] * bySlope + inverse[1] * byIntercept),
                    -(inverse[1] * bySlope + inverse[2] * byIntercept));
        }

        double[] inverse() {
            // A little more on the diagonal, or rounding could make the determinant zero or less.
            double determinant = slopeSlope * (1 + RIDGE) * (constant * (1 + RIDGE)) - both * both;
            return new double[] {
                constant / determinant, -both / determinant, slopeSlope / determinant
            };
        }
    }
}
