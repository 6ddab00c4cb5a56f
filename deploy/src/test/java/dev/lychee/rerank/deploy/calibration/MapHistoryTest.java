package dev.lychee.rerank.deploy.calibration;

import static dev.lychee.rerank.deploy.calibration.TestingMaps.history;
import static dev.lychee.rerank.deploy.calibration.TestingMaps.json;
import static dev.lychee.rerank.deploy.calibration.TestingMaps.map;
import static dev.lychee.rerank.deploy.calibration.TestingMaps.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lychee.rerank.deploy.UserMistakeException;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class MapHistoryTest {

    private static final String ONE = "fedcba9876543210";
    private static final String OTHER = "fedcba9800000000";

    @Test
    void namesTheOffsetOfWhatIsNoMapAndPassesTombstones() {
        MapHistory history =
                MapHistory.of(
                        List.of(
                                record(3, "{"),
                                record(4, json(map(ONE, "default", 7))),
                                new MapRecord(5, 0, null),
                                record(9, "{\"segment\":\"default\"}")));

        assertThat(history.refused())
                .extracting(MapHistory.Refused::offset)
                .containsExactly(3L, 9L);
        assertThat(history.segments()).singleElement().returns(7L, SegmentHistory::holds);
    }

    @Test
    void theHighestVersionHoldsAndTheFirstOfTheSameVersion() {
        SegmentHistory segment =
                history(
                                map(ONE, "default", 8),
                                map(ONE, "default", 7),
                                map(ONE, "default", 8).withGuarantees(List.of()))
                        .find(null, null);

        assertThat(segment.holds()).isEqualTo(8);
        assertThat(segment.versions())
                .extracting(SegmentHistory.MapVersion::offset)
                .containsExactly(1L, 0L);
    }

    @Test
    void aBeginningOrNothingIsEnoughWhereOnlyOneIsMeant() {
        MapHistory history =
                history(map(ONE, "default", 1), map(ONE, "shop", 2), map(OTHER, "default", 3));

        assertThat(history.find("fedcba987", "shop").holds()).isEqualTo(2);
        assertThat(history.find(OTHER, null).holds()).isEqualTo(3);
        assertThat(history.shortened(ONE)).isEqualTo("fedcba987");
        assertThat(history(map(ONE, "a/b", 1)).find(null, null).segment()).isEqualTo("a/b");
        assertThat(history(map("f", "a", 1), map("ff", "a", 2)).find("f", null).holds())
                .as("a whole fingerprint that another one begins with")
                .isEqualTo(1);
    }

    @Test
    void listsWhatThereIsWhereSeveralOrNoneAreMeant() {
        MapHistory history =
                history(map(ONE, "default", 1), map(ONE, "shop", 2), map(OTHER, "default", 3));

        assertMistake(
                () -> history.find(null, null),
                "There are maps of several fingerprints: name one with --fingerprint (fedcba9800000000, fedcba9876543210).");
        assertMistake(
                () -> history.find("fed", null),
                "Several fingerprints begin with fed: name one with --fingerprint (fedcba9800000000, fedcba9876543210).");
        assertMistake(
                () -> history.find("0", null),
                "No fingerprint begins with 0: there are fedcba9800000000, fedcba9876543210.");
        assertMistake(
                () -> history.find(ONE, null),
                "Fingerprint fedcba9876543210 has maps of several segments: name one with --segment (there are default, shop).");
        assertMistake(
                () -> history.find(OTHER, "shop"),
                "Fingerprint fedcba9800000000 has no map of segment shop: it has default.");
    }

    @Test
    void anAgeIsInTheLargestUnitThatThereIsOneOf() {
        Instant now = Instant.parse("2026-06-10T12:00:00Z");

        assertThat(MapPrinter.age(now.plusSeconds(5), now)).isEqualTo("0 s");
        assertThat(MapPrinter.age(now.minusSeconds(59), now)).isEqualTo("59 s");
        assertThat(MapPrinter.age(now.minusSeconds(3_599), now)).isEqualTo("59 min");
        assertThat(MapPrinter.age(now.minusSeconds(86_399), now)).isEqualTo("23 h");
        assertThat(MapPrinter.age(now.minusSeconds(700_000), now)).isEqualTo("8 d");
        assertThat(MapPrinter.age(null, now)).isEqualTo("-");
    }

    private static void assertMistake(ThrowingCallable call, String sentence) {
        assertThatThrownBy(call).isInstanceOf(UserMistakeException.class).hasMessage(sentence);
    }
}
