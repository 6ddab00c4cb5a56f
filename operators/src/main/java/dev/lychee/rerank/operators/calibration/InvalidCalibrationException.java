package dev.lychee.rerank.operators.calibration;

/** Calibration maps that cannot be used; the message is a sentence that names the place. */
public final class InvalidCalibrationException extends Exception {

    public InvalidCalibrationException(String message) {
        super(message);
    }
}
