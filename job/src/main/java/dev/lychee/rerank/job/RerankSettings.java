package dev.lychee.rerank.job;

import dev.lychee.rerank.operators.DeadlinePolicy;
import dev.lychee.rerank.operators.clicks.Exploration;
import dev.lychee.rerank.operators.profile.ProfileCatalog;
import dev.lychee.rerank.operators.scoring.ScoringSettings;
import dev.lychee.rerank.schemas.MessageLimits;
import java.time.Duration;

/**
 * What the topology needs to know, read and checked.
 *
 * @param limits how large a candidate set may be
 * @param profiles all profiles
 * @param defaultProfile profile of sets that name none
 * @param profileHistory so many published versions can be published again
 * @param deadlinePolicy whether deadlines count
 * @param scoring how the scorer works
 * @param scoringParallelism parallelism of the scoring operator; 0 for the job's
 * @param scoringCapacity score tasks in flight per scoring subtask
 * @param scoringTimeout after which a task is answered unscored
 * @param maxTaskTokens most estimated tokens of one score task
 * @param maxPairTokens most estimated tokens of one pair's texts
 * @param pictureTokens estimated tokens of one picture; 0 where pictures are not read
 * @param shardWait how long an incomplete sharded request waits
 * @param rememberAnswered how long an answered request is remembered
 * @param calibrationMapLines calibration maps, one JSON object per line; empty for none
 * @param exploration in which results neighbours change places by chance
 * @param maxResultBytes largest result
 */
public record RerankSettings(
        MessageLimits limits,
        ProfileCatalog profiles,
        String defaultProfile,
        int profileHistory,
        DeadlinePolicy deadlinePolicy,
        ScoringSettings scoring,
        int scoringParallelism,
        int scoringCapacity,
        Duration scoringTimeout,
        int maxTaskTokens,
        int maxPairTokens,
        int pictureTokens,
        Duration shardWait,
        Duration rememberAnswered,
        String calibrationMapLines,
        Exploration exploration,
        int maxResultBytes) {}
