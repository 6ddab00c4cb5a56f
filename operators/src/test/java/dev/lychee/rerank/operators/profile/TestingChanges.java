package dev.lychee.rerank.operators.profile;

import dev.lychee.rerank.schemas.flow.SourcePosition;
import dev.lychee.rerank.schemas.flow.SourceRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Records of a control topic, as a client writes them. */
public final class TestingChanges {

    private TestingChanges() {}

    public static SourceRecord record(long offset, String json) {
        return new SourceRecord(
                new SourcePosition("control", 0, offset),
                1_000 + offset,
                null,
                json.getBytes(StandardCharsets.UTF_8));
    }

    /** A topic of these values, from offset 0 on. */
    public static List<SourceRecord> topic(List<String> values) {
        List<SourceRecord> records = new ArrayList<>();
        for (String value : values) {
            records.add(record(records.size(), value));
        }
        return records;
    }

    /** Publishes a profile; {@code fields} is JSON, as in {@code {"extends":"default"}}. */
    public static String set(String name, String fields) {
        return "{\"id\":\"set %s\",\"action\":\"set-profile\",\"name\":\"%s\",\"profile\":%s}"
                .formatted(name, name, fields);
    }

    public static String reset(String name) {
        return "{\"id\":\"reset %s\",\"action\":\"reset-profile\",\"name\":\"%s\"}"
                .formatted(name, name);
    }

    public static String again(String name, long version) {
        return "{\"id\":\"again %s\",\"action\":\"set-profile\",\"name\":\"%s\",\"version\":%d}"
                .formatted(name, name, version);
    }

    /** Publishes an experiment of two arms with half of the sets each. */
    public static String experiment(String name, String profile, String otherProfile) {
        return """
               {"id":"experiment %s","action":"set-experiment","name":"%s","experiment":{"profile":"%s",\
               "arms":[{"name":"A","share":0.5},{"name":"B","share":0.5,"profile":"%s"}]}}\
               """
                .formatted(name, name, profile, otherProfile);
    }

    public static String resetExperiment(String name) {
        return "{\"id\":\"end %s\",\"action\":\"reset-experiment\",\"name\":\"%s\"}"
                .formatted(name, name);
    }

    public static String resetAll() {
        return "{\"id\":\"reset all\",\"action\":\"reset-all\"}";
    }
}
