package dev.lychee.rerank.operators.postprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class TraceTest {

    @Provide
    Arbitrary<TestingSet> messy() {
        return TestingSet.messy();
    }

    @Test
    void averagesHowFarScoredPairsMoved() {
        double change =
                Trace.meanAbsoluteChange(
                        new double[] {0.1, 0.5, 0.9, 0.3, Double.NaN},
                        new double[] {0.3, 0.4, 0.1, Double.NaN, 0.2},
                        new boolean[] {true, true, false, true, true});

        assertThat(change).isCloseTo(0.15, within(1e-15));
    }

    @Test
    void isZeroWithoutPairs() {
        assertThat(
                        Trace.meanAbsoluteChange(
                                new double[] {1}, new double[] {2}, new boolean[] {false}))
                .isZero();
    }

    @Test
    void refusesArraysOfDifferentLengths() {
        assertThatThrownBy(
                        () ->
                                Trace.meanAbsoluteChange(
                                        new double[1], new double[2], new boolean[1]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void isFiniteAndSymmetric(@ForAll("messy") TestingSet set, @ForAll long seed) {
        double[] other =
                TestingSet.inOrder(set.values(), TestingSet.shuffledOrder(set.size(), seed));

        double forth = Trace.meanAbsoluteChange(set.values(), other, set.usable());
        double back = Trace.meanAbsoluteChange(other, set.values(), set.usable());

        assertThat(forth).isFinite().isNotNegative().isEqualTo(back);
        assertThat(Trace.meanAbsoluteChange(set.values(), set.values(), set.usable())).isZero();
    }
}
