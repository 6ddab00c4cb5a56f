package dev.lychee.rerank.operators.text;

/**
 * One word of a model name: {@code Pro}, or a word with a number in it such as {@code S#}, {@code
 * #e} or, for any number, {@code #}.
 *
 * @param prefix what stands before the number, as it is written; the whole word without one
 * @param hasNumber whether there is a number
 * @param suffix what stands after the number; empty without one
 */
record NamePart(String prefix, boolean hasNumber, String suffix) {

    /** Any number. */
    static final NamePart NUMBER = of("#");

    /** A part as a dictionary writes it. */
    static NamePart of(String written) {
        int mark = written.indexOf('#');
        return mark < 0
                ? new NamePart(written, false, "")
                : new NamePart(written.substring(0, mark), true, written.substring(mark + 1));
    }

    /**
     * Where the part ends that begins at a position; -1 if it is not there.
     *
     * @param lower the text, as {@link PhraseMatcher#lower} makes it
     */
    int endAt(String lower, int position) {
        int end = position;
        if (!matches(lower, end, prefix)) {
            return -1;
        }
        end += prefix.length();
        if (!hasNumber) {
            return end;
        }
        int number = prefix.isEmpty() ? end : afterSeparator(lower, end);
        end = numberEnd(lower, number);
        return end > number && matches(lower, end, suffix) ? end + suffix.length() : -1;
    }

    /** The part as it should be written, with the number that the text has between two places. */
    String written(String lower, int from, int to) {
        if (!hasNumber) {
            return prefix;
        }
        int number = from + prefix.length();
        return prefix
                + lower.substring(
                        prefix.isEmpty() ? number : afterSeparator(lower, number),
                        to - suffix.length())
                + suffix;
    }

    /** Behind the one space or hyphen that may stand between two parts. */
    static int afterSeparator(String text, int position) {
        boolean separated =
                position < text.length()
                        && (text.charAt(position) == ' ' || text.charAt(position) == '-');
        return separated ? position + 1 : position;
    }

    private static boolean matches(String lower, int position, String word) {
        return lower.regionMatches(true, position, word, 0, word.length());
    }

    /** Digits, and one dot between digits. */
    private static int numberEnd(String text, int position) {
        int end = digitsEnd(text, position);
        if (end > position && end < text.length() && text.charAt(end) == '.') {
            int decimals = digitsEnd(text, end + 1);
            return decimals > end + 1 ? decimals : end;
        }
        return end;
    }

    private static int digitsEnd(String text, int position) {
        int end = position;
        while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
            end++;
        }
        return end;
    }
}
