package dev.lychee.rerank.operators.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lychee.rerank.schemas.CalibrationMap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A pin goes before versions. */
class PinnedMapsTest {

    private static final String FINGERPRINT = "f";

    @Test
    void aPinHoldsForItsOwnSegmentOnly() {
        CalibrationMaps maps =
                CalibrationMaps.NONE.with(
                        List.of(
                                map("default", 5),
                                map("shop", 5),
                                map("shop/mobile", 5),
                                map("shop", 3).withPin(true, 1)));

        assertThat(version(maps, "shop")).isEqualTo(3);
        assertThat(version(maps, "shop/desktop")).isEqualTo(3);
        assertThat(version(maps, "shop/mobile")).isEqualTo(5);
        assertThat(version(maps, "default")).isEqualTo(5);
    }

    @Test
    void aSegmentWhoseOnlyPinWasLiftedUsesItsParentsMap() {
        CalibrationMaps maps =
                CalibrationMaps.NONE.with(
                        List.of(map("default", 5), map("shop", 3).withPin(false, 1)));

        assertThat(version(maps, "shop")).isEqualTo(5);
        assertThat(maps.holding(FINGERPRINT, "shop")).isNull();
        assertThat(maps.size()).isEqualTo(1);
        assertThat(maps.pinned()).isZero();
    }

    @Test
    void aSegmentThatIsCalledPinnedHasAKeyOfItsOwn() {
        assertThat(map("shop/pinned", 1).key()).isNotEqualTo(map("shop", 1).withPin(true, 1).key());
        assertThat(map("shop", 1).withPin(true, 1).withoutPin().key()).isEqualTo("f/shop");
    }

    @Property
    void whatHoldsDoesNotDependOnTheOrderInWhichMapsAndPinsCome(
            @ForAll("records") List<CalibrationMap> records, @ForAll long seed) {
        List<CalibrationMap> shuffled = new ArrayList<>(records);
        Collections.shuffle(shuffled, new Random(seed));

        CalibrationMaps atOnce = CalibrationMaps.NONE.with(records);
        CalibrationMaps oneByOne = CalibrationMaps.NONE;
        for (CalibrationMap record : shuffled) {
            oneByOne = oneByOne.with(List.of(record));
        }

        assertThat(held(atOnce)).isEqualTo(expected(records)).isEqualTo(held(oneByOne));
    }

    @Property
    void aJobThatIsRestoredFromWhatItKeepsKnowsTheSame(
            @ForAll("records") List<CalibrationMap> before,
            @ForAll("records") List<CalibrationMap> after) {
        Collection<CalibrationMap> kept = CalibrationMaps.NONE.with(before).all();
        List<CalibrationMap> both = new ArrayList<>(before);
        both.addAll(after);

        assertThat(kept).extracting(CalibrationMap::key).doesNotHaveDuplicates();
        assertThat(held(CalibrationMaps.NONE.with(kept).with(after))).isEqualTo(expected(both));
    }

    @Property
    void whatComesAgainChangesNothing(@ForAll("records") List<CalibrationMap> records) {
        CalibrationMaps maps = CalibrationMaps.NONE.with(records);

        assertThat(maps.with(records)).isSameAs(maps);
    }

    /** Maps 1 to 5, pinned at moments of which no two decisions share one, lifted or not. */
    @Provide
    static Arbitrary<List<CalibrationMap>> records() {
        Arbitrary<CalibrationMap> published =
                Arbitraries.longs().between(1, 5).map(version -> map("default", version));
        Arbitrary<CalibrationMap> decided =
                Combinators.combine(Arbitraries.longs().between(1, 5), Arbitraries.of(true, false))
                        // The moment tells version and decision apart, so equal ones are the same.
                        .as(
                                (version, pinned) ->
                                        map("default", version)
                                                .withPin(
                                                        pinned,
                                                        7 * version % 5 * 2 + (pinned ? 1 : 0)));
        return Arbitraries.oneOf(published, decided).list().ofMaxSize(12);
    }

    private static @Nullable Long expected(List<CalibrationMap> records) {
        CalibrationMap decision =
                records.stream()
                        .filter(each -> each.pinned() != null)
                        .max(Comparator.comparing(PinnedMapsTest::pinnedAt))
                        .orElse(null);
        if (decision != null && Boolean.TRUE.equals(decision.pinned())) {
            return decision.version();
        }
        return records.stream()
                .filter(each -> each.pinned() == null)
                .map(CalibrationMap::version)
                .max(Comparator.naturalOrder())
                .orElse(null);
    }

    private static long pinnedAt(CalibrationMap map) {
        return Objects.requireNonNull(map.pinnedAt());
    }

    private static @Nullable Long held(CalibrationMaps maps) {
        CalibrationMap map = maps.holding(FINGERPRINT, "default");
        return map == null ? null : map.version();
    }

    private static long version(CalibrationMaps maps, String segment) {
        return Objects.requireNonNull(maps.find(FINGERPRINT, segment)).version();
    }

    private static CalibrationMap map(String segment, long version) {
        return new CalibrationMap(
                CalibrationMap.SCHEMA,
                FINGERPRINT,
                segment,
                version,
                "platt",
                null,
                null,
                null,
                null,
                1.0,
                0.0,
                9,
                null,
                null,
                null,
                null);
    }
}
