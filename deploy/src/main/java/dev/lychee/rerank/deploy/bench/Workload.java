package dev.lychee.rerank.deploy.bench;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Query-document pairs of log-normal length, the same for the same seed and limits on every
 * machine.
 *
 * <p>Texts are common English words, most of them one token of a WordPiece tokenizer, so that a
 * pair has about as many tokens as was drawn for it. A query is shared by {@value #PAIRS_PER_QUERY}
 * pairs in a row, so that the same pairs can be handed over as small sets and as large ones.
 */
final class Workload {

    static final int PAIRS_PER_QUERY = 1_000;

    private static final int MEDIAN_TOKENS = 36;
    private static final double SIGMA = 0.6;
    private static final int MIN_TOKENS = 8;
    private static final int MAX_TOKENS = 256;
    private static final int QUERY_WORDS = 3;

    /** One in front, one between query and document, one at the end. */
    private static final int CONTROL_TOKENS = 3;

    private static final String[] WORDS = {
        "red",
        "blue",
        "green",
        "black",
        "white",
        "silver",
        "gold",
        "light",
        "dark",
        "soft",
        "warm",
        "long",
        "short",
        "large",
        "plain",
        "striped",
        "floral",
        "vintage",
        "casual",
        "dress",
        "jacket",
        "skirt",
        "shirt",
        "shoes",
        "boots",
        "bag",
        "scarf",
        "coat",
        "chain",
        "ring",
        "strap",
        "bracelet",
        "necklace",
        "lamp",
        "table",
        "chair",
        "cup",
        "tea",
        "coffee",
        "phone",
        "cotton",
        "silk",
        "wool",
        "leather",
        "denim",
        "summer",
        "winter",
        "spring",
        "office",
        "party",
        "travel",
        "home",
        "gift",
        "sport",
        "running",
        "yoga",
        "women",
        "men",
        "girls",
        "boys",
        "for",
        "with",
        "and",
        "in"
    };

    /** The documents of one query, in the order of the pairs. */
    record Query(String text, List<String> documents) {}

    private final List<Query> queries;
    private final int pairs;

    private Workload(List<Query> queries, int pairs) {
        this.queries = queries;
        this.pairs = pairs;
    }

    /**
     * Draws a workload.
     *
     * @param pairs how many, at least 1
     * @param modelTokens most tokens of one pair that the model reads
     */
    static Workload draw(int pairs, int modelTokens, long seed) {
        Random random = new Random(seed);
        List<Query> queries = new ArrayList<>();
        for (int from = 0; from < pairs; from += PAIRS_PER_QUERY) {
            queries.add(query(random, Math.min(PAIRS_PER_QUERY, pairs - from), modelTokens));
        }
        return new Workload(List.copyOf(queries), pairs);
    }

    /**
     * Sets without end, drawn as they are asked for: a pair comes again only by chance. One thread
     * uses it at a time.
     *
     * @param minSize fewest documents of a set
     * @param maxSize most documents of a set; all sizes are as likely
     */
    static Supplier<Query> fresh(int minSize, int maxSize, long seed) {
        Random random = new Random(seed);
        return () -> query(random, minSize + random.nextInt(maxSize - minSize + 1), MAX_TOKENS);
    }

    /** The sets over and over. One thread uses it at a time. */
    static Supplier<Query> repeating(List<Query> sets) {
        return new Supplier<>() {
            private int next;

            @Override
            public Query get() {
                Query set = sets.get(next);
                next = (next + 1) % sets.size();
                return set;
            }
        };
    }

    private static Query query(Random random, int size, int modelTokens) {
        String query = words(random, QUERY_WORDS);
        List<String> documents = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            double drawn = MEDIAN_TOKENS * Math.exp(SIGMA * random.nextGaussian());
            int tokens =
                    (int)
                            Math.round(
                                    Math.max(
                                            MIN_TOKENS,
                                            Math.min(drawn, Math.min(MAX_TOKENS, modelTokens))));
            documents.add(words(random, Math.max(1, tokens - QUERY_WORDS - CONTROL_TOKENS)));
        }
        return new Query(query, List.copyOf(documents));
    }

    int pairs() {
        return pairs;
    }

    List<Query> queries() {
        return queries;
    }

    /** The same pairs in the same order, at most {@code size} in a set. */
    List<Query> sets(int size) {
        List<Query> sets = new ArrayList<>();
        for (Query query : queries) {
            List<String> documents = query.documents();
            for (int from = 0; from < documents.size(); from += size) {
                sets.add(
                        new Query(
                                query.text(),
                                documents.subList(from, Math.min(documents.size(), from + size))));
            }
        }
        return sets;
    }

    /** SHA-256 of the texts: equal for equal workloads. */
    String sha256() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Query query : queries) {
                digest.update((query.text() + "\n").getBytes(StandardCharsets.UTF_8));
                for (String document : query.documents()) {
                    digest.update(("\t" + document + "\n").getBytes(StandardCharsets.UTF_8));
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    private static String words(Random random, int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(i == 0 ? "" : " ").append(WORDS[random.nextInt(WORDS.length)]);
        }
        return text.toString();
    }
}
