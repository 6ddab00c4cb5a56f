package dev.lychee.rerank.operators.adjust;

/** An own step with a bug. */
public final class TestingBrokenStep implements AdjustmentStep {

    @Override
    public String name() {
        return "broken";
    }

    @Override
    public double[] adjust(AdjustmentInput set) {
        throw new IllegalStateException("broken on purpose");
    }
}
