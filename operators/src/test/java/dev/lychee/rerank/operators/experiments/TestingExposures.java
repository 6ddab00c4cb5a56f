package dev.lychee.rerank.operators.experiments;

import dev.lychee.rerank.schemas.Assignment;
import dev.lychee.rerank.schemas.flow.Exposure;
import dev.lychee.rerank.schemas.flow.Participation;
import java.util.List;

/** Exposures of two arms. */
final class TestingExposures {

    private TestingExposures() {}

    static Exposure of(int arm, long unit, boolean clicked) {
        return of(arm, unit, clicked, clicked ? 1 : Double.NaN);
    }

    static Exposure of(int arm, long unit, boolean clicked, double ndcg) {
        return new Exposure(
                new Participation(
                        "e",
                        arm == 0 ? "A" : "B",
                        new Assignment(
                                "h",
                                arm,
                                List.of(0.5, 0.5),
                                "%013x".formatted(unit & ((1L << 52) - 1)))),
                "default",
                0,
                true,
                clicked,
                false,
                false,
                ndcg);
    }
}
