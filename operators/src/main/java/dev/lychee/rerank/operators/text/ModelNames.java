package dev.lychee.rerank.operators.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes names of products as their makers do: {@code iPhone15pro max} becomes {@code iPhone 15 Pro
 * Max}. A name counts only where a number or a word of its own follows, and where all of it stands
 * alone, so that other words which begin alike stay as they are.
 */
final class ModelNames {

    private final Map<Character, List<Name>> byFirst = new HashMap<>();

    /**
     * @param head the name itself
     * @param tail what may follow it, the longest first
     */
    private record Name(NamePart head, List<NamePart> tail) {}

    /** A name in a text: as it should be written, and where it ends. */
    record Match(String written, int end) {}

    /**
     * @param words the words that may follow each name; numbers may always
     */
    ModelNames(Map<String, List<String>> words) {
        Comparator<NamePart> longestFirst =
                Comparator.comparingInt(
                                (NamePart part) -> part.prefix().length() + part.suffix().length())
                        .reversed();
        words.forEach(
                (name, following) -> {
                    List<NamePart> tail =
                            new ArrayList<>(following.stream().map(NamePart::of).toList());
                    tail.add(NamePart.NUMBER);
                    tail.sort(longestFirst);
                    byFirst.computeIfAbsent(
                                    Character.toLowerCase(name.charAt(0)),
                                    first -> new ArrayList<>())
                            .add(new Name(NamePart.of(name), tail));
                });
        byFirst.values()
                .forEach(names -> names.sort(Comparator.comparing(Name::head, longestFirst)));
    }

    /**
     * The longest name that begins at a position, or null.
     *
     * @param lower the text, as {@link PhraseMatcher#lower} makes it
     */
    @Nullable Match at(String lower, int position) {
        List<Name> names = byFirst.get(lower.charAt(position));
        if (names == null || !WordBoundary.before(lower, position)) {
            return null;
        }
        for (Name name : names) {
            Match match = match(name, lower, position);
            if (match != null) {
                return match;
            }
        }
        return null;
    }

    private static @Nullable Match match(Name name, String lower, int position) {
        int end = name.head().endAt(lower, position);
        if (end < 0) {
            return null;
        }
        StringBuilder written = new StringBuilder(name.head().written(lower, position, end));
        boolean whole = name.head().hasNumber() && WordBoundary.after(lower, end);
        int wholeEnd = whole ? end : -1;
        int wholeLength = written.length();
        while (true) {
            int next = NamePart.afterSeparator(lower, end);
            NamePart part = partAt(name.tail(), lower, next);
            if (part == null) {
                return wholeEnd < 0 ? null : new Match(written.substring(0, wholeLength), wholeEnd);
            }
            end = part.endAt(lower, next);
            written.append(' ').append(part.written(lower, next, end));
            if (WordBoundary.after(lower, end)) {
                wholeEnd = end;
                wholeLength = written.length();
            }
        }
    }

    private static @Nullable NamePart partAt(List<NamePart> parts, String lower, int position) {
        for (NamePart part : parts) {
            if (part.endAt(lower, position) >= 0) {
                return part;
            }
        }
        return null;
    }
}
