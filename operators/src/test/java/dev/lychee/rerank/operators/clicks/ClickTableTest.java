package dev.lychee.rerank.operators.clicks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class ClickTableTest {

    private static final int RANKS = 5;

    private record Seen(int rank, double logit, double label, double calibrated) {}

    @Provide
    Arbitrary<List<Seen>> impressions() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, RANKS),
                        Arbitraries.doubles().between(-40, 40),
                        Arbitraries.doubles().between(0, 1),
                        Arbitraries.doubles().between(0, 1))
                .as(Seen::new)
                .list()
                .ofMaxSize(60);
    }

    @Property
    void anyOrderAndAnyGroupingGivesTheSameBits(
            @ForAll("impressions") List<Seen> seen, @ForAll long seed) {
        ClickTable inOrder = table(seen);
        List<Seen> shuffled = new ArrayList<>(seen);
        Collections.shuffle(shuffled, new Random(seed));
        int cut = shuffled.size() / 3;
        ClickTable merged = table(shuffled.subList(cut, shuffled.size()));
        ClickTable part = table(shuffled.subList(0, cut));
        int[] cells = part.filledCells();

        merged.add(cells, part.at(cells));

        assertThat(merged.sums()).isEqualTo(inOrder.sums());
    }

    @Property
    void countsWhatItWasGiven(@ForAll("impressions") List<Seen> seen) {
        ClickTable table = table(seen);

        assertThat(table.impressions()).isEqualTo(seen.size());
        assertThat(table.clicks())
                .isCloseTo(
                        seen.stream().mapToDouble(Seen::label).sum(),
                        org.assertj.core.api.Assertions.within(1e-4));
    }

    @Property
    void meansStayInsideTheirBinHoweverMuchDecays(
            @ForAll("impressions") List<Seen> seen,
            @ForAll @DoubleRange(min = 0.01, max = 1) double factor) {
        ClickTable table = table(seen);

        table.decay(factor);

        double previous = Double.NEGATIVE_INFINITY;
        for (int bin = 0; bin < LogitBins.COUNT; bin++) {
            double mean = table.meanLogit(bin);
            if (!Double.isNaN(mean)) {
                assertThat(mean).isGreaterThan(previous);
                previous = mean;
            }
        }
    }

    @Test
    void anEmptyTableHasNoMeans() {
        assertThat(new ClickTable(RANKS).meanLogit(3)).isNaN();
        assertThat(new ClickTable(RANKS).meanCalibrated(3)).isNaN();
    }

    @Property
    void binsFollowTheLogit(@ForAll double left, @ForAll double right) {
        double low = Math.min(left, right);
        double high = Math.max(left, right);

        assertThat(LogitBins.of(low)).isBetween(0, LogitBins.of(high));
        assertThat(LogitBins.of(high)).isLessThan(LogitBins.COUNT);
    }

    private static ClickTable table(List<Seen> seen) {
        ClickTable table = new ClickTable(RANKS);
        seen.forEach(s -> table.add(s.rank(), s.logit(), s.label(), s.calibrated()));
        return table;
    }
}
