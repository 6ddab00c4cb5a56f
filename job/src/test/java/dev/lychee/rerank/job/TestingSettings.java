package dev.lychee.rerank.job;

import dev.lychee.rerank.operators.DeadlinePolicy;
import dev.lychee.rerank.operators.clicks.Exploration;
import dev.lychee.rerank.operators.profile.ProfileCatalog;
import dev.lychee.rerank.operators.scoring.BatchLimits;
import dev.lychee.rerank.operators.scoring.ScoringSettings;
import dev.lychee.rerank.operators.scoring.ScoringSettings.DevicePreference;
import dev.lychee.rerank.operators.scoring.ServiceLimits;
import dev.lychee.rerank.schemas.MessageLimits;
import java.time.Duration;

/** Settings of a job that scores with a {@code TestingScorer}. */
final class TestingSettings {

    private TestingSettings() {}

    static RerankSettings of(String packagePath) {
        return of(packagePath, 64, 5);
    }

    static RerankSettings of(String packagePath, int maxBatchTokens, long maxBatchDelayMillis) {
        return new RerankSettings(
                MessageLimits.DEFAULTS,
                ProfileCatalog.presets(),
                "default",
                10,
                DeadlinePolicy.IGNORE,
                new ScoringSettings(
                        packagePath,
                        "auto",
                        DevicePreference.CPU,
                        new ServiceLimits(
                                new BatchLimits(maxBatchTokens, maxBatchDelayMillis), 0, 1 << 20),
                        0,
                        1,
                        true,
                        true),
                0,
                64,
                Duration.ofMinutes(1),
                2_048,
                512,
                0,
                Duration.ofMinutes(1),
                Duration.ofMinutes(10),
                "",
                Exploration.NONE,
                1 << 20);
    }
}
