package dev.lychee.rerank.deploy.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ScoreAgreementTest {

    private static final double[] SCORES = {0.9, 0.1, 0.8, 0.4, 0.5};

    @Test
    void countsTheBestThatBothHave() {
        double[] other = {0.9, 0.1, 0.3, 0.4, 0.5};

        assertThat(ScoreAgreement.overlap(SCORES, other, 2)).isEqualTo(0.5);
        assertThat(ScoreAgreement.overlap(SCORES, other, 3)).isCloseTo(2.0 / 3, within(1e-12));
        assertThat(ScoreAgreement.overlap(SCORES, SCORES, 3)).isEqualTo(1);
    }

    @Test
    void comparesAllCandidatesWhereThereAreFewerThanTheCutoff() {
        assertThat(ScoreAgreement.overlap(SCORES, new double[] {5, 4, 3, 2, 1}, 10)).isEqualTo(1);
    }

    @Test
    void keepsTheInputOrderOfEqualScores() {
        assertThat(ScoreAgreement.overlap(new double[] {1, 1, 1}, new double[] {3, 2, 1}, 2))
                .isEqualTo(1);
    }

    @Test
    void givesTauOneForTheSameOrderAndMinusOneForTheOpposite() {
        assertThat(ScoreAgreement.kendallTau(SCORES, new double[] {9, 1, 8, 4, 5})).isEqualTo(1);
        assertThat(ScoreAgreement.kendallTau(SCORES, new double[] {1, 9, 2, 6, 5})).isEqualTo(-1);
        assertThat(ScoreAgreement.kendallTau(new double[] {1}, new double[] {2})).isEqualTo(1);
    }

    @Test
    void losesAFifthOfTauWhenOneOfTenPairsIsSwapped() {
        // One of the ten pairs is discordant: (9 - 1) / 10.
        assertThat(ScoreAgreement.kendallTau(SCORES, new double[] {9, 1, 8, 5, 4}))
                .isCloseTo(0.8, within(1e-12));
    }

    @Test
    void refusesScoringsOfDifferentCandidates() {
        assertThatThrownBy(() -> ScoreAgreement.overlap(SCORES, new double[] {1}, 10))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("5 and 1 candidates");
    }
}
