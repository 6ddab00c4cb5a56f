package dev.lychee.rerank.operators.recalibration;

import dev.lychee.rerank.operators.clicks.RequestHash;
import dev.lychee.rerank.schemas.flow.Clickthrough;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Lets so many clickthroughs per client and epoch through and no more: those whose request ids have
 * the smallest hashes, so that the choice does not depend on who comes first and nobody can aim at
 * it.
 *
 * <p><b>State</b>, keyed by client (by request where the client is unknown): {@code clickthroughs},
 * at most {@code clientCap} per open epoch, cleared when it closes.
 *
 * <p><b>Time</b>: event time, one timer per key and epoch.
 *
 * <p><b>Failure</b>: what is over the cap is counted and left out.
 */
public final class CapClientsFunction
        extends KeyedProcessFunction<String, Clickthrough, Clickthrough> {

    private static final Comparator<Clickthrough> BY_HASH =
            Comparator.<Clickthrough>comparingLong(each -> RequestHash.of(each.requestId()))
                    .thenComparing(Clickthrough::requestId);

    private final RecalibrationSettings settings;
    private transient MapState<Long, List<Clickthrough>> clickthroughs;
    private transient Counter overCap;

    /** Caps clients. */
    @SuppressWarnings("NullAway.Init") // set in open
    public CapClientsFunction(RecalibrationSettings settings) {
        this.settings = settings;
    }

    /** The key: one per client, and one of its own for a result of nobody. */
    public static String key(Clickthrough clickthrough) {
        return clickthrough.client().isEmpty()
                ? "request:" + clickthrough.requestId()
                : "client:" + clickthrough.client();
    }

    @Override
    public void open(OpenContext context) {
        clickthroughs =
                getRuntimeContext()
                        .getMapState(
                                new MapStateDescriptor<>(
                                        "clickthroughs",
                                        Types.LONG,
                                        Types.LIST(TypeInformation.of(Clickthrough.class))));
        overCap = getRuntimeContext().getMetricGroup().counter("numClickthroughsOverCap");
    }

    @Override
    public void processElement(
            Clickthrough clickthrough, Context context, Collector<Clickthrough> out)
            throws Exception {
        long epoch = clickthrough.epoch();
        List<Clickthrough> before = clickthroughs.get(epoch);
        List<Clickthrough> kept = before == null ? new ArrayList<>() : new ArrayList<>(before);
        kept.add(clickthrough);
        if (kept.size() > settings.clientCap()) {
            kept.remove(kept.stream().max(BY_HASH).orElseThrow());
            overCap.inc();
        }
        clickthroughs.put(epoch, kept);
        context.timerService().registerEventTimeTimer(settings.closesAt(epoch));
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<Clickthrough> out)
            throws Exception {
        long epoch = settings.epochOf(timestamp - settings.attributionMillis()) - 1;
        List<Clickthrough> kept = clickthroughs.get(epoch);
        if (kept != null) {
            kept.forEach(out::collect);
            clickthroughs.remove(epoch);
        }
    }
}
