package dev.lychee.rerank.operators.recalibration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lychee.rerank.operators.calibration.CalibrationMaps;
import dev.lychee.rerank.operators.clicks.ClickSimulator;
import dev.lychee.rerank.operators.clicks.ClickSimulator.Shown;
import dev.lychee.rerank.operators.clicks.ClickSimulator.Users;
import dev.lychee.rerank.operators.evaluation.CalibrationMetrics;
import dev.lychee.rerank.operators.postprocess.Calibrator;
import dev.lychee.rerank.operators.postprocess.IdentityCalibrator;
import dev.lychee.rerank.operators.postprocess.IsotonicFit;
import dev.lychee.rerank.schemas.CalibrationMap;
import dev.lychee.rerank.schemas.flow.ActionKind;
import dev.lychee.rerank.schemas.flow.InteractionEvent;
import dev.lychee.rerank.schemas.flow.ServedItem;
import dev.lychee.rerank.schemas.flow.ServedResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The circle closed: results are served with the maps that the clicks on results before gave. */
class RecalibratedShopTest {

    private static final int REQUESTS = 5_000;
    private static final long INTERVAL = 500;
    private static final long START = 1_000_000_000_000L;
    private static final long STEP = 10_000;

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
    void fiftyThousandImpressionsBringWhatIsServedCloseToTheTruth(long seed) throws Exception {
        List<Shown> shown = new ClickSimulator(Users.PLAIN, seed).run(REQUESTS);

        try (Shop shop = new Shop(TestingRecalibration.SETTINGS)) {
            shop.serve(shown);

            double after = error(shown, shop.live);
            assertThat(after).isLessThan(0.3 * error(shown, new IdentityCalibrator(1)));
            assertThat(after).isLessThan(error(shown, oracle(shown)) + 0.02);
            assertThat(shop.versionsServed).isGreaterThan(1);
        }
    }

    /**
     * From one request to the next all logits mean something else. Half of the error is gone after
     * two half-lives of the counts, two thirds after three, most of it after four.
     */
    @Test
    void aSuddenShiftIsFollowedWithinFourHalfLives() throws Exception {
        long halfLife = 600_000;
        int perHalfLife = (int) (halfLife / INTERVAL);
        List<Shown> before = new ClickSimulator(Users.PLAIN, 20).run(REQUESTS);
        List<Shown> shifted =
                new ClickSimulator(Users.PLAIN, 21)
                        .run(4 * perHalfLife).stream()
                                .map(each -> each.withLogit(each.logit() + 3))
                                .toList();

        try (Shop shop = new Shop(TestingRecalibration.withHalfLife(halfLife))) {
            shop.serve(before);
            double[] errors = new double[5];
            errors[0] = error(shifted, shop.live);
            for (int i = 1; i < errors.length; i++) {
                int from = (i - 1) * perHalfLife * ClickSimulator.RANKS;
                shop.serve(shifted.subList(from, from + perHalfLife * ClickSimulator.RANKS));
                errors[i] = error(shifted, shop.live);
            }

            assertThat(errors[0]).isGreaterThan(0.25);
            assertThat(errors[2]).isLessThan(0.6 * errors[0]);
            assertThat(errors[3]).isLessThan(0.35 * errors[0]);
            assertThat(errors[4]).isLessThan(0.2 * errors[0]);
        }
    }

    private static Calibrator oracle(List<Shown> shown) {
        double[] weights = new double[shown.size()];
        Arrays.fill(weights, 1);
        return IsotonicFit.fit(
                        logits(shown),
                        shown.stream().mapToDouble(each -> each.relevant() ? 1 : 0).toArray(),
                        weights)
                .centred(new IdentityCalibrator(1));
    }

    private static double error(List<Shown> shown, Calibrator map) {
        return CalibrationMetrics.expectedCalibrationError(
                        calibrated(map, logits(shown)),
                        shown.stream().mapToDouble(Shown::truth).toArray(),
                        CalibrationMetrics.DEFAULT_BINS)
                .orElseThrow();
    }

    private static double[] logits(List<Shown> shown) {
        return shown.stream().mapToDouble(Shown::logit).toArray();
    }

    private static double[] calibrated(Calibrator map, double[] logits) {
        boolean[] usable = new boolean[logits.length];
        Arrays.fill(usable, true);
        return map.calibrate(logits, usable).calibrated();
    }

    /** A rerank job that follows the maps of a recalibrate job, and users who click. */
    private static final class Shop implements AutoCloseable {

        private final TestingRecalibration recalibration;
        private final PriorityQueue<InteractionEvent> toCome =
                new PriorityQueue<>(
                        (a, b) -> Long.compare(a.timestampMillis(), b.timestampMillis()));
        private Calibrator live = new IdentityCalibrator(1);
        private @Nullable CalibrationMap liveMap;
        private long now = START;
        private int served;
        private int versionsServed;

        Shop(RecalibrationSettings settings) throws Exception {
            recalibration = new TestingRecalibration(settings, null);
        }

        /** Serves, and lets time pass until all clicks on it have come. */
        void serve(List<Shown> shown) throws Exception {
            for (int i = 0; i < shown.size(); i += ClickSimulator.RANKS) {
                serveOne(shown.subList(i, i + ClickSimulator.RANKS));
                now += INTERVAL;
                if (now % STEP == 0) {
                    passTime();
                }
            }
        }

        private void serveOne(List<Shown> shown) throws Exception {
            String request = "r-" + served++;
            double[] calibrated = calibrated(live, logits(shown));
            List<ServedItem> items = new ArrayList<>();
            for (Shown each : shown) {
                String document = "d" + each.rank();
                items.add(
                        new ServedItem(
                                document,
                                each.rank(),
                                each.logit(),
                                calibrated[each.rank() - 1],
                                each.pair()));
                String client = "c-" + served % 500;
                toCome.add(new InteractionEvent(request, document, client, 0, null, now + 1_000));
                if (each.clicked()) {
                    toCome.add(
                            new InteractionEvent(
                                    request, document, client, 1, ActionKind.CLICK, now + 5_000));
                }
            }
            recalibration.serve(
                    new ServedResult(
                            request,
                            "f",
                            "default",
                            liveMap == null ? null : "default",
                            liveMap == null ? 0 : liveMap.version(),
                            now,
                            shown.stream().anyMatch(each -> each.pair() != null),
                            items,
                            null,
                            false));
        }

        private void passTime() throws Exception {
            while (!toCome.isEmpty() && toCome.peek().timestampMillis() <= now) {
                recalibration.interact(toCome.remove());
            }
            recalibration.watermark(now - 1);
            List<CalibrationMap> maps = recalibration.maps();
            if (maps.size() > versionsServed) {
                versionsServed = maps.size();
                liveMap = maps.get(maps.size() - 1);
                live = CalibrationMaps.calibrator(liveMap);
            }
        }

        @Override
        public void close() throws Exception {
            recalibration.close();
        }
    }
}
