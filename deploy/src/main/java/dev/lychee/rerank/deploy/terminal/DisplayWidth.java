package dev.lychee.rerank.deploy.terminal;

/**
 * How many columns of a terminal a text takes: two for Chinese, Japanese and Korean characters and
 * emoji, none for combining marks, one for others.
 */
public final class DisplayWidth {

    private static final String ELLIPSIS = "…";

    private DisplayWidth() {}

    /** Columns that {@code text} takes. */
    public static int of(String text) {
        return text.codePoints().map(DisplayWidth::of).sum();
    }

    /**
     * {@code text}, cut to at most {@code columns} columns with an ellipsis at the end where it was
     * longer.
     */
    public static String shorten(String text, int columns) {
        if (of(text) <= columns) {
            return text;
        }
        StringBuilder shortened = new StringBuilder();
        int used = 0;
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            used += of(codePoint);
            if (used > columns - 1) {
                break;
            }
            shortened.appendCodePoint(codePoint);
            i += Character.charCount(codePoint);
        }
        return shortened.append(ELLIPSIS).toString();
    }

    /** {@code text}, shortened or filled with spaces to exactly {@code columns} columns. */
    public static String fit(String text, int columns) {
        String shortened = shorten(text, columns);
        return shortened + " ".repeat(Math.max(0, columns - of(shortened)));
    }

    private static int of(int codePoint) {
        int type = Character.getType(codePoint);
        if (type == Character.NON_SPACING_MARK
                || type == Character.ENCLOSING_MARK
                || type == Character.FORMAT
                || type == Character.CONTROL) {
            return 0;
        }
        return isWide(codePoint) ? 2 : 1;
    }

    /** The blocks that Unicode's East Asian Width property calls wide or fullwidth. */
    private static boolean isWide(int codePoint) {
        return (codePoint >= 0x1100 && codePoint <= 0x115f)
                || (codePoint >= 0x2e80 && codePoint <= 0xa4cf && codePoint != 0x303f)
                || (codePoint >= 0xac00 && codePoint <= 0xd7a3)
                || (codePoint >= 0xf900 && codePoint <= 0xfaff)
                || (codePoint >= 0xfe30 && codePoint <= 0xfe6f)
                || (codePoint >= 0xff00 && codePoint <= 0xff60)
                || (codePoint >= 0xffe0 && codePoint <= 0xffe6)
                || (codePoint >= 0x1f300 && codePoint <= 0x1f64f)
                || (codePoint >= 0x1f900 && codePoint <= 0x1f9ff)
                || (codePoint >= 0x20000 && codePoint <= 0x3fffd);
    }
}
