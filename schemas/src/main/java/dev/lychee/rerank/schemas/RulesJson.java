package dev.lychee.rerank.schemas;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import dev.lychee.rerank.schemas.Profile.Rule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Rules as a mapping from name to rule, in order: so names are unique, and a profile can change or
 * remove one rule of the profile it extends.
 */
final class RulesJson {

    private RulesJson() {}

    static final class Deserializer extends StdDeserializer<List<Rule>> {

        Deserializer() {
            super(List.class);
        }

        @Override
        public List<Rule> deserialize(JsonParser parser, DeserializationContext context)
                throws IOException {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw JsonMappingException.from(parser, "rules: expected a mapping of named rules");
            }
            List<Rule> rules = new ArrayList<>();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                if (parser.currentToken() != JsonToken.START_OBJECT) {
                    throw JsonMappingException.from(
                            parser, "rules." + name + ": expected a mapping");
                }
                rules.add(context.readValue(parser, Rule.class).withName(name));
            }
            return rules;
        }
    }

    static final class Serializer extends StdSerializer<List<Rule>> {

        Serializer() {
            super(List.class, false);
        }

        @Override
        public boolean isEmpty(SerializerProvider provider, List<Rule> rules) {
            return rules.isEmpty();
        }

        @Override
        public void serialize(List<Rule> rules, JsonGenerator json, SerializerProvider provider)
                throws IOException {
            json.writeStartObject();
            for (Rule rule : rules) {
                provider.defaultSerializeField(rule.name(), rule, json);
            }
            json.writeEndObject();
        }
    }
}
