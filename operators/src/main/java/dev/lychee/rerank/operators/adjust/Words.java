package dev.lychee.rerank.operators.adjust;

import java.util.List;
import java.util.Locale;

/** Looks for words in a text of any language. */
public final class Words {

    private Words() {}

    /**
     * Whether one of the words stands in the text, in any case. A word of Latin letters or digits
     * must stand alone: "budget" is not in "budgets". Where a script has no spaces, as Chinese, a
     * word counts wherever it stands.
     */
    public static boolean mentions(String text, List<String> words) {
        String lower = text.toLowerCase(Locale.ROOT);
        for (String word : words) {
            if (contains(lower, word.toLowerCase(Locale.ROOT))) {
                return true;
            }
        }
        return false;
    }

    private static boolean contains(String text, String word) {
        if (word.isEmpty()) {
            return false;
        }
        int at = text.indexOf(word);
        while (at >= 0) {
            int end = at + word.length();
            if (!joins(text, at) && !joins(text, end)) {
                return true;
            }
            at = text.indexOf(word, at + 1);
        }
        return false;
    }

    /** Whether the characters on both sides of a position belong to one word. */
    private static boolean joins(String text, int position) {
        return position > 0
                && position < text.length()
                && isLatin(text.charAt(position - 1))
                && isLatin(text.charAt(position));
    }

    private static boolean isLatin(char c) {
        return c < 0x80
                ? Character.isLetterOrDigit(c)
                : Character.UnicodeScript.of(c) == Character.UnicodeScript.LATIN;
    }
}
