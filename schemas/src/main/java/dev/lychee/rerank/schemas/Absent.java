package dev.lychee.rerank.schemas;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gives parts that are absent on the wire their meaning: empty, or a default. */
final class Absent {

    private Absent() {}

    static <T> List<T> toEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }

    static <K, V> Map<K, V> toEmpty(@Nullable Map<K, V> map) {
        return map == null ? Map.of() : map;
    }

    static <T> T or(@Nullable T value, T otherwise) {
        return value == null ? otherwise : value;
    }
}
