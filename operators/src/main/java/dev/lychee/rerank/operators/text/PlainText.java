package dev.lychee.rerank.operators.text;

import java.text.Normalizer;

/** Brings a text to one way of writing it, whatever keyboard or page it came from. */
final class PlainText {

    /**
     * Most combining marks in a row, as in the Stream-Safe Text Format of Unicode Standard Annex
     * 15. No language needs more, and the JDK's normalizer takes quadratic time for such runs.
     */
    private static final int MAX_MARKS = 30;

    private PlainText() {}

    /**
     * The text in normalization form NFKC, without control characters, halves of surrogate pairs
     * and invisible formatting, and with one space for any run of white space. Joiners and
     * direction marks stay: emoji and some scripts need them.
     *
     * @return the text; empty if nothing is left
     */
    static String of(String text) {
        // Before, so that what stands around a removed character is composed; after, since
        // compatibility characters may come apart into marks.
        return collapsed(stripped(Normalizer.normalize(stripped(text), Normalizer.Form.NFKC)));
    }

    /** One space for any run of white space, none at the ends. */
    static String collapsed(CharSequence text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isSpace(c)) {
                out.append(c);
            } else if (!out.isEmpty() && out.charAt(out.length() - 1) != ' ') {
                out.append(' ');
            }
        }
        int end = out.length();
        return out.substring(0, end > 0 && out.charAt(end - 1) == ' ' ? end - 1 : end);
    }

    private static String stripped(String text) {
        StringBuilder out = new StringBuilder(text.length());
        int marks = 0;
        int next;
        for (int i = 0; i < text.length(); i = next) {
            int c = text.codePointAt(i);
            next = i + Character.charCount(c);
            if (isRemoved(c)) {
                continue;
            }
            marks = WordBoundary.isMark(c) ? marks + 1 : 0;
            if (marks <= MAX_MARKS) {
                out.appendCodePoint(c);
            }
        }
        return out.toString();
    }

    private static boolean isSpace(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    private static boolean isRemoved(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL -> !isSpace(c);
            case Character.SURROGATE -> true;
            case Character.FORMAT -> isInvisible(c);
            default -> false;
        };
    }

    /** Soft hyphen, zero-width space and its like, embeddings and overrides of direction. */
    private static boolean isInvisible(int c) {
        return c == 0xAD
                || c == 0x180E
                || c == 0x200B
                || (c >= 0x202A && c <= 0x202E)
                || (c >= 0x2060 && c <= 0x206F)
                || c == 0xFEFF
                || (c >= 0xFFF9 && c <= 0xFFFB);
    }
}
