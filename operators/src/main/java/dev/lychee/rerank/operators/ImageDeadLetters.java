package dev.lychee.rerank.operators;

import dev.lychee.rerank.schemas.DeadLetter;
import dev.lychee.rerank.schemas.InvalidMessageException;
import dev.lychee.rerank.schemas.Reason;
import dev.lychee.rerank.schemas.flow.BoundCandidateSet;
import dev.lychee.rerank.schemas.flow.ImageFailure;
import dev.lychee.rerank.schemas.flow.ScoringOutcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Dead letters of pictures that could not be read. Their request is answered all the same. */
final class ImageDeadLetters {

    static final String STAGE = "image";

    /** More would say the same once more; the scorer counts them all. */
    static final int MAX_PER_REQUEST = 20;

    private ImageDeadLetters() {}

    /**
     * One per picture, with its address as the payload; one for the query's picture, of which each
     * task of a set tells.
     */
    static List<DeadLetter> of(List<BoundCandidateSet> envelopes, List<ScoringOutcome> outcomes) {
        List<DeadLetter> letters = new ArrayList<>();
        for (BoundCandidateSet envelope : envelopes) {
            Set<List<Integer>> told = new HashSet<>();
            for (ScoringOutcome outcome : outcomes) {
                List<ImageFailure> failures = outcome.imageFailures();
                if (failures == null || !outcome.envelopeId().equals(envelope.envelopeId())) {
                    continue;
                }
                for (ImageFailure failure : failures) {
                    boolean first = told.add(List.of(failure.position(), failure.index()));
                    if (first && letters.size() < MAX_PER_REQUEST) {
                        letters.add(letter(envelope, failure));
                    }
                }
            }
        }
        return letters;
    }

    private static DeadLetter letter(BoundCandidateSet envelope, ImageFailure failure) {
        return DeadLetters.of(
                STAGE,
                new InvalidMessageException(
                        Reason.UNREADABLE_IMAGE,
                        "%s: %s: %s"
                                .formatted(
                                        place(envelope, failure),
                                        failure.code(),
                                        failure.message())),
                envelope.set().requestId(),
                envelope.source(),
                envelope.sourceTimestampMillis(),
                failure.source().getBytes(StandardCharsets.UTF_8),
                null);
    }

    private static String place(BoundCandidateSet envelope, ImageFailure failure) {
        if (failure.position() == ImageFailure.QUERY) {
            return "query.image";
        }
        return "candidates[%d] (\"%s\"), picture %d"
                .formatted(
                        failure.position(),
                        envelope.set().candidates().get(failure.position()).id(),
                        failure.index());
    }
}
