package dev.lychee.rerank.operators.recalibration;

import dev.lychee.rerank.schemas.flow.Clickthrough;
import dev.lychee.rerank.schemas.flow.InteractionEvent;
import dev.lychee.rerank.schemas.flow.ServedItem;
import dev.lychee.rerank.schemas.flow.ServedResult;
import dev.lychee.rerank.schemas.flow.ShownItem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a result's interactions say about its documents. The same whatever order they came in and
 * however often each came: an action counts once, the largest weight per document.
 *
 * @param clickthrough the result with its labels; null when nobody is known to have seen it
 * @param joined events that belong to a document of the result
 * @param foreign events of another client than the first one: a request has one
 * @param unknown events about documents that the result did not show at the ranks that count
 */
record Attribution(@Nullable Clickthrough clickthrough, int joined, int foreign, int unknown) {

    /** Puts events and result together; {@code events} are those within the attribution time. */
    static Attribution of(
            ServedResult result, List<InteractionEvent> events, RecalibrationSettings settings) {
        String client = client(events);
        Map<String, Double> weights = new HashMap<>();
        for (ServedItem item : result.items()) {
            weights.put(item.id(), Double.NaN);
        }
        boolean observed = false;
        int joined = 0;
        int foreign = 0;
        int unknown = 0;
        for (InteractionEvent event : events) {
            Double known = weights.get(event.itemId());
            if (!event.client().equals(client)) {
                foreign++;
            } else if (known == null) {
                unknown++;
            } else {
                joined++;
                observed |= event.weight() == 0;
                weights.put(
                        event.itemId(),
                        known.isNaN() ? event.weight() : Math.max(known, event.weight()));
            }
        }
        List<ShownItem> shown = new ArrayList<>();
        for (ServedItem item : result.items()) {
            double weight = weights.getOrDefault(item.id(), Double.NaN);
            boolean assumed = item.rank() <= settings.assumeShown();
            // Clicks alone do not say what was seen and left: with them only, all would be
            // relevant.
            if (assumed || (observed && !Double.isNaN(weight))) {
                shown.add(
                        new ShownItem(
                                item.rank(),
                                item.logit(),
                                item.calibrated(),
                                Double.isNaN(weight) ? 0 : weight,
                                item.pair()));
            }
        }
        return new Attribution(
                shown.isEmpty() ? null : clickthrough(result, client, shown, settings),
                joined,
                foreign,
                unknown);
    }

    /** Who acted first; a request has one client. */
    static String client(List<InteractionEvent> events) {
        return events.stream()
                .min(
                        Comparator.comparingLong(InteractionEvent::timestampMillis)
                                .thenComparing(InteractionEvent::client))
                .map(InteractionEvent::client)
                .orElse("");
    }

    private static Clickthrough clickthrough(
            ServedResult result,
            String client,
            List<ShownItem> shown,
            RecalibrationSettings settings) {
        return new Clickthrough(
                result.requestId(),
                client,
                result.fingerprint(),
                result.segment(),
                result.mapSegment(),
                result.mapVersion(),
                settings.epochOf(result.servedMillis()),
                result.explored(),
                shown);
    }
}
