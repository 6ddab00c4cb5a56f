package dev.lychee.rerank.schemas;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads candidates; a plain string is a document whose id is its position. */
final class CandidatesDeserializer extends StdDeserializer<List<Candidate>> {

    CandidatesDeserializer() {
        super(List.class);
    }

    @Override
    public List<Candidate> deserialize(JsonParser parser, DeserializationContext context)
            throws IOException {
        if (!parser.isExpectedStartArrayToken()) {
            throw JsonMappingException.from(parser, "expected a list of documents");
        }
        List<Candidate> candidates = new ArrayList<>();
        for (JsonToken token = parser.nextToken();
                token != JsonToken.END_ARRAY;
                token = parser.nextToken()) {
            int position = candidates.size();
            try {
                candidates.add(read(parser, context, token, position));
            } catch (JsonMappingException e) {
                e.prependPath(List.class, position);
                throw e;
            }
        }
        return candidates;
    }

    private static Candidate read(
            JsonParser parser, DeserializationContext context, JsonToken token, int position)
            throws IOException {
        return switch (token) {
            case VALUE_STRING -> Candidate.ofText(Integer.toString(position), parser.getText());
            case START_OBJECT -> context.readValue(parser, Candidate.class);
            default ->
                    throw JsonMappingException.from(
                            parser, "expected a document: an object or a string");
        };
    }
}
