package dev.lychee.rerank.deploy.clicks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lychee.rerank.deploy.clicks.Page.Interaction;
import dev.lychee.rerank.operators.clicks.UserModel;
import dev.lychee.rerank.operators.clicks.UserModel.Browsing;
import dev.lychee.rerank.schemas.RerankedResult;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PopulationTest {

    private static final UserModel USERS = new UserModel(Browsing.POSITION_BASED, 1, 0, 0);
    private static final Truth TRUTH = new Truth.Distortion(2, 1);
    private static final double[] LOGITS = {3, 2, 1, 0, -1};
    private static final int REQUESTS = 20_000;

    private final Population population = new Population(USERS, TRUTH, 50, 4, 0, 1);

    @Test
    void theSameResultMakesTheSameUserDoTheSameWhateverCameBefore() {
        Map<String, List<Interaction>> forwards = new TreeMap<>();
        Map<String, List<Interaction>> backwards = new TreeMap<>();
        List<Integer> requests = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            requests.add(i);
        }

        requests.forEach(i -> forwards.put("r-" + i, page("r-" + i).actions()));
        Collections.reverse(requests);
        requests.forEach(i -> backwards.put("r-" + i, page("r-" + i).actions()));

        assertThat(backwards).isEqualTo(forwards);
        assertThat(page("r-7").client()).isEqualTo(page("r-7").client());
    }

    @Test
    void anotherSeedMakesOtherUsers() {
        Population others = new Population(USERS, TRUTH, 50, 4, 0, 2);
        int different = 0;
        for (int i = 0; i < 200; i++) {
            Page theirs = Objects.requireNonNull(others.look(result("r-" + i)));
            different += theirs.actions().equals(page("r-" + i).actions()) ? 0 : 1;
        }

        assertThat(different).isGreaterThan(50);
    }

    @Test
    void clicksFollowTheTruthAndTheRankAndNotTheServedProbability() {
        double[] shares = new double[4];
        for (int i = 0; i < REQUESTS; i++) {
            for (Interaction action : page("r-" + i).actions()) {
                shares[action.rank() - 1] += 1.0 / REQUESTS;
            }
        }

        for (int rank = 1; rank <= 4; rank++) {
            double relevant = 1 / (1 + Math.exp(-(LOGITS[rank - 1] - 1) / 2));
            double expected = relevant / rank;
            double deviation = Math.sqrt(expected * (1 - expected) / REQUESTS);
            assertThat(shares[rank - 1])
                    .as("rank %d", rank)
                    .isCloseTo(expected, within(5 * deviation));
        }
    }

    @Test
    void showsTheFirstPlacesAndKnowsWhatWasServedAndWhatIsTrue() {
        Page page = page("r-1");

        assertThat(page.impressions())
                .containsExactly(
                        new Interaction("impression", "sku-1", 1),
                        new Interaction("impression", "sku-2", 2),
                        new Interaction("impression", "sku-3", 3),
                        new Interaction("impression", "sku-4", 4));
        assertThat(page.calibrated()[2]).isCloseTo(0.731, within(1e-3));
        assertThat(page.truth()[2]).isEqualTo(0.5);
        assertThat(page.mapVersion()).isEqualTo(9);
    }

    @Test
    void aShareOfClicksGoesOnToTheCartAndOfThoseToThePurchase() {
        Population buyers = new Population(USERS, TRUTH, 50, 4, 0.5, 1);
        Map<String, Integer> counts = new TreeMap<>();
        for (int i = 0; i < REQUESTS; i++) {
            Objects.requireNonNull(buyers.look(result("r-" + i)))
                    .actions()
                    .forEach(action -> counts.merge(action.action(), 1, Integer::sum));
        }

        double clicks = counts.get("click");
        assertThat(counts.get("add_to_cart") / clicks).isCloseTo(0.5, within(0.02));
        assertThat(counts.get("purchase") / clicks).isCloseTo(0.25, within(0.02));
    }

    @Test
    void spreadsRequestsOverAllClients() {
        Set<String> clients = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            clients.add(page("r-" + i).client());
        }

        assertThat(clients).hasSize(50);
    }

    @Test
    void nobodySeesAResultThatShowsNothing() {
        assertThat(population.look(TestingResults.result("r-1", 0))).isNull();
    }

    @Test
    void refusesAPopulationOfNobody() {
        assertThatThrownBy(() -> new Population(USERS, TRUTH, 0, 4, 0, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("clients and places must be at least 1");
    }

    private Page page(String requestId) {
        return Objects.requireNonNull(population.look(result(requestId)));
    }

    private static RerankedResult result(String requestId) {
        return TestingResults.result(requestId, 9, LOGITS);
    }
}
