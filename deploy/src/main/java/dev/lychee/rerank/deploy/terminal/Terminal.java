package dev.lychee.rerank.deploy.terminal;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What a command prints on: a terminal of some width, or a file or pipe, where nothing is coloured
 * or overwritten.
 *
 * <p>The {@code lychee} script measures the terminal, which Java cannot, and passes its width as
 * {@code lychee.columns}.
 */
public final class Terminal {

    /** Width of lines that go to a file or pipe. */
    private static final int PLAIN_WIDTH = 120;

    private static final int MIN_WIDTH = 40;
    private static final String ESCAPE = "\u001b[";

    private final PrintStream out;
    private final int width;
    private final boolean interactive;
    private final boolean coloured;
    private boolean progressShown;

    /**
     * A terminal.
     *
     * @param out where text goes
     * @param width columns of a line
     * @param interactive whether a line can be overwritten
     * @param coloured whether escape sequences for colours are understood and wanted
     */
    public Terminal(PrintStream out, int width, boolean interactive, boolean coloured) {
        this.out = out;
        this.width = Math.max(MIN_WIDTH, width);
        this.interactive = interactive;
        this.coloured = coloured;
    }

    /** The process's standard output, in UTF-8 whatever the locale says. */
    public static Terminal standardOutput() {
        PrintStream out =
                new PrintStream(
                        new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        return of(out, System.getProperty("lychee.columns", ""), System.getenv());
    }

    /**
     * As {@link #standardOutput}, from given values: {@code columns} is empty where there is no
     * terminal.
     */
    static Terminal of(PrintStream out, String columns, Map<String, String> environment) {
        boolean interactive = columns.matches("[1-9][0-9]{0,3}");
        boolean coloured =
                interactive
                        && environment.getOrDefault("NO_COLOR", "").isEmpty()
                        && !"dumb".equals(environment.get("TERM"));
        return new Terminal(
                out, interactive ? Integer.parseInt(columns) : PLAIN_WIDTH, interactive, coloured);
    }

    /** Columns of a line. */
    public int width() {
        return width;
    }

    /** Whether a person watches: {@link #progress} shows something. */
    public boolean isInteractive() {
        return interactive;
    }

    /** Prints a line. */
    public void println(String line) {
        clearProgress();
        out.println(line);
        out.flush();
    }

    /** Shows {@code line} until the next output; on a file or pipe nothing. */
    public void progress(String line) {
        if (interactive) {
            out.print('\r' + ESCAPE + 'K' + DisplayWidth.shorten(line, width - 1));
            out.flush();
            progressShown = true;
        }
    }

    /** For those who write text themselves; flushed at each line. */
    public PrintWriter writer() {
        return new PrintWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), true);
    }

    /** Whether nobody reads any more, as after {@code | head}. */
    public boolean isClosed() {
        return out.checkError();
    }

    public String bold(String text) {
        return sequence("1", text);
    }

    public String faint(String text) {
        return sequence("2", text);
    }

    public String green(String text) {
        return sequence("32", text);
    }

    public String red(String text) {
        return sequence("31", text);
    }

    public String yellow(String text) {
        return sequence("33", text);
    }

    private String sequence(String code, String text) {
        return coloured ? ESCAPE + code + 'm' + text + ESCAPE + "0m" : text;
    }

    private void clearProgress() {
        if (progressShown) {
            out.print('\r' + ESCAPE + 'K');
            progressShown = false;
        }
    }
}
