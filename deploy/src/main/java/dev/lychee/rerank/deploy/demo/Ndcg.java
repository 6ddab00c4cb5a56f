package dev.lychee.rerank.deploy.demo;

import java.util.Arrays;

final class Ndcg {
    private Ndcg() {}

    static double ndcg(double[] ranked, double[] judged, int cutoff) {
        double[] ideal = judged.clone();
        Arrays.sort(ideal);
        double best = 0;
        double actual = 0;
        for (int i = 0; i < Math.min(cutoff, ideal.length); i++) {
            best += (Math.pow(2, ideal[ideal.length - 1 - i]) - 1) / Math.log(i + 2.0);
        }
        for (int i = 0; i < Math.min(cutoff, ranked.length); i++) {
            actual += (Math.pow(2, ranked[i]) - 1) / Math.log(i + 2.0);
        }
        return best == 0 ? 0 : actual / best;
    }
}
