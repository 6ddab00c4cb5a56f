package dev.lychee.rerank.schemas;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes candidate sets (topic {@code candidate-sets}). What it lets through is complete
 * and in range, so that no later step has to look again.
 */
public final class CandidateSetCodec {

    private static final int MAX_SHARDS = 100;

    private final MessageLimits limits;

    public CandidateSetCodec(MessageLimits limits) {
        this.limits = limits;
    }

    /** Writes a set in the form that {@link #decode} reads. */
    public static byte[] encode(CandidateSet set) {
        try {
            return Json.mapper().writeValueAsBytes(set);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a candidate set can always be written", e);
        }
    }

    /**
     * Reads one set.
     *
     * @param message the record's value: JSON in UTF-8
     * @throws InvalidMessageException when the message cannot be used, saying why
     */
    public CandidateSet decode(byte @Nullable [] message) throws InvalidMessageException {
        if (message == null || message.length == 0) {
            throw new InvalidMessageException(
                    Reason.MALFORMED_JSON, "the record is empty; send a JSON object");
        }
        if (message.length > limits.maxRecordBytes()) {
            throw new InvalidMessageException(
                    Reason.TOO_LARGE,
                    "the record has %,d bytes, the limit is %,d; send fewer or shorter documents"
                            .formatted(message.length, limits.maxRecordBytes()));
        }
        CandidateSet set = parse(text(message));
        validate(set);
        return set;
    }

    private static String text(byte[] message) throws InvalidMessageException {
        CharsetDecoder decoder =
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer bytes = ByteBuffer.wrap(message);
        CharBuffer chars = CharBuffer.allocate(message.length);
        CoderResult result = decoder.decode(bytes, chars, true);
        if (result.isError()) {
            throw new InvalidMessageException(
                    Reason.MALFORMED_UTF8,
                    "byte %,d is not valid UTF-8; send JSON in UTF-8".formatted(bytes.position()));
        }
        return chars.flip().toString();
    }

    private static CandidateSet parse(String text) throws InvalidMessageException {
        CandidateSet set;
        try {
            set = Json.mapper().readValue(text, CandidateSet.class);
        } catch (JsonParseException | StreamConstraintsException e) {
            JsonLocation place = e.getLocation();
            throw new InvalidMessageException(
                    Reason.MALFORMED_JSON,
                    place == null
                            ? "not JSON that is read here: " + problem(e)
                            : "not JSON at line %d, column %d: %s"
                                    .formatted(place.getLineNr(), place.getColumnNr(), problem(e)));
        } catch (JsonMappingException e) {
            throw mappingProblem(e);
        } catch (JsonProcessingException e) {
            throw new InvalidMessageException(Reason.MALFORMED_JSON, problem(e));
        }
        if (set == null) {
            throw new InvalidMessageException(
                    Reason.MALFORMED_JSON, "the record is JSON null; send an object");
        }
        return set;
    }

    private static InvalidMessageException mappingProblem(JsonMappingException e) {
        String path = path(e.getPath());
        if (path.isEmpty() && e instanceof MismatchedInputException) {
            return new InvalidMessageException(
                    Reason.MALFORMED_JSON, "expected one JSON object: " + problem(e));
        }
        String problem;
        if (e instanceof ValueInstantiationException && e.getCause() != null) {
            problem = String.valueOf(e.getCause().getMessage());
        } else if (e instanceof InvalidFormatException format) {
            problem =
                    "%s is not a valid %s"
                            .formatted(
                                    Checks.quoted(String.valueOf(format.getValue())),
                                    typeName(format.getTargetType()));
        } else if (e instanceof MismatchedInputException mismatch
                && mismatch.getTargetType() != null) {
            problem = "expected " + article(typeName(mismatch.getTargetType()));
        } else {
            problem = problem(e);
        }
        return new InvalidMessageException(
                Reason.INVALID_FIELD, path.isEmpty() ? problem : path + ": " + problem);
    }

    private void validate(CandidateSet set) throws InvalidMessageException {
        Checks.id(set.requestId(), "request_id");
        validateQuery(set.query());
        validateCandidates(set.candidates());
        Checks.range(set.topN(), 1, Integer.MAX_VALUE, "top_n");
        Checks.range(set.scoreThreshold(), 0, 10, "score_threshold");
        Checks.range(set.deadlineMs(), 1, Integer.MAX_VALUE, "deadline_ms");
        validateOverrides(set.overrides());
        validateShard(set.shard());
        String intent = set.context().priceIntent();
        if (intent != null && !Set.of("low", "medium", "high").contains(intent)) {
            throw Checks.invalid("context.price_intent", intent, "low, medium or high");
        }
    }

    private void validateQuery(@Nullable Query found) throws InvalidMessageException {
        Query query = Checks.required(found, "query");
        if (Checks.isBlank(query.text()) && query.image() == null) {
            throw new InvalidMessageException(
                    Reason.MISSING_FIELD, "query: a text, an image or both are needed");
        }
        if (query.text() != null && query.text().length() > limits.maxDocumentBytes()) {
            throw tooLong("query.text", query.text().length());
        }
        validateImage(query.image(), "query.image");
    }

