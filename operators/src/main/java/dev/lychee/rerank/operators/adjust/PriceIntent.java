package dev.lychee.rerank.operators.adjust;

import dev.lychee.rerank.schemas.Profile.IntentWords;
import dev.lychee.rerank.schemas.Profile.PriceBand;
import dev.lychee.rerank.schemas.Profile.PriceBands;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How much someone wants to spend. */
public enum PriceIntent {
    LOW,
    MEDIUM,
    HIGH;

    /**
     * The intent that the set's context gives, else the one that words of the query tell. Words of
     * both sides, or of none, mean medium.
     *
     * @param given {@code low}, {@code medium}, {@code high} or null
     */
    public static PriceIntent of(@Nullable String given, String query, IntentWords words) {
        if (given != null) {
            return valueOf(given.toUpperCase(Locale.ROOT));
        }
        boolean low = Words.mentions(query, words.low());
        boolean high = Words.mentions(query, words.high());
        return low == high ? MEDIUM : low ? LOW : HIGH;
    }

    /** The word on the wire. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    PriceBand band(PriceBands bands) {
        return switch (this) {
            case LOW -> bands.low();
            case MEDIUM -> bands.medium();
            case HIGH -> bands.high();
        };
    }
}
