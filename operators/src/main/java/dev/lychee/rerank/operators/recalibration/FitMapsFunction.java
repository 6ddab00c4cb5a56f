package dev.lychee.rerank.operators.recalibration;

import dev.lychee.rerank.operators.clicks.ClickModel;
import dev.lychee.rerank.operators.clicks.ClickModelFit;
import dev.lychee.rerank.operators.clicks.ClickTable;
import dev.lychee.rerank.operators.clicks.ExploredPairs;
import dev.lychee.rerank.operators.clicks.FeedGuard;
import dev.lychee.rerank.operators.clicks.MapFit;
import dev.lychee.rerank.operators.clicks.MapQuality;
import dev.lychee.rerank.operators.clicks.Rivals;
import dev.lychee.rerank.schemas.CalibrationMap;
import dev.lychee.rerank.schemas.flow.ClickCounts;
import dev.lychee.rerank.schemas.flow.FitProgress;
import dev.lychee.rerank.schemas.flow.KeptCounts;
import dev.lychee.rerank.schemas.flow.KeptRivals;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes epochs: adds their counts to the decayed past, learns how much each rank is looked at, and
 * fits the maps of all segments. Whatever order counts come in, the maps are the same to the bit.
 *
 * <p><b>State</b>, keyed by fingerprint: {@code open}, counts of epochs that are not closed or wait
 * for the next click; {@code kept}, the decayed past, a table per segment and two of what was shown
 * by chance; {@code published}, the last map of each segment; {@code rivals}, how that map and what
 * was learned since do on new looks; {@code fit}, how far this has come. A segment is forgotten
 * when decay has left less than one impression of it, a fingerprint {@code retentionMillis} after
 * its last epoch.
 *
 * <p><b>Time</b>: event time. One timer per open epoch, at the moment when all clicks on its
 * results have come; that moment is the version of the maps. One timer that forgets.
 *
 * <p><b>Failure</b>: epochs of a silent feed are thrown away, with an alarm.
 */
