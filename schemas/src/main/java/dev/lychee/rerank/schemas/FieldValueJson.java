package dev.lychee.rerank.schemas;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads and writes a {@link FieldValue} as the plain JSON value it stands for. */
final class FieldValueJson {

    private FieldValueJson() {}

    static final class Deserializer extends StdDeserializer<FieldValue> {

        Deserializer() {
            super(FieldValue.class);
        }

        @Override
        public FieldValue deserialize(JsonParser parser, DeserializationContext context)
                throws IOException {
            return switch (parser.currentToken()) {
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> FieldValue.of(finite(parser));
                case VALUE_STRING -> FieldValue.of(parser.getText());
                case VALUE_TRUE -> FieldValue.of(true);
                case VALUE_FALSE -> FieldValue.of(false);
                case START_ARRAY -> list(parser);
                default -> throw unsupported(parser);
            };
        }

        private static FieldValue list(JsonParser parser) throws IOException {
            List<Double> numbers = new ArrayList<>();
            List<String> texts = new ArrayList<>();
            boolean onlyNumbers = true;
            for (JsonToken token = parser.nextToken();
                    token != JsonToken.END_ARRAY;
                    token = parser.nextToken()) {
                if (!token.isScalarValue() || token == JsonToken.VALUE_NULL) {
                    throw unsupported(parser);
                }
                texts.add(parser.getText());
                if (token.isNumeric()) {
                    numbers.add(finite(parser));
                } else {
                    onlyNumbers = false;
                }
            }
            return onlyNumbers && !numbers.isEmpty()
                    ? FieldValue.ofNumbers(numbers)
                    : FieldValue.ofTexts(texts);
        }

        private static double finite(JsonParser parser) throws IOException {
            double value = parser.getDoubleValue();
            if (!Double.isFinite(value)) {
                throw JsonMappingException.from(parser, "the number does not fit a double");
            }
            return value;
        }

        private static JsonMappingException unsupported(JsonParser parser) {
            return JsonMappingException.from(
                    parser, "expected a number, a string, true, false or a list of these");
        }
    }

    static final class Serializer extends StdSerializer<FieldValue> {

        Serializer() {
            super(FieldValue.class);
        }

        @Override
        public void serialize(FieldValue value, JsonGenerator json, SerializerProvider provider)
                throws IOException {
            switch (value.kind()) {
                case NUMBER -> json.writeNumber(value.number());
                case TEXT -> json.writeString(value.text());
                case BOOLEAN -> json.writeBoolean(value.flag());
                case NUMBER_LIST -> {
                    json.writeStartArray();
                    for (double number : value.numbers()) {
                        json.writeNumber(number);
                    }
                    json.writeEndArray();
                }
                case TEXT_LIST -> {
                    json.writeStartArray();
                    for (String text : value.texts()) {
                        json.writeString(text);
                    }
                    json.writeEndArray();
                }
            }
        }
    }
}