    private void validateCandidates(@Nullable List<Candidate> found)
            throws InvalidMessageException {
        List<Candidate> candidates = Checks.required(found, "candidates");
        if (candidates.isEmpty()) {
            throw new InvalidMessageException(
                    Reason.MISSING_FIELD, "candidates: the list is empty; send at least one");
        }
        if (candidates.size() > limits.maxCandidates()) {
            throw new InvalidMessageException(
                    Reason.TOO_LARGE,
                    "candidates: %,d documents, the limit is %,d; send the best ones or use shards"
                            .formatted(candidates.size(), limits.maxCandidates()));
        }
        Set<String> ids = new HashSet<>(candidates.size() * 2);
        for (int i = 0; i < candidates.size(); i++) {
            Candidate candidate = candidates.get(i);
            String path = "candidates[" + i + "]";
            Checks.id(candidate.id(), path + ".id");
            if (!ids.add(candidate.id())) {
                throw new InvalidMessageException(
                        Reason.DUPLICATE_ID,
                        "%s.id: %s stands twice in this record; ids must be unique"
                                .formatted(path, Checks.quoted(candidate.id())));
            }
            validateCandidate(candidate, path);
        }
    }

    private void validateCandidate(Candidate candidate, String path)
            throws InvalidMessageException {
        List<ImageReference> images = candidate.allImages();
        if (Checks.isBlank(candidate.text())
                && Checks.isBlank(candidate.title())
                && images.isEmpty()) {
            throw new InvalidMessageException(
                    Reason.MISSING_FIELD, path + ": a text, a title or an image is needed");
        }
        long length =
                utf8Length(candidate.text())
                        + utf8Length(candidate.title())
                        + utf8Length(candidate.description());
        for (String point : candidate.sellingPoints()) {
            Checks.required(point, path + ".selling_points");
            length += utf8Length(point);
        }
        if (length > limits.maxDocumentBytes()) {
            throw tooLong(path, length);
        }
        Checks.finite(candidate.retrievalScore(), path + ".retrieval_score");
        for (int i = 0; i < images.size(); i++) {
            validateImage(images.get(i), path + ".images[" + i + "]");
        }
        for (Map.Entry<String, @Nullable FieldValue> field : candidate.fields().entrySet()) {
            if (field.getValue() == null) {
                throw new InvalidMessageException(
                        Reason.INVALID_FIELD,
                        path + ".fields." + field.getKey() + ": is null; leave it out instead");
            }
        }
    }

    private static void validateImage(@Nullable ImageReference image, String path)
            throws InvalidMessageException {
        if (image != null && (Checks.isBlank(image.uri()) == Checks.isBlank(image.base64()))) {
            throw new InvalidMessageException(
                    Reason.INVALID_FIELD, path + ": exactly one of uri and base64 is needed");
        }
    }

    private static void validateOverrides(Overrides overrides) throws InvalidMessageException {
        Checks.temperature(overrides.temperature(), "overrides.temperature");
        Checks.weights(overrides.weights(), "overrides.weights");
        ThresholdSpec threshold = overrides.threshold();
        if (threshold != null) {
            Checks.threshold(threshold, "overrides.threshold");
        }
        Checks.priceRange(overrides.priceRange(), "overrides.price_range");
    }

    private static void validateShard(Shard shard) throws InvalidMessageException {
        Checks.range(shard.count(), 1, MAX_SHARDS, "shard.count");
        if (shard.index() < 0 || shard.index() >= shard.count()) {
            throw Checks.invalid(
                    "shard.index", shard.index(), "0 to " + (shard.count() - 1) + " (count - 1)");
        }
    }

    private InvalidMessageException tooLong(String path, long length) {
        return new InvalidMessageException(
                Reason.TOO_LARGE,
                "%s: %,d bytes of text, the limit is %,d; shorten it"
                        .formatted(path, length, limits.maxDocumentBytes()));
    }

    private static long utf8Length(@Nullable String text) {
        if (text == null) {
            return 0;
        }
        long bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return bytes;
    }

    private static String path(Collection<JsonMappingException.Reference> references) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference reference : references) {
            if (reference.getFieldName() != null) {
                if (!path.isEmpty()) {
                    path.append('.');
                }
                path.append(reference.getFieldName());
            } else if (reference.getIndex() >= 0) {
                path.append('[').append(reference.getIndex()).append(']');
            }
        }
        return path.toString();
    }

    private static String problem(JsonProcessingException e) {
        return Checks.shortened(Json.problem(e));
    }

    private static String typeName(Class<?> type) {
        if (type == int.class || type == Integer.class || type == Long.class) {
            return "whole number";
        }
        if (Number.class.isAssignableFrom(type) || type == double.class) {
            return "number";
        }
        if (type == Boolean.class || type == boolean.class) {
            return "true or false";
        }
        if (type == java.time.Instant.class) {
            return "time in ISO 8601, such as 2026-11-21T12:00:00Z";
        }
        if (Collection.class.isAssignableFrom(type)) {
            return "list";
        }
        if (type == String.class) {
            return "string";
        }
        return type.isRecord() || Map.class.isAssignableFrom(type)
                ? "object"
                : type.getSimpleName().toLowerCase(Locale.ROOT);
    }

    private static String article(String noun) {
        return noun.startsWith("true")
                ? noun
                : ("aeiou".indexOf(noun.charAt(0)) >= 0 ? "an " : "a ") + noun;
    }
}
