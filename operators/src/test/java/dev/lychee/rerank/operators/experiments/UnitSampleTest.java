package dev.lychee.rerank.operators.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class UnitSampleTest {

    private static final long UNITS = 1L << 52;

    @Test
    void countsFewUnitsExactlyHoweverOftenEachComes() {
        UnitSample sample = UnitSample.of(LongStream.of(7, 3, 7, 1L << 51, 3));

        assertThat(sample.count()).isEqualTo(3);
        assertThat(sample.units()).containsExactly(3, 7, 1L << 51);
        assertThat(sample.union(sample).count()).isEqualTo(3);
    }

    @Test
    void countsManyUnitsWithinAFewPercentAndKeepsABoundedNumber() {
        UnitSample sample = UnitSample.of(new Random(1).longs(1_000_000, 0, UNITS));

        assertThat(sample.units()).hasSizeBetween(UnitSample.LIMIT / 3, UnitSample.LIMIT);
        assertThat((double) sample.count()).isCloseTo(1_000_000, within(50_000.0));
    }

    @Test
    void theUnionOfPartsIsTheSampleOfAllInWhateverOrder() {
        List<Long> units =
                new Random(2).longs(100_000, 0, UNITS).boxed().collect(Collectors.toList());
        UnitSample all = UnitSample.of(stream(units));
        Collections.shuffle(units, new Random(3));

        UnitSample sum = UnitSample.EMPTY;
        for (int from = 0; from < units.size(); from += 7_000) {
            List<Long> part = units.subList(from, Math.min(units.size(), from + 7_000));
            sum = UnitSample.of(stream(part)).union(sum);
        }

        assertThat(sum.level()).isEqualTo(all.level());
        assertThat(sum.units()).isEqualTo(all.units());
    }

    @Test
    void aSampleIsThinnedAsThatOfAnother() {
        long[] units = new Random(4).longs(1_000, 0, UNITS).toArray();

        UnitSample sample = UnitSample.of(Arrays.stream(units));

        assertThat(sample.countAt(0)).isEqualTo(1_000);
        assertThat(sample.countAt(1)).isBetween(440, 560);
        assertThat(sample.countAt(2))
                .isEqualTo((int) Arrays.stream(units).filter(u -> UnitHash.level(u) >= 2).count());
    }

    private static LongStream stream(List<Long> units) {
        return units.stream().mapToLong(Long::longValue);
    }
}
