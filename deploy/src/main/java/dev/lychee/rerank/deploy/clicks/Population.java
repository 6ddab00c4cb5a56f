package dev.lychee.rerank.deploy.clicks;

import dev.lychee.rerank.deploy.clicks.Page.Interaction;
import dev.lychee.rerank.operators.clicks.UserModel;
import dev.lychee.rerank.schemas.RerankedResult;
import dev.lychee.rerank.schemas.ResultItem;
import dev.lychee.rerank.schemas.Sha256;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * People who search, see the first places of what they get, and click.
 *
 * <p>Chance comes from a hash of seed, request and document: the same result makes the same user do
 * the same, whatever came before it.
 *
 * @param users how they browse and click
 * @param truth what they find relevant
 * @param clients how many they are, at least 1
 * @param places how many first places they are shown, at least 1
 * @param convert share of clicks that are followed by {@code add_to_cart}, and of those by {@code
 *     purchase}; 0..1
 * @param seed another one makes other people of them
 */
public record Population(
        UserModel users, Truth truth, int clients, int places, double convert, long seed) {

    static final String IMPRESSION = "impression";
    static final String CLICK = "click";

    private static final int HASH_DIGITS = 16;
    private static final int HEXADECIMAL = 16;

    /** A checked one. */
    public Population {
        if (clients < 1 || places < 1 || !(convert >= 0 && convert <= 1)) {
            throw new IllegalArgumentException(
                    "clients and places must be at least 1, and the share that converts 0 to 1");
        }
    }

    /**
     * One of them gets a result.
     *
     * @return what was seen and done; null when the result shows nothing of which the truth is
     *     known
     */
    public @Nullable Page look(RerankedResult result) {
        UserModel.Visit visit = users.visit();
        List<Interaction> impressions = new ArrayList<>();
        List<Interaction> actions = new ArrayList<>();
        List<double[]> served = new ArrayList<>();
        for (ResultItem item : result.results()) {
            Integer rank = item.rank();
            if (item.id() == null || rank == null || rank < 1 || rank > places) {
                continue;
            }
            Double relevance = truth.relevance(result.requestId(), item);
            if (relevance == null) {
                continue;
            }
            impressions.add(new Interaction(IMPRESSION, item.id(), rank));
            if (item.calibrated() != null) {
                served.add(new double[] {item.calibrated(), relevance});
            }
            Random draws = new Random(hash(result.requestId(), item.id()));
            if (visit.clicks(rank, relevance, draws::nextDouble)) {
                actions.add(new Interaction(CLICK, item.id(), rank));
                if (draws.nextDouble() < convert) {
                    actions.add(new Interaction("add_to_cart", item.id(), rank));
                    if (draws.nextDouble() < convert) {
                        actions.add(new Interaction("purchase", item.id(), rank));
                    }
                }
            }
        }
        if (impressions.isEmpty()) {
            return null;
        }
        Long version = result.calibration().version();
        return new Page(
                result.requestId(),
                "client-" + Math.floorMod(hash(result.requestId(), ""), clients),
                result.query() == null || result.query().text() == null
                        ? ""
                        : result.query().text(),
                version == null ? 0 : version,
                impressions,
                actions,
                served.stream().mapToDouble(each -> each[0]).toArray(),
                served.stream().mapToDouble(each -> each[1]).toArray());
    }

    private long hash(String requestId, String itemId) {
        String named = seed + "\n" + requestId + "\n" + itemId;
        return Long.parseUnsignedLong(Sha256.hex(named, HASH_DIGITS), HEXADECIMAL);
    }
}
