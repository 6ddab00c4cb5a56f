package dev.lychee.rerank.operators.scoring.remote;

import dev.lychee.rerank.operators.scoring.Content;
import dev.lychee.rerank.operators.scoring.EncodedPair;
import dev.lychee.rerank.operators.scoring.EncodedQuery;
import dev.lychee.rerank.operators.scoring.GoldenPair;
import dev.lychee.rerank.operators.scoring.InvalidModelPackageException;
import dev.lychee.rerank.operators.scoring.PackageDescription;
import dev.lychee.rerank.operators.scoring.PassScores;
import dev.lychee.rerank.operators.scoring.RemoteLimits;
import dev.lychee.rerank.operators.scoring.Scorer;
import dev.lychee.rerank.operators.scoring.ScorerDescription;
import dev.lychee.rerank.operators.scoring.ScorerImages;
import dev.lychee.rerank.operators.scoring.ScorerSpec;
import dev.lychee.rerank.operators.scoring.remote.RemotePackage.Golden;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model that is served elsewhere, behind HTTP.
 *
 * <p>Loading asks for one score, waiting a while for an endpoint that is starting, and scores the
 * golden pairs if the package has some.
 */
public final class RemoteScorer implements Scorer {

    private static final Logger LOG = LoggerFactory.getLogger(RemoteScorer.class);

    /** How packages of this kind are named in {@code kind}. */
    public static final String KIND = RemotePackage.KIND;

    private final RemotePackage pack;
    private final RemoteTexts texts;
    private final Endpoint endpoint;
    private final ScorerDescription description;

    private RemoteScorer(RemotePackage pack, Endpoint endpoint) {
        this.pack = pack;
        this.texts = new RemoteTexts(pack.prompt(), pack.limits());
        this.endpoint = endpoint;
        this.description =
                new ScorerDescription(
                        pack.name(),
                        pack.version(),
                        pack.fingerprint(),
                        texts.defaultInstruction(),
                        "remote",
                        "remote",
                        0,
                        pack.limits().maxTokens(),
                        pack.temperature(),
                        pack.images()
                                ? new ScorerImages(ScorerImages.Kind.FORWARDED, 0)
                                : ScorerImages.NONE);
    }

    /**
     * Reads the rest of a package and asks its endpoint for a score.
     *
     * @param environment the environment variables, some of which may hold keys
     * @throws InvalidModelPackageException with a sentence on what is wrong with the package, or
     *     with what the endpoint makes of it
     * @throws IllegalStateException if the endpoint does not answer in time
     */
    public static RemoteScorer load(
            ScorerSpec spec, PackageDescription description, Map<String, String> environment)
            throws InvalidModelPackageException {
        RemotePackage pack = RemotePackage.of(description);
        if (!spec.precision().equals("auto")) {
            throw new InvalidModelPackageException(
                    "Model package "
                            + pack.name()
                            + " is served elsewhere, where its precision is chosen; leave"
                            + " scoring.precision at auto.");
        }
        Endpoint endpoint = new Endpoint(pack, environment);
        try {
            RemoteScorer scorer = new RemoteScorer(pack, endpoint);
            scorer.warmUp();
            return scorer;
        } catch (InvalidModelPackageException | RuntimeException | Error e) {
            endpoint.close();
            throw e;
        }
    }

    private void warmUp() throws InvalidModelPackageException {
        RemoteQuery query = encodeQuery(null, Content.ofText("a"));
        endpoint.askPatiently(query, List.of(new RemoteContent("a", null)));
        Golden golden = pack.golden();
        if (golden == null) {
            LOG.info(
                    "Model {} {} answers at {}; it has no golden pairs to be checked by",
                    pack.name(),
                    pack.version(),
                    pack.place());
        } else {
            LOG.info(
                    "Model {} {} answers at {}: golden pairs agree within {}",
                    pack.name(),
                    pack.version(),
                    pack.place(),
                    String.format(Locale.ROOT, "%.2g", compareWith(golden)));
        }
    }

    private double compareWith(Golden golden) throws InvalidModelPackageException {
        double greatest = 0;
        for (GoldenPair pair : GoldenPair.readAll(golden.file())) {
            RemotePair encoded =
                    encodePair(
                            encodeQuery(null, Content.ofText(pair.query())),
                            Content.ofText(pair.document()));
            PassScores scores = endpoint.askPatiently(encoded.query(), List.of(encoded.document()));
            double difference = Math.abs(scores.logits()[0] - pair.logit());
            if (!(difference <= golden.tolerance())) {
                String reason = scores.reasons().get(0);
                throw new InvalidModelPackageException(
                        String.format(
                                Locale.ROOT,
                                "Golden pair %s should score %.4f and scored %.4f, which is further"
                                        + " off than golden.tolerance allows (%s)%s: the usual"
                                        + " causes are a wrong prompt, remote.score, or another"
                                        + " model behind the endpoint.",
                                pair.place(),
                                pair.logit(),
                                scores.logits()[0],
                                golden.tolerance(),
                                reason == null ? "" : "; " + reason));
            }
            greatest = Math.max(greatest, difference);
        }
        return greatest;
    }

    @Override
    public ScorerDescription description() {
        return description;
    }

    @Override
    public RemoteLimits remoteLimits() {
        return new RemoteLimits(pack.calls().connections(), pack.calls().pairsPerRequest());
    }

    /** {@inheritDoc} Limits are kept by an estimate: the tokenizer is the server's. */
    @Override
    public RemoteQuery encodeQuery(@Nullable String instruction, Content query) {
        return texts.query(instruction, query);
    }

    @Override
    public RemotePair encodePair(EncodedQuery query, Content document) {
        return texts.pair((RemoteQuery) query, document);
    }

    @Override
    public CompletableFuture<PassScores> begin(List<EncodedPair> batch, BooleanSupplier wanted) {
        RemoteQuery query = ((RemotePair) batch.get(0)).query();
        List<RemoteContent> documents = new ArrayList<>(batch.size());
        for (EncodedPair pair : batch) {
            RemotePair remote = (RemotePair) pair;
            if (!remote.query().equals(query)) {
                throw new IllegalArgumentException("A request is for one query");
            }
            documents.add(remote.document());
        }
        return endpoint.ask(query, documents, wanted);
    }

    /** Scores pairs of any queries, and waits; one request after the other. */
    @Override
    public float[] score(List<EncodedPair> batch) {
        float[] logits = new float[batch.size()];
        int from = 0;
        for (int i = 1; i <= batch.size(); i++) {
            boolean full = i - from == pack.calls().pairsPerRequest();
            if (full || i == batch.size() || !sameQuery(batch.get(i), batch.get(from))) {
                float[] part = begin(batch.subList(from, i), () -> true).join().logits();
                System.arraycopy(part, 0, logits, from, part.length);
                from = i;
            }
        }
        return logits;
    }

    private static boolean sameQuery(EncodedPair a, EncodedPair b) {
        return ((RemotePair) a).query().equals(((RemotePair) b).query());
    }

    @Override
    public Map<String, Supplier<Object>> gauges() {
        EndpointStats stats = endpoint.stats();
        return Map.of(
                "numRequests", stats.requests::sum,
                "numRequestRetries", stats.retries::sum,
                "numRequestsFailed", stats.failures::sum,
                "numUnparsed", stats.unparsed::sum,
                "circuitState", endpoint::circuitState);
    }

    @Override
    public void close() {
        endpoint.close();
    }
}
