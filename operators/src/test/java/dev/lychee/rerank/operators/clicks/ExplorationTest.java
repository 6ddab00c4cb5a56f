package dev.lychee.rerank.operators.clicks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lychee.rerank.operators.clicks.Exploration.Order;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ExplorationTest {

    private static final int REQUESTS = 20_000;

    @Property
    void onlyNeighboursBelowTheRankChangePlacesAndNothingIsLost(
            @ForAll String requestId,
            @ForAll @IntRange(max = 40) int results,
            @ForAll @IntRange(max = 45) int belowRank) {
        Order order = new Exploration(1, belowRank).order(requestId, results, upper -> true);

        int[] places =
                order == null ? IntStream.range(0, results).toArray() : order.places().clone();
        for (int i = 0; i < results; i++) {
            int upper = order == null ? 0 : order.pairs()[i];
            if (upper == 0) {
                assertThat(places[i]).isEqualTo(i);
            } else {
                assertThat(upper).isGreaterThan(belowRank);
                assertThat(i + 1).isBetween(upper, upper + 1);
                assertThat(places[i] + 1).isBetween(upper, upper + 1);
            }
        }
        Arrays.sort(places);
        assertThat(places).isEqualTo(IntStream.range(0, results).toArray());
    }

    @Property
    void theSameRequestIsShownInTheSameOrderAndALargerShareLeavesItSo(
            @ForAll String requestId, @ForAll @IntRange(min = 3, max = 40) int results) {
        Order some = new Exploration(0.4, 1).order(requestId, results, upper -> true);
        Order again = new Exploration(0.4, 1).order(requestId, results, upper -> true);
        Order all = new Exploration(1, 1).order(requestId, results, upper -> true);

        assertThat(again == null).isEqualTo(some == null);
        if (some != null && again != null) {
            assertThat(again.places()).isEqualTo(some.places());
            assertThat(Objects.requireNonNull(all).places()).isEqualTo(some.places());
        }
    }

    @Property
    void aPairThatMayNotBeSwappedLeavesTheOthersAsTheyAre(
            @ForAll String requestId, @ForAll @IntRange(min = 1, max = 8) int forbidden) {
        Order free = Objects.requireNonNull(order(requestId, 1, 10));
        Order held =
                Objects.requireNonNull(
                        new Exploration(1, 1).order(requestId, 10, upper -> upper != forbidden));

        for (int i = 0; i < 10; i++) {
            boolean inForbidden = free.pairs()[i] == forbidden + 1;
            assertThat(held.pairs()[i]).isEqualTo(inForbidden ? 0 : free.pairs()[i]);
            assertThat(held.places()[i]).isEqualTo(inForbidden ? i : free.places()[i]);
        }
    }

    @Test
    void pairsBeginAtEitherRankAndAreSwappedHalfTheTime() {
        int[] paired = new int[10];
        int[] swapped = new int[10];
        for (int request = 0; request < REQUESTS; request++) {
            Order order = Objects.requireNonNull(order("r-" + request, 1, 10));
            for (int i = 0; i < 10; i++) {
                if (order.pairs()[i] == i + 1) {
                    paired[i]++;
                    swapped[i] += order.places()[i] == i + 1 ? 1 : 0;
                }
            }
        }

        assertThat(paired[0]).isZero();
        for (int i = 1; i < 9; i++) {
            assertThat((double) paired[i] / REQUESTS).isCloseTo(0.5, within(0.02));
            assertThat((double) swapped[i] / paired[i]).isCloseTo(0.5, within(0.02));
        }
    }

    @Test
    void theShareIsWhatWasAskedForWhateverOtherHashesSay() {
        int explored = 0;
        int withLowHash = 0;
        int exploredWithLowHash = 0;
        Exploration exploration = new Exploration(0.1, 1);
        for (int request = 0; request < REQUESTS; request++) {
            String id = "r-" + request;
            boolean low = RequestHash.of(id) % 5 == 0;
            boolean chosen = exploration.order(id, 10, upper -> true) != null;
            explored += chosen ? 1 : 0;
            withLowHash += low ? 1 : 0;
            exploredWithLowHash += chosen && low ? 1 : 0;
        }

        assertThat((double) explored / REQUESTS).isCloseTo(0.1, within(0.01));
        assertThat((double) exploredWithLowHash / withLowHash).isCloseTo(0.1, within(0.02));
    }

    @Test
    void nothingIsExploredUnlessAskedForOrWhereThereAreNoNeighbours() {
        assertThat(Exploration.NONE.order("r", 10, upper -> true)).isNull();
        assertThat(order("r", 1, 2)).isNull();
        assertThat(order("r", Integer.MAX_VALUE, 10)).isNull();
        assertThat(new Exploration(1, 0).order("r", 10, upper -> false)).isNull();
    }

    private static @Nullable Order order(String requestId, int belowRank, int results) {
        return new Exploration(1, belowRank).order(requestId, results, upper -> true);
    }
}
