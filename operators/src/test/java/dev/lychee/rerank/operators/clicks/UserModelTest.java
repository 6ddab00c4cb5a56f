package dev.lychee.rerank.operators.clicks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lychee.rerank.operators.clicks.UserModel.Browsing;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shares of clicks against their theory, within five standard deviations. */
class UserModelTest {

    private static final int RANKS = 8;
    private static final int VISITS = 40_000;
    private static final double RELEVANCE = 0.6;

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, 1, 2})
    void byPositionClicksFallWithThePowerOfTheRank(double eta) {
        double[] shares = shares(new UserModel(Browsing.POSITION_BASED, eta, 0, 0), RELEVANCE);

        for (int rank = 1; rank <= RANKS; rank++) {
            assertShare(shares, rank, RELEVANCE / Math.pow(rank, eta));
        }
    }

    @Test
    void trustAndNoiseMakeUsersClickOnWhatIsNotRelevant() {
        UserModel users = new UserModel(Browsing.POSITION_BASED, 0, 0.4, 0.1);

        double[] irrelevant = shares(users, 0);
        double[] half = shares(users, 0.5);

        for (int rank = 1; rank <= RANKS; rank++) {
            double negative = 0.4 / rank + 0.1;
            assertThat(users.negative(rank)).isCloseTo(negative, within(1e-12));
            assertShare(irrelevant, rank, negative);
            assertShare(half, rank, 0.5 + 0.5 * negative);
        }
    }

    @Test
    void aCascadeEndsWithTheFirstClickAndLosesOneInFiveAtEachStep() {
        UserModel users = new UserModel(Browsing.CASCADE, 1, 0, 0);

        double[] shares = shares(users, RELEVANCE);

        for (int rank = 1; rank <= RANKS; rank++) {
            assertShare(shares, rank, RELEVANCE * Math.pow(0.8 * (1 - RELEVANCE), rank - 1));
        }
        assertThat(mostClicks(users)).isEqualTo(1);
    }

    @Test
    void refusesChancesThatAreNone() {
        assertThatThrownBy(() -> new UserModel(Browsing.CASCADE, -1, 0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("eta");
        assertThatThrownBy(() -> new UserModel(Browsing.CASCADE, 1, 0.6, 0.5))
                .hasMessageContaining("together at most 1");
        assertThatThrownBy(() -> new UserModel(Browsing.CASCADE, 1, Double.NaN, 0))
                .hasMessageContaining("trust");
    }

    private static void assertShare(double[] shares, int rank, double expected) {
        double deviation = Math.sqrt(expected * (1 - expected) / VISITS);
        assertThat(shares[rank - 1])
                .as("rank %d", rank)
                .isCloseTo(expected, within(5 * deviation + 1e-12));
    }

    private static double[] shares(UserModel users, double relevance) {
        Random random = new Random(7);
        double[] shares = new double[RANKS];
        for (int i = 0; i < VISITS; i++) {
            UserModel.Visit visit = users.visit();
            for (int rank = 1; rank <= RANKS; rank++) {
                shares[rank - 1] +=
                        visit.clicks(rank, relevance, random::nextDouble) ? 1.0 / VISITS : 0;
            }
        }
        return shares;
    }

    private static int mostClicks(UserModel users) {
        Random random = new Random(7);
        int most = 0;
        for (int i = 0; i < VISITS; i++) {
            UserModel.Visit visit = users.visit();
            int clicks = 0;
            for (int rank = 1; rank <= RANKS; rank++) {
                clicks += visit.clicks(rank, RELEVANCE, random::nextDouble) ? 1 : 0;
            }
            most = Math.max(most, clicks);
        }
        return most;
    }
}
