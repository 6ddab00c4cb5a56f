package dev.lychee.rerank.deploy.recovery;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Candidate sets as a producer would write them. */
public final class TestingJson {

    private TestingJson() {}

    public static String set(String requestId, String... documents) {
        return "{\"request_id\":\"%s\",\"query\":\"red dress\",\"documents\":[%s]}"
                .formatted(
                        requestId,
                        Stream.of(documents)
                                .map(document -> "\"" + document + "\"")
                                .collect(Collectors.joining(",")));
    }

    static String shard(String requestId, int index, int count, String... ids) {
        return "{\"request_id\":\"%s\",\"query\":\"red dress\",\"candidates\":[%s],\"shard\":{\"retriever\":\"r%d\",\"index\":%d,\"count\":%d}}"
                .formatted(
                        requestId,
                        Stream.of(ids)
                                .map(id -> "{\"id\":\"%s\",\"text\":\"red %s\"}".formatted(id, id))
                                .collect(Collectors.joining(",")),
                        index,
                        index,
                        count);
    }
}
