package dev.lychee.rerank.schemas;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * One line of a candidate's account: who changed its {@code score}, and by how much. The changes of
 * all lines add up to the score.
 *
 * @param step {@code base}, {@code signal}, {@code own-step}, {@code price-range}, {@code
 *     in-stock-first}, {@code rule} or {@code limit}, in the order in which they act
 * @param name which one: the field the score starts from, a signal, an own step, a rule; {@code
 *     outside}, {@code sold-out} or {@code 0..1} of the others
 * @param weight share of a signal, 0..1; absent for others
 * @param value value of a signal, 0..1; absent for others
 * @param change what it added to the score; 0 for what only moves the candidate to another place in
 *     the order or takes it out. A signal adds {@code weight x (value - base)}
 * @param score the score after it
 */
public record ScoreChange(
        String step,
        String name,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Double weight,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Double value,
        double change,
        double score) {}
