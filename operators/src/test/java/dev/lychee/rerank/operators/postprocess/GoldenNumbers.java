package dev.lychee.rerank.operators.postprocess;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** What numpy, scipy, scikit-learn and scikit-image give, written by {@code golden_maths.py}. */
public final class GoldenNumbers {

    private static final JsonNode ROOT = read();

    private GoldenNumbers() {}

    /** The cases of one section. */
    public static JsonNode section(String name) {
        return Objects.requireNonNull(ROOT.get(name), name);
    }

    /** An array of numbers. */
    public static double[] numbers(JsonNode parent, String name) {
        JsonNode array = parent.get(name);
        double[] numbers = new double[array.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = array.get(i).doubleValue();
        }
        return numbers;
    }

    /** The largest absolute difference of two arrays of one length. */
    public static double largestDifference(double[] left, double[] right) {
        if (left.length != right.length) {
            throw new AssertionError(left.length + " numbers compared with " + right.length);
        }
        double largest = 0;
        for (int i = 0; i < left.length; i++) {
            double difference = Math.abs(left[i] - right[i]);
            if (!(difference <= largest)) {
                largest = difference;
            }
        }
        return largest;
    }

    private static JsonNode read() {
        try (InputStream json =
                Objects.requireNonNull(
                        GoldenNumbers.class.getResourceAsStream("/golden/maths.json"))) {
            return new ObjectMapper().readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