public final class FitMapsFunction
        extends KeyedProcessFunction<String, ClickCounts, CalibrationMap> {

    private static final Logger LOG = LoggerFactory.getLogger(FitMapsFunction.class);

    private static final long NONE = Long.MIN_VALUE;

    private final RecalibrationSettings settings;
    private transient MapState<String, KeptCounts> openState;
    private transient MapState<String, KeptCounts> keptState;
    private transient MapState<String, CalibrationMap> publishedState;
    private transient MapState<String, KeptRivals> rivalsState;
    private transient ValueState<FitProgress> fitState;
    private transient Map<MapFit.Verdict, Counter> verdicts;
    private transient Counter lateCounts;
    private transient Counter surplusSegments;
    private transient Counter droppedEpochs;
    private transient Counter keptAlarms;
    private transient boolean feedSilent;

    /** Fits maps. */
    @SuppressWarnings("NullAway.Init") // set in open
    public FitMapsFunction(RecalibrationSettings settings) {
        this.settings = settings;
    }

    @Override
    public void open(OpenContext context) {
        openState = getRuntimeContext().getMapState(counts("open"));
        keptState = getRuntimeContext().getMapState(counts("kept"));
        publishedState =
                getRuntimeContext()
                        .getMapState(
                                new MapStateDescriptor<>(
                                        "published",
                                        Types.STRING,
                                        TypeInformation.of(CalibrationMap.class)));
        rivalsState =
                getRuntimeContext()
                        .getMapState(
                                new MapStateDescriptor<>(
                                        "rivals",
                                        Types.STRING,
                                        TypeInformation.of(KeptRivals.class)));
        fitState =
                getRuntimeContext()
                        .getState(
                                new ValueStateDescriptor<>(
                                        "fit", TypeInformation.of(FitProgress.class)));
        MetricGroup metrics = getRuntimeContext().getMetricGroup();
        verdicts = new EnumMap<>(MapFit.Verdict.class);
        for (MapFit.Verdict verdict : MapFit.Verdict.values()) {
            verdicts.put(verdict, metrics.addGroup("verdict", name(verdict)).counter("numFits"));
        }
        lateCounts = metrics.counter("numCountsLate");
        surplusSegments = metrics.counter("numCountsOverSegmentLimit");
        droppedEpochs = metrics.counter("numEpochsOfSilentFeed");
        keptAlarms = metrics.counter("numKeptCountAlarms");
        metrics.gauge("feedSilent", () -> feedSilent ? 1 : 0);
    }

    private static MapStateDescriptor<String, KeptCounts> counts(String name) {
        return new MapStateDescriptor<>(name, Types.STRING, TypeInformation.of(KeptCounts.class));
    }

    private static String name(MapFit.Verdict verdict) {
        return verdict.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public void processElement(ClickCounts counts, Context context, Collector<CalibrationMap> out)
            throws Exception {
        FitProgress progress = fitState.value();
        if (progress == null) {
            progress = new FitProgress(NONE, NONE, NONE);
            fitState.update(progress);
        }
        if (counts.epoch() <= progress.closedEpoch()) {
            lateCounts.inc();
            return;
        }
        String key = openKey(counts.epoch(), counts.table());
        KeptCounts before = openState.get(key);
        if (before == null && isOneSegmentTooMany(ClickTables.segment(counts.table()))) {
            surplusSegments.inc();
            return;
        }
        ClickTable table = table(before);
        table.add(counts.cells(), counts.values());
        openState.put(
                key,
                new KeptCounts(
                        Math.max(counts.mapVersion(), before == null ? 0 : before.mapVersion()),
                        table.sums()));
        context.timerService().registerEventTimeTimer(settings.closesAt(counts.epoch()));
    }

    /** Segments are whatever users send, so their number needs a limit. */
    private boolean isOneSegmentTooMany(String segment) throws Exception {
        if (segment.equals(CalibrationMap.DEFAULT_SEGMENT)) {
            return false;
        }
        Set<String> known = new HashSet<>();
        for (String key : openState.keys()) {
            known.add(ClickTables.segment(tableOf(key)));
        }
        for (String table : keptState.keys()) {
            known.add(ClickTables.segment(table));
        }
        return !known.contains(segment) && known.size() > settings.maxSegments();
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<CalibrationMap> out)
            throws Exception {
        FitProgress progress = fitState.value();
        if (progress == null) {
            return;
        }
        if (timestamp == progress.expiresMillis()) {
            forget();
            return;
        }
        long epoch = settings.epochOf(timestamp - settings.attributionMillis()) - 1;
        if (epoch <= progress.closedEpoch()) {
            return;
        }
        if (progress.expiresMillis() != NONE) {
            context.timerService().deleteEventTimeTimer(progress.expiresMillis());
        }
        // One more, so that it is the time of no epoch.
        long expires = settings.closesAt(epoch) + settings.retentionMillis() + 1;
        context.timerService().registerEventTimeTimer(expires);

        NavigableMap<Long, Map<String, KeptCounts>> waiting = closedBy(epoch);
        FeedGuard.Verdict verdict = judge(waiting, epoch);
        long folded = progress.foldedEpoch();
        Map<String, ClickTable> learned = segments(keptState.entries());
        Map<String, ClickTable> fresh =
                segments(
                        waiting.values().stream()
                                .flatMap(tables -> tables.entrySet().stream())
                                .toList());
        if (verdict != FeedGuard.Verdict.WAIT) {
            for (Map.Entry<Long, Map<String, KeptCounts>> each : waiting.entrySet()) {
                if (verdict == FeedGuard.Verdict.COUNT) {
                    fold(each.getKey(), folded, each.getValue());
                    folded = each.getKey();
                }
                for (String table : each.getValue().keySet()) {
                    openState.remove(openKey(each.getKey(), table));
                }
            }
        }
        feedSilent = verdict == FeedGuard.Verdict.DROP;
        if (feedSilent) {
            droppedEpochs.inc(waiting.size());
            LOG.warn(
                    "Clicks on results of fingerprint {} are missing: {} epochs up to {} teach"
                            + " nothing. Does the feed of interactions still come?",
                    context.getCurrentKey(),
                    waiting.size(),
                    timestamp);
        }
        fitState.update(new FitProgress(epoch, folded, expires));
        if (verdict == FeedGuard.Verdict.COUNT) {
            fit(context.getCurrentKey(), timestamp, learned, fresh, out);
        }
    }

    /** Tables of the segments. */
    private Map<String, ClickTable> segments(Iterable<Map.Entry<String, KeptCounts>> tables) {
        Map<String, ClickTable> segments = new HashMap<>();
        for (Map.Entry<String, KeptCounts> each : tables) {
            if (ClickTables.isOfSegment(each.getKey())) {
                segments.computeIfAbsent(
                                ClickTables.segment(each.getKey()),
                                key -> new ClickTable(settings.ranks()))
                        .add(table(each.getValue()));
            }
        }
        return segments;
    }

    /** Counts of the epochs up to this one, by epoch and table. */
    private NavigableMap<Long, Map<String, KeptCounts>> closedBy(long epoch) throws Exception {
        NavigableMap<Long, Map<String, KeptCounts>> closed = new TreeMap<>();
        for (Map.Entry<String, KeptCounts> each : openState.entries()) {
            long of = epochOf(each.getKey());
            if (of <= epoch) {
                closed.computeIfAbsent(of, key -> new TreeMap<>())
                        .put(tableOf(each.getKey()), each.getValue());
            }
        }
        return closed;
    }

    private FeedGuard.Verdict judge(NavigableMap<Long, Map<String, KeptCounts>> waiting, long epoch)
            throws Exception {
        String all = ClickTables.of(CalibrationMap.DEFAULT_SEGMENT);
        ClickTable now = new ClickTable(settings.ranks());
        for (Map<String, KeptCounts> tables : waiting.values()) {
            now.add(table(tables.get(all)));
        }
        ClickTable past = table(keptState.get(all));
        long epochs = waiting.isEmpty() ? 0 : epoch - waiting.firstKey() + 1;
        return settings.feed().judge(now.clicks(), FeedGuard.expectedClicks(past, now), epochs);
    }

    private void fold(long epoch, long foldedBefore, Map<String, KeptCounts> tables)
            throws Exception {
        if (foldedBefore != NONE) {
            decay(epoch - foldedBefore);
        }
        for (Map.Entry<String, KeptCounts> each : tables.entrySet()) {
            KeptCounts before = keptState.get(each.getKey());
            ClickTable sum = table(before);
            sum.add(table(each.getValue()));
            keptState.put(
                    each.getKey(),
                    new KeptCounts(
                            Math.max(
                                    each.getValue().mapVersion(),
                                    before == null ? 0 : before.mapVersion()),
                            sum.sums()));
        }
    }

    private void decay(long epochs) throws Exception {
        double factor =
                Math.pow(0.5, (double) epochs * settings.epochMillis() / settings.halfLifeMillis());
        List<String> vanished = new ArrayList<>();
        Map<String, KeptCounts> decayed = new TreeMap<>();
        for (Map.Entry<String, KeptCounts> each : keptState.entries()) {
            ClickTable table = table(each.getValue());
            table.decay(factor);
            if (table.impressions() < 1) {
                vanished.add(each.getKey());
            } else {
                decayed.put(
                        each.getKey(), new KeptCounts(each.getValue().mapVersion(), table.sums()));
            }
        }
        keptState.putAll(decayed);
        for (String table : vanished) {
            keptState.remove(table);
            if (ClickTables.isOfSegment(table)) {
                publishedState.remove(ClickTables.segment(table));
                rivalsState.remove(ClickTables.segment(table));
            }
        }
        Map<String, KeptRivals> fading = new HashMap<>();
        for (Map.Entry<String, KeptRivals> each : rivalsState.entries()) {
            fading.put(each.getKey(), kept(rivals(each.getValue()).times(factor)));
        }
        rivalsState.putAll(fading);
    }

    private void fit(
            String fingerprint,
            long version,
            Map<String, ClickTable> learned,
            Map<String, ClickTable> fresh,
            Collector<CalibrationMap> out)
            throws Exception {
        ClickTable all = table(keptState.get(ClickTables.of(CalibrationMap.DEFAULT_SEGMENT)));
        if (all.impressions(1) < 1) {
            // Without its anchor the scale of examination is anybody's guess.
            count(MapFit.Verdict.NOT_IDENTIFIABLE);
            return;
        }
        ClickModel model =
                ExploredPairs.correct(
                        ClickModelFit.fit(all, settings.trust()),
                        table(keptState.get(ClickTables.UPPER_OF_PAIRS)),
                        table(keptState.get(ClickTables.LOWER_OF_PAIRS)));
        for (Map.Entry<String, ClickTable> each : new TreeMap<>(fresh).entrySet()) {
            String segment = each.getKey();
            KeptCounts counts = keptState.get(ClickTables.of(segment));
            CalibrationMap inForce = inForce(segment, counts);
            Rivals rivals =
                    rivals(segment, inForce)
                            .judgedOn(
                                    learned.getOrDefault(segment, new ClickTable(settings.ranks())),
                                    each.getValue(),
                                    model,
                                    inForce,
                                    settings.guards());
            rivalsState.put(segment, kept(rivals));
            MapFit.Outcome outcome =
                    MapFit.fit(
                            fingerprint,
                            segment,
                            version,
                            table(counts),
                            model,
                            inForce,
                            rivals,
                            settings.guards());
            count(outcome.verdict());
            CalibrationMap map = outcome.map();
            if (map != null) {
                alarm(map, outcome.keptChange());
                publishedState.put(segment, map);
                out.collect(map);
            }
        }
    }

    /** The comparison that goes on with what is in force now, or a new one. */
    private Rivals rivals(String segment, @Nullable CalibrationMap inForce) throws Exception {
        long version = inForce == null ? 0 : inForce.version();
        KeptRivals kept = rivalsState.get(segment);
        return kept == null || kept.inForce() != version ? Rivals.start(version) : rivals(kept);
    }

    private static Rivals rivals(KeptRivals kept) {
        return new Rivals(
                kept.inForce(),
                new MapQuality(kept.looks(), kept.presentSquares(), kept.presentDistances()),
                new MapQuality(kept.looks(), kept.rivalSquares(), kept.rivalDistances()));
    }

    private static KeptRivals kept(Rivals rivals) {
        return new KeptRivals(
                rivals.inForce(),
                rivals.present().looks(),
                rivals.present().squares(),
                rivals.present().distances(),
                rivals.rival().squares(),
                rivals.rival().distances());
    }

    private void count(MapFit.Verdict verdict) {
        Counter counter = verdicts.get(verdict);
        if (counter != null) {
            counter.inc();
        }
    }

    /** The map of ours that was published last; null where results name a newer one. */
    private @Nullable CalibrationMap inForce(String segment, @Nullable KeptCounts counts)
            throws Exception {
        CalibrationMap published = publishedState.get(segment);
        long served = counts == null ? 0 : counts.mapVersion();
        return published != null && published.version() >= served ? published : null;
    }

    private void alarm(CalibrationMap map, double keptChange) {
        if (Math.abs(keptChange) > settings.guards().maxKeptChange()) {
            keptAlarms.inc();
            LOG.warn(
                    "Map {} of fingerprint {}, segment {} changes the number of shown documents"
                            + " with calibrated >= {} by {} %",
                    map.version(),
                    map.fingerprint(),
                    map.segment(),
                    settings.guards().keptFrom(),
                    Math.round(100 * keptChange));
        }
    }

    private void forget() {
        openState.clear();
        keptState.clear();
        publishedState.clear();
        rivalsState.clear();
        fitState.clear();
    }

    private ClickTable table(@Nullable KeptCounts counts) {
        return counts == null
                ? new ClickTable(settings.ranks())
                : ClickTable.of(settings.ranks(), counts.sums());
    }

    private static String openKey(long epoch, String table) {
        return epoch + "|" + table;
    }

    private static long epochOf(String openKey) {
        return Long.parseLong(openKey.substring(0, openKey.indexOf('|')));
    }

    private static String tableOf(String openKey) {
        return openKey.substring(openKey.indexOf('|') + 1);
    }
}
