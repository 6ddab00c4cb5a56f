package dev.lychee.rerank.operators.clicks;

import dev.lychee.rerank.operators.clicks.UserModel.Browsing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Users who click, and a ranker whose logits are wrong: the truth is known, so what is learned from
 * the clicks can be compared with it.
 *
 * <p>Documents have true log-odds {@code t}; the model says {@code 1.8 t + 1.5}, plus an error that
 * all documents of a request share if so wished. Each request shows the first ten of twenty by that
 * logit.
 */
public final class ClickSimulator {

    /** How many documents a request shows. */
    public static final int RANKS = 10;

    private static final int CANDIDATES = 20;

    /**
     * A population of users.
     *
     * @param trustAtRankOne chance of a click on something that is not relevant, at rank one; at
     *     rank {@code k} a {@code k}th of it; 0 for none
     * @param noise chance of such a click at every rank
     * @param exploration in which requests neighbours change places by chance
     * @param sharedError standard deviation of the model's error that a request's documents share
     */
    public record Users(
            Browsing browsing,
            double trustAtRankOne,
            double noise,
            Exploration exploration,
            double sharedError) {

        /** Users who look by position and click on what is relevant. */
        public static final Users PLAIN =
                new Users(Browsing.POSITION_BASED, 0, 0, Exploration.NONE, 0);

        Users withTrust(double atRankOne) {
            return new Users(browsing, atRankOne, noise, exploration, sharedError);
        }

        Users exploring(double share, int belowRank) {
            return new Users(
                    browsing,
                    trustAtRankOne,
                    noise,
                    new Exploration(share, belowRank),
                    sharedError);
        }

        Users withSharedError(double deviation) {
            return new Users(browsing, trustAtRankOne, noise, exploration, deviation);
        }

        /**
         * The chances of a click on something not relevant, by rank, as an operator may know them.
         */
        double[] negative() {
            return IntStream.rangeClosed(1, RANKS).mapToDouble(model()::negative).toArray();
        }

        /** Rank {@code k} is looked at once in {@code k} requests. */
        UserModel model() {
            return new UserModel(browsing, 1, trustAtRankOne, noise);
        }
    }

    /**
     * One document that was shown.
     *
     * @param request number of the request
     * @param rank 1-based
     * @param truth true probability of relevance
     * @param relevant a draw from it that has nothing to do with clicks
     * @param pair upper rank of the two at one of which chance put it; null where it had no say
     */
    public record Shown(
            int request,
            int rank,
            double logit,
            double truth,
            boolean relevant,
            boolean clicked,
            @Nullable Integer pair) {

        /** The same document with another logit. */
        public Shown withLogit(double other) {
            return new Shown(request, rank, other, truth, relevant, clicked, pair);
        }
    }

    private final Users users;
    private final Random random;

    public ClickSimulator(Users users, long seed) {
        this.users = users;
        this.random = new Random(seed);
    }

    /** So many requests, ten impressions each. */
    public List<Shown> run(int requests) {
        List<Shown> all = new ArrayList<>(requests * RANKS);
        for (int request = 0; request < requests; request++) {
            show(request, all);
        }
        return all;
    }

    private void show(int request, List<Shown> all) {
        double topic = random.nextGaussian();
        double error = users.sharedError * random.nextGaussian();
        double[] truth = new double[CANDIDATES];
        double[] logit = new double[CANDIDATES];
        for (int i = 0; i < CANDIDATES; i++) {
            truth[i] = -1.2 + topic + 1.6 * random.nextGaussian();
            logit[i] = 1.8 * truth[i] + 1.5 + error;
        }
        int[] ranking =
                IntStream.range(0, CANDIDATES)
                        .boxed()
                        .sorted(Comparator.comparingDouble(i -> -logit[i]))
                        .mapToInt(Integer::intValue)
                        .toArray();
        String id = Long.toHexString(random.nextLong());
        Exploration.Order explored = users.exploration.order(id, RANKS, upper -> true);
        UserModel.Visit visit = users.model().visit();
        for (int rank = 1; rank <= RANKS; rank++) {
            int place = explored == null ? rank - 1 : explored.places()[rank - 1];
            int pair = explored == null ? 0 : explored.pairs()[rank - 1];
            int document = ranking[place];
            double p = sigmoid(truth[document]);
            boolean clicked = visit.clicks(rank, p, random::nextDouble);
            all.add(
                    new Shown(
                            request,
                            rank,
                            logit[document],
                            p,
                            random.nextDouble() < p,
                            clicked,
                            pair == 0 ? null : (Integer) pair));
        }
    }

    static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }
}
