package dev.lychee.rerank.deploy.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.lychee.rerank.schemas.Json;
import dev.lychee.rerank.schemas.RerankedResult;
import dev.lychee.rerank.schemas.ResultItem;
import dev.lychee.rerank.schemas.UbiCodec;
import dev.lychee.rerank.schemas.flow.InteractionEvent;
import dev.lychee.rerank.schemas.flow.ServedItem;
import dev.lychee.rerank.schemas.flow.ServedResult;
import org.junit.jupiter.api.Test;

class ClickFeedTest {

    private static final ClickFeed FEED = new ClickFeed(1_000_000);

    @Test
    void bytesSayWhatParsedEventsSay() throws Exception {
        for (InteractionEvent event : FEED.events(7)) {
            UbiCodec.Line line = UbiCodec.decode(ClickFeed.eventJson(event));

            assertThat(line.kind()).isEqualTo(UbiCodec.Kind.EVENT);
            assertThat(line.action()).isEqualTo(event.weight() > 0 ? "click" : "impression");
            assertThat(line.queryId()).isEqualTo(event.requestId());
            assertThat(line.objectId()).isEqualTo(event.itemId());
            assertThat(line.clientId()).isEqualTo(event.client());
        }
    }

    @Test
    void bytesSayWhatParsedResultsSay() throws Exception {
        ServedResult parsed = FEED.served(7);
        RerankedResult written = Json.mapper().readValue(FEED.resultJson(7), RerankedResult.class);

        assertThat(written.requestId()).isEqualTo(parsed.requestId());
        assertThat(written.fingerprint()).isEqualTo(parsed.fingerprint());
        assertThat(written.results())
                .extracting(ResultItem::id, ResultItem::rank, ResultItem::logit)
                .containsExactlyElementsOf(
                        parsed.items().stream()
                                .map(item -> tuple(item.id(), item.rank(), item.logit()))
                                .toList());
    }

    @Test
    void lowerRanksAreClickedLess() {
        int[] clicks = new int[ClickFeed.SHOWN];
        for (long request = 0; request < 2_000; request++) {
            ServedResult result = FEED.served(request);
            for (InteractionEvent event : FEED.events(request)) {
                for (ServedItem item : result.items()) {
                    if (event.weight() > 0 && item.id().equals(event.itemId())) {
                        clicks[item.rank() - 1]++;
                    }
                }
            }
        }

        assertThat(clicks[0]).isGreaterThan(4 * clicks[4]);
    }
}
