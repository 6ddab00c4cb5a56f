package dev.lychee.rerank.operators.text;

import java.lang.Character.UnicodeScript;

/** Where words begin and end. */
final class WordBoundary {

    /** Between letters these make one word or name of them, as in e-mail, don't and a_b. */
    private static final String JOINING = "-_'’@&#";

    private WordBoundary() {}

    /**
     * Whether a word that begins at a position stands alone on its left side. A word that begins in
     * a script without spaces always does, since nothing shows where words begin there.
     */
    static boolean before(String text, int position) {
        if (position == 0 || !isOfWord(text.codePointAt(position))) {
            return true;
        }
        int left = text.codePointBefore(position);
        return !isOfWord(left) && !joins(left) && !isDotInside(text, position - 1);
    }

    /** Whether a word that ends at a position stands alone on its right side. */
    static boolean after(String text, int position) {
        if (position == text.length()) {
            return true;
        }
        int right = text.codePointAt(position);
        if (isMark(right)) {
            return false;
        }
        return !isOfWord(text.codePointBefore(position))
                || !(isOfWord(right) || joins(right) || isDotInside(text, position));
    }

    /** Whether the character changes the one before it. */
    static boolean isMark(int c) {
        return switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK,
                    Character.COMBINING_SPACING_MARK,
                    Character.ENCLOSING_MARK ->
                    true;
            // Halfwidth voiced sound marks are letters that NFKC makes marks of.
            default -> c == 0xFF9E || c == 0xFF9F;
        };
    }

    private static boolean joins(int c) {
        return JOINING.indexOf(c) >= 0 || isMark(c) || c == 0x200C || c == 0x200D;
    }

    private static boolean isDotInside(String text, int position) {
        return text.charAt(position) == '.'
                && position > 0
                && position + 1 < text.length()
                && isOfWord(text.codePointBefore(position))
                && isOfWord(text.codePointAt(position + 1));
    }

    /** Whether it is a letter or digit of a script that sets words apart by spaces. */
    private static boolean isOfWord(int c) {
        if (c < 0x80) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        }
        return Character.isLetterOrDigit(c)
                && switch (UnicodeScript.of(c)) {
                    case HAN, HIRAGANA, KATAKANA, BOPOMOFO, THAI, LAO, KHMER, MYANMAR -> false;
                    // The prolonged sound mark ー and its like.
                    case COMMON -> Character.isDigit(c);
                    default -> true;
                };
    }
}
