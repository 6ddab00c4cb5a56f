package dev.lychee.rerank.schemas;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compares profiles on the sets of one profile. Each user (else session, else request) belongs to
 * one arm for as long as salt and shares stay the same; growing the last share, or adding an arm at
 * the end, moves nobody from one arm to another.
 *
 * @param name name of the experiment
 * @param profile the sets that name this profile take part
 * @param arms what is compared, in this order; what the shares leave of 1 takes no part
 * @param segments only sets of these user segments take part; empty for all
 * @param salt makes the assignment independent of other experiments; the name when absent
 * @param enabled false keeps the experiment and assigns nobody; true when absent
 */
public record Experiment(
        String name,
        String profile,
        List<Arm> arms,
        List<String> segments,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String salt,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean enabled) {

    static final int MAX_ARMS = 20;
    private static final int HASH_DIGITS = 16;

    /** Shares are decimal fractions: 0.1 + 0.2 + 0.7 is over 1 in binary. */
    private static final double ROUNDING = 1e-9;

    /**
     * One of the things that are compared.
     *
     * @param name name of the arm; {@code variant} in the result
     * @param share share of those who take part, 0..1
     * @param profile profile of this arm; the experiment's own when absent
     */
    public record Arm(
            String name,
            @JsonProperty(required = true) double share,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String profile) {}

    public Experiment {
        segments = Objects.requireNonNullElse(segments, List.of());
    }

    /** Whether anybody is assigned. */
    public boolean runs() {
        return !Boolean.FALSE.equals(enabled);
    }

    /** Names who takes part and how they are assigned, whether or not anybody is now. */
    public String hash() {
        try {
            return Sha256.hex(
                    Json.mapper()
                            .writeValueAsString(
                                    new Experiment(name, profile, arms, segments, salt, null)),
                    HASH_DIGITS);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an experiment can be written as JSON", e);
        }
    }

    /** Profile of an arm. */
    public String profileOf(Arm arm) {
        return arm.profile() == null ? profile : arm.profile();
    }

    /**
     * Checks that every part is there and in range.
     *
     * @throws InvalidMessageException naming the part, its value and what was expected
     */
    public void validate() throws InvalidMessageException {
        Checks.id(name, "name");
        Checks.id(profile, "profile");
        List<Arm> found = Checks.required(arms, "arms");
        Checks.range(found.size(), 1, MAX_ARMS, "arms (their number)");
        Set<String> names = new HashSet<>();
        double sum = 0;
        for (int i = 0; i < found.size(); i++) {
            String path = "arms[" + i + "]";
            Arm arm = Checks.required(found.get(i), path);
            Checks.id(arm.name(), path + ".name");
            Checks.range(arm.share(), 0, 1, path + ".share");
            if (!names.add(arm.name())) {
                throw Checks.invalid(path + ".name", arm.name(), "a name that no other arm has");
            }
            sum += arm.share();
        }
        if (sum > 1 + ROUNDING) {
            throw Checks.invalid("arms", sum, "shares that sum to 1 or less");
        }
        for (String segment : segments) {
            Checks.id(segment, "segments");
        }
    }
}
