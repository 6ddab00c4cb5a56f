package dev.lychee.rerank.deploy.clicks;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.lychee.rerank.schemas.Json;
import dev.lychee.rerank.schemas.RerankedResult;
import java.util.Locale;

/** Results of documents {@code sku-1}, {@code sku-2} and so on with given logits. */
public final class TestingResults {

    private TestingResults() {}

    /** A complete result; {@code calibrated} is the sigmoid of the logit, whatever the map. */
    public static String json(String requestId, long mapVersion, double... logits) {
        StringBuilder items = new StringBuilder();
        for (int i = 0; i < logits.length; i++) {
            items.append(i == 0 ? "" : ",")
                    .append(
                            String.format(
                                    Locale.ROOT,
                                    "{\"id\":\"sku-%d\",\"rank\":%d,\"logit\":%s,\"calibrated\":%s}",
                                    i + 1,
                                    i + 1,
                                    logits[i],
                                    1 / (1 + Math.exp(-logits[i]))));
        }
        return """
        {"schema":1,"request_id":"%s","status":"complete","query":{"text":"red dress"},\
        "fingerprint":"f","calibration":{"method":"isotonic","version":%d},"results":[%s],"dropped":[]}"""
                .formatted(requestId, mapVersion, items);
    }

    static RerankedResult result(String requestId, long mapVersion, double... logits) {
        try {
            return Json.mapper()
                    .readValue(json(requestId, mapVersion, logits), RerankedResult.class);
        } catch (JsonProcessingException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
