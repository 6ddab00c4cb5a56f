package dev.lychee.rerank.operators.adjust;

import dev.lychee.rerank.schemas.FieldValue;

/** An own step as a user writes one: documents of the brand that the query names gain 0.1. */
public final class TestingFavouriteBrandStep implements AdjustmentStep {

    @Override
    public String name() {
        return "favourite-brand";
    }

    @Override
    public double[] adjust(AdjustmentInput set) {
        String query = String.valueOf(set.query().text());
        double[] scores = new double[set.size()];
        for (int i = 0; i < scores.length; i++) {
            FieldValue brand = set.candidates().get(i).fields().get("brand");
            boolean named = brand != null && brand.text() != null && query.contains(brand.text());
            scores[i] = set.score(i) + (named ? 0.1 : 0);
        }
        return scores;
    }
}
