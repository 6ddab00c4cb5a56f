package dev.lychee.rerank.schemas;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A typed value of a candidate's field, such as its price or brand. On the wire it is the plain
 * JSON number, string, boolean or list.
 *
 * @param kind which of the other components holds the value
 * @param number the value of {@link Kind#NUMBER}, else 0
 * @param text the value of {@link Kind#TEXT}, else null
 * @param flag the value of {@link Kind#BOOLEAN}, else false
 * @param numbers the value of {@link Kind#NUMBER_LIST}, else empty
 * @param texts the value of {@link Kind#TEXT_LIST}, else empty
 */
@JsonDeserialize(using = FieldValueJson.Deserializer.class)
@JsonSerialize(using = FieldValueJson.Serializer.class)
public record FieldValue(
        Kind kind,
        double number,
        @Nullable String text,
        boolean flag,
        List<Double> numbers,
        List<String> texts) {

    /** The type of a field's value. Constants are written by name and never renamed. */
    public enum Kind {
        NUMBER,
        TEXT,
        BOOLEAN,
        NUMBER_LIST,
        TEXT_LIST
    }

    public static FieldValue of(double number) {
        return new FieldValue(Kind.NUMBER, number, null, false, List.of(), List.of());
    }

    public static FieldValue of(String text) {
        return new FieldValue(Kind.TEXT, 0, text, false, List.of(), List.of());
    }

    public static FieldValue of(boolean flag) {
        return new FieldValue(Kind.BOOLEAN, 0, null, flag, List.of(), List.of());
    }

    public static FieldValue ofNumbers(List<Double> numbers) {
        return new FieldValue(Kind.NUMBER_LIST, 0, null, false, numbers, List.of());
    }

    public static FieldValue ofTexts(List<String> texts) {
        return new FieldValue(Kind.TEXT_LIST, 0, null, false, List.of(), texts);
    }
}
