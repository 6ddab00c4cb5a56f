package dev.lychee.rerank.deploy.calibration;

import dev.lychee.rerank.deploy.calibration.SegmentHistory.MapVersion;
import dev.lychee.rerank.deploy.calibration.SegmentHistory.Pin;
import dev.lychee.rerank.deploy.terminal.Table;
import dev.lychee.rerank.deploy.terminal.Terminal;
import dev.lychee.rerank.schemas.MapEvidence;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Prints what lies in a topic of maps. */
public final class MapPrinter {

    /** Versions of a segment that are printed; a busy week has hundreds. */
    private static final int PRINTED = 20;

    /** Offsets of records that are no maps. */
    private static final int NAMED = 5;

    private final Terminal terminal;

    public MapPrinter(Terminal terminal) {
        this.terminal = terminal;
    }

    /** One line per fingerprint and segment. */
    public void list(MapHistory history, Instant now) {
        Table table =
                new Table(
                        "FINGERPRINT",
                        "SEGMENT",
                        "VERSION",
                        "AGE",
                        "PINNED",
                        "SUPPORT",
                        "ECE",
                        "BRIER",
                        "VERSIONS");
        for (SegmentHistory each : history.segments()) {
            MapVersion live = each.holding();
            table.row(
                    history.shortened(each.fingerprint()),
                    each.segment(),
                    live == null ? "none" : String.valueOf(live.number()),
                    live == null ? "" : age(live.published(), now),
                    each.activePin() == null ? "no" : "yes",
                    live == null ? "" : support(live),
                    live == null ? "" : error(live.map().evidence()),
                    live == null ? "" : brier(live.map().evidence()),
                    String.valueOf(each.versions().size()));
        }
        table.print(terminal);
    }

    /** The versions of a segment, the latest last, and the plot of one. */
    public void show(SegmentHistory history, MapVersion plotted) {
        terminal.println(
                terminal.bold(
                        "Segment %s, fingerprint %s"
                                .formatted(history.segment(), history.fingerprint())));
        terminal.println("  " + standing(history));
        terminal.println("");
        List<MapVersion> versions = history.versions();
        int from = Math.max(0, versions.size() - PRINTED);
        Table table = new Table("VERSION", "PUBLISHED", "METHOD", "SUPPORT", "ECE", "BRIER", "");
        for (MapVersion each : versions.subList(from, versions.size())) {
            table.row(
                    String.valueOf(each.number()),
                    each.published() == null ? "kept by its pin" : seconds(each.published()),
                    each.map().method(),
                    support(each),
                    error(each.map().evidence()),
                    brier(each.map().evidence()),
                    history.holds() != null && each.number() == history.holds() ? "<- holds" : "");
        }
        table.print(terminal);
        if (from > 0) {
            terminal.println(
                    "  and %,d older ones, which --json writes and --map-version draws"
                            .formatted(from));
        }
        terminal.println("");
        terminal.println(
                "  Version %d   ".formatted(plotted.number()) + terminal.faint(MapPlot.LEGEND));
        MapPlot.of(plotted.map(), terminal.width()).forEach(terminal::println);
    }

    private static String standing(SegmentHistory history) {
        Pin pin = history.activePin();
        if (pin != null) {
            return "Version %d is pinned since %s: results name it, whatever is published."
                    .formatted(pin.version(), pin.at());
        }
        return history.holds() == null
                ? "No version holds: its only pin was lifted, and no map has been published."
                : "Version %d holds, as the highest one.".formatted(history.holds());
    }

    /** Says which records are no maps. */
    public void refused(MapHistory history) {
        List<MapHistory.Refused> refused = history.refused();
        if (refused.isEmpty()) {
            return;
        }
        terminal.println("");
        terminal.println(
                terminal.yellow(
                        refused.size() == 1
                                ? "1 record of the topic is no map:"
                                : "%,d records of the topic are no maps:"
                                        .formatted(refused.size())));
        for (MapHistory.Refused each : refused.subList(0, Math.min(NAMED, refused.size()))) {
            terminal.println("  offset %d: %s".formatted(each.offset(), each.why()));
        }
        if (refused.size() > NAMED) {
            terminal.println("  and %,d more".formatted(refused.size() - NAMED));
        }
    }

    private static String support(MapVersion version) {
        return String.format(Locale.ROOT, "%,.0f", version.map().support());
    }

    private static String error(@Nullable MapEvidence evidence) {
        return evidence == null
                ? "-"
                : change(evidence.calibrationErrorBefore(), evidence.calibrationErrorAfter());
    }

    private static String brier(@Nullable MapEvidence evidence) {
        return evidence == null ? "-" : change(evidence.brierBefore(), evidence.brierAfter());
    }

    private static String change(double before, double after) {
        return String.format(Locale.ROOT, "%.3f → %.3f", before, after);
    }

    private static String seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** In the largest unit that there is one of. */
    static String age(@Nullable Instant published, Instant now) {
        if (published == null) {
            return "-";
        }
        Duration age = Duration.between(published, now);
        if (age.toDays() > 0) {
            return age.toDays() + " d";
        }
        if (age.toHours() > 0) {
            return age.toHours() + " h";
        }
        return age.toMinutes() > 0 ? age.toMinutes() + " min" : Math.max(0, age.toSeconds()) + " s";
    }
}
