package dev.lychee.rerank.deploy.calibration;

import dev.lychee.rerank.operators.calibration.CalibrationMaps;
import dev.lychee.rerank.operators.postprocess.CalibratedScores;
import dev.lychee.rerank.schemas.CalibrationMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A map drawn with characters: calibrated probability upwards, logit to the right with the
 * probability that it stands for without the map.
 */
final class MapPlot {

    static final String LEGEND = "● calibrated, ░ 95 % band, · without the map";

    private static final int ROWS = 17;
    private static final int TICKS = 5;
    private static final String MARGIN = "  ";
    private static final int LABEL = 5;

    /** Where nothing says how far logits go: sigmoid(-6) to sigmoid(6) is 0.002 to 0.998. */
    private static final double USUAL = 6;

    private MapPlot() {}

    /**
     * Draws a map.
     *
     * @param columns of a line, at least 40
     */
    static List<String> of(CalibrationMap map, int columns) {
        int width = columns - MARGIN.length() - LABEL - 1;
        double[] logits = logits(map, width);
        boolean[] all = new boolean[width];
        Arrays.fill(all, true);
        CalibratedScores scores = CalibrationMaps.calibrator(map).calibrate(logits, all);
        char[][] cells = new char[ROWS][width];
        for (char[] row : cells) {
            Arrays.fill(row, ' ');
        }
        double[] low = scores.low();
        double[] high = scores.high();
        for (int x = 0; x < width; x++) {
            if (low != null && high != null) {
                for (int y = row(high[x]); y <= row(low[x]); y++) {
                    cells[y][x] = '░';
                }
            }
            cells[row(sigmoid(logits[x]))][x] = '·';
            cells[row(scores.calibrated()[x])][x] = '●';
        }
        List<String> lines = new ArrayList<>();
        for (int y = 0; y < ROWS; y++) {
            String label = y % 4 == 0 ? number(1 - (double) y / (ROWS - 1)) : "";
            lines.add((MARGIN + pad(label) + "|" + new String(cells[y])).stripTrailing());
        }
        lines.add(MARGIN + pad("") + "+" + "-".repeat(width));
        lines.add(ticks("logit", logits, false));
        lines.add(ticks("p", logits, true));
        return lines;
    }

    /** One logit per column, from end to end of what the map was fitted on. */
    private static double[] logits(CalibrationMap map, int width) {
        double[] knots = map.logits();
        double from = knots == null ? -USUAL : knots[0];
        double to = knots == null ? USUAL : knots[knots.length - 1];
        double beyond = knots == null ? 0 : Math.max(1, (to - from) * 0.05);
        double[] logits = new double[width];
        for (int x = 0; x < width; x++) {
            double share = (double) x / (width - 1);
            logits[x] = (from - beyond) * (1 - share) + (to + beyond) * share;
        }
        return logits;
    }

    private static String ticks(String name, double[] logits, boolean asProbability) {
        StringBuilder line = new StringBuilder(MARGIN + pad(name));
        for (int tick = 0; tick < TICKS; tick++) {
            int x = tick * (logits.length - 1) / (TICKS - 1);
            String label = number(asProbability ? sigmoid(logits[x]) : logits[x]);
            // The first begins at its column and the last ends there; the others are centred.
            int shift = tick * (label.length() - 1) / (TICKS - 1);
            int at = MARGIN.length() + LABEL + 1 + x - shift;
            line.append(" ".repeat(Math.max(1, at - line.length()))).append(label);
        }
        return line.toString();
    }

    private static int row(double probability) {
        return (int) Math.round((1 - probability) * (ROWS - 1));
    }

    private static double sigmoid(double logit) {
        return 1 / (1 + Math.exp(-logit));
    }

    private static String pad(String label) {
        return label + " ".repeat(LABEL - label.length());
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
