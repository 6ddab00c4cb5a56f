package dev.lychee.rerank.deploy.explain;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lychee.rerank.deploy.UserMistakeException;
import dev.lychee.rerank.deploy.files.JsonLines;
import dev.lychee.rerank.schemas.Candidate;
import dev.lychee.rerank.schemas.CandidateSet;
import dev.lychee.rerank.schemas.CandidateSetCodec;
import dev.lychee.rerank.schemas.InvalidMessageException;
import dev.lychee.rerank.schemas.MessageLimits;
import dev.lychee.rerank.schemas.Overrides;
import dev.lychee.rerank.schemas.Query;
import dev.lychee.rerank.schemas.SetContext;
import dev.lychee.rerank.schemas.Shard;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The set that is explained.
 *
 * @param shards its parts, one for a request that came whole
 */
public record ExplainedSet(List<CandidateSet> shards) {

    /** The job has limits of its own, and says so. */
    private static final CandidateSetCodec CODEC =
            new CandidateSetCodec(
                    new MessageLimits(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE));

    /** A set of texts, whose ids count from 1. */
    public static ExplainedSet ofTexts(String query, List<String> documents) {
        List<Candidate> candidates = new ArrayList<>();
        for (String document : documents) {
            candidates.add(Candidate.ofText(String.valueOf(candidates.size() + 1), document));
        }
        return new ExplainedSet(
                List.of(
                        new CandidateSet(
                                "explain",
                                null,
                                Query.ofText(query),
                                candidates,
                                null,
                                null,
                                null,
                                null,
                                null,
                                SetContext.EMPTY,
                                Overrides.NONE,
                                Shard.WHOLE)));
    }

    /**
     * The set with a request id.
     *
     * @param requestId null for the only one
     */
    public static ExplainedSet of(List<CandidateSet> sets, @Nullable String requestId) {
        Set<String> ids = new LinkedHashSet<>();
        sets.forEach(set -> ids.add(set.requestId()));
        String wanted = wanted(ids, requestId);
        return new ExplainedSet(
                sets.stream().filter(set -> set.requestId().equals(wanted)).toList());
    }

    /**
     * Reads the set with a request id from a file with one JSON object per line.
     *
     * @param requestId null for the only one
     */
    public static ExplainedSet read(Path file, @Nullable String requestId) throws IOException {
        Set<String> ids = new LinkedHashSet<>();
        List<CandidateSet> found = new ArrayList<>();
        JsonLines.read(
                file,
                ObjectNode.class,
                (place, line) -> {
                    String id = line.path("request_id").asText();
                    ids.add(id);
                    if (requestId == null || id.equals(requestId)) {
                        found.add(decode(place, line));
                    }
                });
        if (ids.isEmpty()) {
            throw new UserMistakeException(
                    file + " is empty: it needs one candidate set per line.");
        }
        return of(found, wanted(ids, requestId));
    }

    private static CandidateSet decode(String place, ObjectNode line) {
        try {
            return CODEC.decode(line.toString().getBytes(StandardCharsets.UTF_8));
        } catch (InvalidMessageException e) {
            throw new UserMistakeException(place + ": " + e.getMessage() + ".");
        }
    }

    private static String wanted(Set<String> ids, @Nullable String requestId) {
        if (requestId != null && ids.contains(requestId)) {
            return requestId;
        }
        if (requestId == null && ids.size() == 1) {
            return ids.iterator().next();
        }
        String some =
                String.join(", ", ids.stream().limit(5).toList())
                        + (ids.size() > 5 ? " and more" : "");
        throw new UserMistakeException(
                requestId == null
                        ? "There are several requests: name one with --request-id, such as %s."
                                .formatted(some)
                        : "There is no request %s; there are %s.".formatted(requestId, some));
    }

    /** Ids of all candidates. */
    public List<String> candidateIds() {
        return shards.stream()
                .flatMap(shard -> shard.candidates().stream())
                .map(Candidate::id)
                .distinct()
                .toList();
    }

    /** The only candidate; with several the user has to choose. */
    public List<String> onlyCandidate() {
        List<String> ids = candidateIds();
        if (ids.size() > 1) {
            throw new UserMistakeException(
                    "Request %s has %,d candidates: name those to explain with --candidate, such as %s."
                            .formatted(
                                    shards.get(0).requestId(),
                                    ids.size(),
                                    LeaveOneOut.some(shards.get(0).candidates().stream())));
        }
        return ids;
    }
}
