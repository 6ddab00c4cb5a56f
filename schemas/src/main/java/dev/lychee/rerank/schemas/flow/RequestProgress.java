package dev.lychee.rerank.schemas.flow;

/**
 * How far a request has come. The assembler keeps one per open request.
 *
 * @param shardCount how many shards the request has; 0 while only outcomes have come
 * @param shardsSeen how many of them have come
 * @param tasksExpected how many tasks the shards that came were split into
 * @param tasksAnswered how many outcomes have come, those ahead of their shard included
 * @param timerMillis when the request is answered as it stands; {@link Long#MAX_VALUE} for never
 * @param openedMillis processing time of the first sign of the request
 */
public record RequestProgress(
        int shardCount,
        int shardsSeen,
        int tasksExpected,
        int tasksAnswered,
        long timerMillis,
        long openedMillis) {}
