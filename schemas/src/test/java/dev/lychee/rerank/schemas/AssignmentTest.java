package dev.lychee.rerank.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AssignmentTest {

    private static final String UNIT = "8000000000000";

    @Test
    void theUnitIsAPlaceAmongTheShares() throws InvalidMessageException {
        new Assignment("h", 1, List.of(0.5, 0.5), UNIT).validate();

        assertThat(Assignment.place(UNIT)).isEqualTo(0.5);
        assertThat(Assignment.place("fffffffffffff")).isCloseTo(1, within(1e-12)).isLessThan(1);
    }

    @ParameterizedTest
    @CsvSource({
        "assignment.hash, '', 0, 0.5, 8000000000000",
        "assignment.arm, h, 1, 0.5, 8000000000000",
        "assignment.arm, h, -1, 0.5, 8000000000000",
        "assignment.shares, h, 0, 1.5, 8000000000000",
        "assignment.shares, h, 0, 0, 8000000000000",
        "assignment.unit, h, 0, 0.5, 800000000000g",
        "assignment.unit, h, 0, 0.5, 80",
        "assignment.unit, h, 0, 0.5,"
    })
    void saysWhichPartCannotBe(String part, String hash, int arm, double share, String unit) {
        assertThatThrownBy(() -> new Assignment(hash, arm, List.of(share), unit).validate())
                .isInstanceOf(InvalidMessageException.class)
                .hasMessageContaining(part);
    }
}
