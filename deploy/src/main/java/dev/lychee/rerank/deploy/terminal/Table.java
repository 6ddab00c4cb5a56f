package dev.lychee.rerank.deploy.terminal;

import java.util.ArrayList;
import java.util.List;

/** Columns as wide as their content. */
public final class Table {

    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();

    /** A table with these column names. */
    public Table(String... header) {
        rows.add(List.of(header));
    }

    /** Adds a row of as many cells. */
    public void row(String... cells) {
        rows.add(List.of(cells));
    }

    /** Prints all rows, the names first. */
    public void print(Terminal terminal) {
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], DisplayWidth.of(row.get(i)));
            }
        }
        for (int line = 0; line < rows.size(); line++) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                text.append(GAP).append(DisplayWidth.fit(rows.get(line).get(i), widths[i]));
            }
            String row = text.toString().stripTrailing();
            terminal.println(line == 0 ? terminal.bold(row) : row);
        }
    }
}
