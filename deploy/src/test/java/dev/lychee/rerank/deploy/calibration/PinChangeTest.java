package dev.lychee.rerank.deploy.calibration;

import static dev.lychee.rerank.deploy.calibration.TestingMaps.START;
import static dev.lychee.rerank.deploy.calibration.TestingMaps.map;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lychee.rerank.deploy.UserMistakeException;
import dev.lychee.rerank.schemas.CalibrationMap;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What freeze, rollback and unfreeze publish, and what holds then. */
class PinChangeTest {

    private final List<CalibrationMap> topic =
            new ArrayList<>(List.of(map("f", "shop", 6), map("f", "shop", 7), map("f", "shop", 8)));

    @Test
    void freezePinsTheVersionThatHoldsAndRepeatedItChangesNothing() {
        PinChange first = freeze();
        topic.add(map("f", "shop", 9));
        PinChange again = freeze();

        assertThat(first.sentence())
                .isEqualTo(
                        "Segment shop of fingerprint f is pinned to version 8: results name it whatever is published, until lychee calibration unfreeze.");
        assertThat(again.record()).isNull();
        assertThat(again.sentence()).contains("pinned to version 8 already", "nothing was changed");
        assertThat(holds()).isEqualTo(8);
    }

    @Test
    void rollbackPinsTheVersionBeforeAndRepeatedItChangesNothing() {
        PinChange first = rollback(null);
        PinChange again = rollback(null);
        topic.add(map("f", "shop", 9));
        PinChange afterANewerOne = rollback(null);

        assertThat(first.sentence())
                .contains("went from version 8 to version 7", "until lychee calibration unfreeze");
        assertThat(again.record()).isNull();
        assertThat(afterANewerOne.record()).isNull();
        assertThat(again.sentence())
                .contains("version 7 already", "--to VERSION pins another of 6, 7, 8");
        assertThat(holds()).isEqualTo(7);
    }

    @Test
    void aFrozenSegmentIsRolledBackFromTheVersionItWasFrozenAt() {
        freeze();
        topic.add(map("f", "shop", 9));

        rollback(null);

        assertThat(holds()).isEqualTo(7);
    }

    @Test
    void rollbackToAVersionPinsThatOneEarlierOrLater() {
        rollback(6L);
        assertThat(holds()).isEqualTo(6);
        assertThat(rollback(6L).record()).isNull();
        rollback(7L);
        assertThat(holds()).isEqualTo(7);
    }

    @Test
    void unfreezeLetsTheHighestVersionHoldAndRepeatedItChangesNothing() {
        rollback(null);
        topic.add(map("f", "shop", 9));

        PinChange first = unfreeze();
        PinChange again = unfreeze();

        assertThat(first.sentence())
                .isEqualTo(
                        "Segment shop of fingerprint f is no longer pinned to version 7: results name version 9, and newer ones as they are published.");
        assertThat(again.record()).isNull();
        assertThat(again.sentence()).contains("is not pinned", "results name version 9");
        assertThat(holds()).isEqualTo(9);
    }

    @Test
    void aPinOutlivesTheRecordOfItsVersion() {
        freeze();
        topic.add(map("f", "shop", 9));
        topic.removeIf(each -> each.pinned() == null && each.version() < 9);

        assertThat(holds()).isEqualTo(8);
        assertThat(history().versions())
                .extracting(SegmentHistory.MapVersion::number)
                .containsExactly(8L, 9L);
        unfreeze();
        assertThat(holds()).isEqualTo(9);
    }

    @Test
    void aLaterDecisionWinsThoughTheClockOfTheEarlierOneWasAhead() {
        apply(PinChange.freeze(history(), Instant.ofEpochMilli(START + 3_600_000)));

        unfreeze();

        assertThat(history().activePin()).isNull();
    }

    @Test
    void saysWhatTheTopicHasWhereAVersionIsNotThere() {
        assertThatThrownBy(() -> rollback(3L))
                .isInstanceOf(UserMistakeException.class)
                .hasMessageContaining("has no version 3: the topic has 6, 7, 8.");
        rollback(6L);
        unfreeze();
        topic.removeIf(each -> each.pinned() == null && each.version() < 8);
        topic.removeIf(each -> each.pinned() != null);
        assertThatThrownBy(() -> rollback(null))
                .isInstanceOf(UserMistakeException.class)
                .hasMessageContaining("has no version before 8: the topic has 8.");
    }

    private PinChange freeze() {
        return apply(PinChange.freeze(history(), now()));
    }

    private PinChange rollback(@Nullable Long to) {
        return apply(PinChange.rollback(history(), to, now()));
    }

    private PinChange unfreeze() {
        return apply(PinChange.unfreeze(history(), now()));
    }

    private PinChange apply(PinChange change) {
        CalibrationMap record = change.record();
        if (record != null) {
            topic.add(record);
        }
        return change;
    }

    private long holds() {
        Long holds = history().holds();
        assertThat(holds).isNotNull();
        return holds;
    }

    private SegmentHistory history() {
        return TestingMaps.history(topic.toArray(CalibrationMap[]::new)).find(null, null);
    }

    private Instant now() {
        return Instant.ofEpochMilli(START + topic.size());
    }
}
