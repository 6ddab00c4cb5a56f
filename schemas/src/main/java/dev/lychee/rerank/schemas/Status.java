package dev.lychee.rerank.schemas;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How whole a result is. On the wire in lower case; never renamed. */
public enum Status {
    /** Every shard came and every pair that could be scored was. */
    COMPLETE,
    /** Shards or pairs were missing at the deadline. */
    PARTIAL,
    /** Nothing was scored; the order is the retriever's. */
    FALLBACK;

    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
