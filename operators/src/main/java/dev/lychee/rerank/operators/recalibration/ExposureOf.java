package dev.lychee.rerank.operators.recalibration;

import dev.lychee.rerank.operators.evaluation.RankingMetrics;
import dev.lychee.rerank.schemas.flow.ActionKind;
import dev.lychee.rerank.schemas.flow.Exposure;
import dev.lychee.rerank.schemas.flow.InteractionEvent;
import dev.lychee.rerank.schemas.flow.Participation;
import dev.lychee.rerank.schemas.flow.ServedItem;
import dev.lychee.rerank.schemas.flow.ServedResult;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a result's interactions say about the arm that made it. A result counts whether anybody
 * looked at it or not, degraded or whole: an arm that is too slow to be seen shall not look better
 * for it (intention to treat).
 */
final class ExposureOf {

    private ExposureOf() {}

    /** Puts events and result together; {@code events} are those within the attribution time. */
    static Exposure of(
            ServedResult result, Participation participation, List<InteractionEvent> events) {
        Map<String, Integer> ranks = new HashMap<>();
        int last = 0;
        for (ServedItem item : result.items()) {
            ranks.putIfAbsent(item.id(), item.rank());
            last = Math.max(last, item.rank());
        }
        String client = Attribution.client(events);
        double[] weights = new double[last];
        Set<ActionKind> kinds = EnumSet.noneOf(ActionKind.class);
        boolean seen = false;
        boolean acted = false;
        for (InteractionEvent event : events) {
            Integer rank = ranks.get(event.itemId());
            if (rank != null && event.client().equals(client)) {
                seen = true;
                acted |= event.weight() > 0;
                weights[rank - 1] = Math.max(weights[rank - 1], event.weight());
                if (event.kind() != null) {
                    kinds.add(event.kind());
                }
            }
        }
        return new Exposure(
                participation,
                result.segment(),
                result.servedMillis(),
                seen,
                kinds.contains(ActionKind.CLICK),
                kinds.contains(ActionKind.CART),
                kinds.contains(ActionKind.PURCHASE),
                acted
                        ? RankingMetrics.ndcg(weights, last, RankingMetrics.Gain.LINEAR)
                        : Double.NaN);
    }
}
