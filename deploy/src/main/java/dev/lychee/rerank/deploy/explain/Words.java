package dev.lychee.rerank.deploy.explain;

import com.ibm.icu.text.BreakIterator;
import com.ibm.icu.util.ULocale;
import java.util.ArrayList;
import java.util.List;

/**
 * The words of a text, by ICU's word boundaries: Unicode's rules (UAX #29), and a dictionary where
 * a language writes no spaces, as Chinese and Japanese.
 */
final class Words {

    private Words() {}

    /**
     * Part of a text.
     *
     * @param start first character (UTF-16), 0-based
     * @param end behind the last one
     */
    record Span(int start, int end) {

        String of(String text) {
            return text.substring(start, end);
        }
    }

    /** The words in order; spaces and punctuation are none. */
    static List<Span> of(String text) {
        BreakIterator boundaries = BreakIterator.getWordInstance(ULocale.ROOT);
        boundaries.setText(text);
        List<Span> words = new ArrayList<>();
        int start = boundaries.first();
        for (int end = boundaries.next(); end != BreakIterator.DONE; end = boundaries.next()) {
            if (boundaries.getRuleStatus() >= BreakIterator.WORD_NONE_LIMIT) {
                words.add(new Span(start, end));
            }
            start = end;
        }
        return words;
    }

    /** The text without one of its words, and without one of the two spaces around it. */
    static String without(String text, Span word) {
        int end = word.end();
        boolean startsFree =
                word.start() == 0 || Character.isWhitespace(text.charAt(word.start() - 1));
        if (startsFree && end < text.length() && Character.isWhitespace(text.charAt(end))) {
            end++;
        }
        return text.substring(0, word.start()) + text.substring(end);
    }
}
