package dev.lychee.rerank.deploy.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lychee.rerank.schemas.CalibrationReference;
import dev.lychee.rerank.schemas.Json;
import dev.lychee.rerank.schemas.ModelReference;
import dev.lychee.rerank.schemas.ProfileReference;
import dev.lychee.rerank.schemas.RerankedResult;
import dev.lychee.rerank.schemas.ResultItem;
import dev.lychee.rerank.schemas.ResultQuery;
import dev.lychee.rerank.schemas.Status;
import dev.lychee.rerank.schemas.ThresholdDecision;
import dev.lychee.rerank.schemas.Timings;
import dev.lychee.rerank.schemas.TopOne;
import dev.lychee.rerank.schemas.TraceStep;
import dev.lychee.rerank.schemas.flow.ActionKind;
import dev.lychee.rerank.schemas.flow.InteractionEvent;
import dev.lychee.rerank.schemas.flow.ServedItem;
import dev.lychee.rerank.schemas.flow.ServedResult;
import java.io.IOException;
import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A shop that serves ten documents per request, and users who look at rank {@code k} once in {@code
 * k} requests. Request {@code i} is the same whenever it is asked for.
 *
 * @param startMillis time of the first request; one every 20 ms follows
 */
record ClickFeed(long startMillis) implements Serializable {

    static final int SHOWN = 10;

    private static final long INTERVAL_MILLIS = 20;
    private static final long CLICK_AFTER_MILLIS = 5_000;
    private static final int CLIENTS = 5_000;
    private static final int DROPPED = 10;
    private static final String FINGERPRINT = "3f9a1c5d7e2b4a60";
    private static final String SEGMENT = "default";

    static ClickFeed endingAt(long millis, long requests) {
        return new ClickFeed(millis - requests * INTERVAL_MILLIS);
    }

    long millis(long request) {
        return startMillis + request * INTERVAL_MILLIS;
    }

    /** What the recalibrate job keeps of a result. */
    ServedResult served(long request) {
        double[] logits = logits(request);
        List<ServedItem> items = new ArrayList<>(SHOWN);
        for (int i = 0; i < SHOWN; i++) {
            items.add(
                    new ServedItem(
                            document(request, i), i + 1, logits[i], probability(logits[i]), null));
        }
        return new ServedResult(
                id(request),
                FINGERPRINT,
                SEGMENT,
                null,
                0,
                millis(request),
                false,
                items,
                null,
                false);
    }

    /** An impression of each document, and the clicks. */
    List<InteractionEvent> events(long request) {
        double[] logits = logits(request);
        SplittableRandom users = new SplittableRandom(~request);
        List<InteractionEvent> events = new ArrayList<>(SHOWN + 2);
        for (int i = 0; i < SHOWN; i++) {
            events.add(event(request, i, 0, millis(request)));
            if (users.nextDouble() * (i + 1) < 1 && users.nextDouble() < probability(logits[i])) {
                events.add(event(request, i, 1, millis(request) + CLICK_AFTER_MILLIS));
            }
        }
        return events;
    }

    private static InteractionEvent event(long request, int i, double weight, long millis) {
        return new InteractionEvent(
                id(request),
                document(request, i),
                "client-" + request % CLIENTS,
                weight,
                weight > 0 ? ActionKind.CLICK : null,
                millis);
    }

    /** A result as the rerank job writes it. */
    byte[] resultJson(long request) throws IOException {
        double[] logits = logits(request);
        List<ResultItem> kept = new ArrayList<>(SHOWN);
        List<ResultItem> dropped = new ArrayList<>(DROPPED);
        for (int i = 0; i < SHOWN; i++) {
            kept.add(item(request, i, logits[i], true));
        }
        for (int i = SHOWN; i < SHOWN + DROPPED; i++) {
            dropped.add(item(request, i, -2.5 - 0.1 * i, false));
        }
        return Json.mapper()
                .writeValueAsBytes(
                        new RerankedResult(
                                RerankedResult.SCHEMA,
                                id(request),
                                "result-" + id(request),
                                Status.COMPLETE,
                                new ResultQuery("复古风牛仔外套", null),
                                new ProfileReference("production", 1, "9b1c2d3e"),
                                null,
                                null,
                                null,
                                SEGMENT,
                                FINGERPRINT,
                                List.of(new ModelReference("lychee-nano", "1")),
                                CalibrationReference.IDENTITY,
                                new ThresholdDecision("otsu", "score", 0.5, 0.8, "two classes"),
                                new TopOne(0.2, 1.3, "clear"),
                                1,
                                List.of(),
                                kept,
                                dropped,
                                List.of(new TraceStep("normalize", "z-score", 0.1, null)),
                                new Timings(1.2, 18, 3.4, 24.5)));
    }

    private static ResultItem item(long request, int i, double logit, boolean kept) {
        double p = probability(logit);
        return new ResultItem(
                document(request, i),
                i,
                i + 1,
                p,
                p,
                "strong",
                false,
                kept,
                true,
                logit,
                p,
                p,
                p,
                null,
                null,
                Map.of(),
                Map.of(),
                List.of(),
                List.of(),
                12.3,
                i + 1,
                Map.of(),
                false,
                null,
                null,
                null,
                null,
                kept ? null : "threshold",
                null,
                List.of());
    }

    /** An event as UBI collectors write it. */
    static byte[] eventJson(InteractionEvent event) throws IOException {
        ObjectNode line = Json.mapper().createObjectNode();
        line.put("action_name", event.weight() > 0 ? "click" : "impression");
        line.put("client_id", event.client());
        line.put("query_id", event.requestId());
        line.put("timestamp", Instant.ofEpochMilli(event.timestampMillis()).toString());
        line.put("message_type", "INFO");
        ObjectNode object = line.putObject("event_attributes").putObject("object");
        object.put("object_id", event.itemId());
        object.put("object_id_field", "product_id");
        return Json.mapper().writeValueAsBytes(line);
    }

    static String id(long request) {
        return "request-" + request;
    }

    private static String document(long request, int i) {
        return "sku-" + (request * 31 + i * 7L) % 100_000 + "-" + i;
    }

    private static double[] logits(long request) {
        SplittableRandom random = new SplittableRandom(request);
        double[] logits = new double[SHOWN];
        Arrays.setAll(logits, i -> random.nextDouble(-4, 6));
        Arrays.sort(logits);
        for (int i = 0; i < SHOWN / 2; i++) {
            double last = logits[SHOWN - 1 - i];
            logits[SHOWN - 1 - i] = logits[i];
            logits[i] = last;
        }
        return logits;
    }

    private static double probability(double logit) {
        return 1 / (1 + Math.exp(-logit));
    }
}
