package dev.lychee.rerank.operators.text;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds whole words and phrases in a text, in any case. */
final class PhraseMatcher {

    private final Map<Character, List<String>> byFirst = new HashMap<>();

    PhraseMatcher(Collection<String> phrases) {
        for (String phrase : phrases) {
            String lower = lower(phrase);
            byFirst.computeIfAbsent(lower.charAt(0), first -> new ArrayList<>()).add(lower);
        }
        byFirst.values()
                .forEach(each -> each.sort(Comparator.comparingInt(String::length).reversed()));
    }

    /**
     * Where the longest phrase ends that begins at a position and stands alone; -1 without one.
     *
     * @param lower the text, as {@link #lower} makes it
     */
    int endAt(String lower, int position) {
        List<String> phrases = byFirst.get(lower.charAt(position));
        if (phrases == null || !WordBoundary.before(lower, position)) {
            return -1;
        }
        for (String phrase : phrases) {
            int end = position + phrase.length();
            if (lower.startsWith(phrase, position) && WordBoundary.after(lower, end)) {
                return end;
            }
        }
        return -1;
    }

    /** The text in lower case, each character in its place. */
    static String lower(String text) {
        char[] chars = text.toCharArray();
        for (int i = 0; i < chars.length; i++) {
            chars[i] = Character.toLowerCase(chars[i]);
        }
        return new String(chars);
    }
}
