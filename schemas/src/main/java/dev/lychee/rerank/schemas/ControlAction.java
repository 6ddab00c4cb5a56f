package dev.lychee.rerank.schemas;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a message on the control topic asks for. On the wire in kebab-case; never renamed. */
public enum ControlAction {
    /** Publish a profile. */
    SET_PROFILE,
    /**
     * Take a published profile back; the one of {@code profiles.yaml} or the preset holds again.
     */
    RESET_PROFILE,
    /** Publish an experiment. */
    SET_EXPERIMENT,
    /** Take a published experiment back; the one of {@code profiles.yaml}, if any, holds again. */
    RESET_EXPERIMENT,
    /** Take everything back that was published. */
    RESET_ALL;

    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
