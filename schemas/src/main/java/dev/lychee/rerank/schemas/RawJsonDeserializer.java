package dev.lychee.rerank.schemas;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import java.io.IOException;

/** Reads any JSON value as its text: the counterpart of {@code JsonRawValue}. */
final class RawJsonDeserializer extends StdDeserializer<String> {

    private static final long serialVersionUID = 1;

    RawJsonDeserializer() {
        super(String.class);
    }

    @Override
    public String deserialize(JsonParser parser, DeserializationContext context)
            throws IOException {
        return context.readTree(parser).toString();
    }
}
