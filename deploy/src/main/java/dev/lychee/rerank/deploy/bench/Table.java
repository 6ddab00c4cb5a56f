package dev.lychee.rerank.deploy.bench;

import dev.lychee.rerank.deploy.terminal.DisplayWidth;
import dev.lychee.rerank.deploy.terminal.Terminal;
import java.util.ArrayList;
import java.util.List;

/** Columns as wide as their content. */
final class Table {

    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();

    Table(String... header) {
        rows.add(List.of(header));
    }

    void row(String... cells) {
        rows.add(List.of(cells));
    }

    void print(Terminal terminal) {
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
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
