package dev.lychee.rerank.deploy.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ReceiptTest {

    @Test
    void takesTheWaitForABusyDeviceFromTheTimeThatIsTheJobs() throws IOException {
        Receipt receipt =
                read(
                        """
                        {"status":"complete","degraded":[],"results":[{"id":"a"}],
                         "timings":{"queue_ms":9.0,"busy_ms":4.0,"score_ms":18.0,"total_ms":30.0}}
                        """);

        assertThat(receipt.timings().overheadMs()).isCloseTo(8.0, within(1e-9));
        assertThat(receipt.isWhole()).isTrue();
    }

    @Test
    void takesTheWholeWaitWhereTheJobDoesNotTell() throws IOException {
        Receipt receipt =
                read(
                        """
                        {"status":"complete","degraded":[],
                         "timings":{"queue_ms":9.0,"score_ms":18.0,"total_ms":30.0}}
                        """);

        assertThat(receipt.timings().overheadMs()).isCloseTo(3.0, within(1e-9));
    }

    @Test
    void isNotWholeWhenSomethingIsMissingOrLeftOut() throws IOException {
        assertThat(read("{\"status\":\"partial\",\"degraded\":[]}").isWhole()).isFalse();
        assertThat(read("{\"status\":\"complete\",\"degraded\":[\"truncated\"]}").isWhole())
                .isFalse();
    }

    private static Receipt read(String json) throws IOException {
        return Receipt.read(json.getBytes(StandardCharsets.UTF_8));
    }
}
