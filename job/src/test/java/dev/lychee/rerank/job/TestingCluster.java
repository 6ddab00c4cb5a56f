package dev.lychee.rerank.job;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;

/** A Flink cluster in this JVM, one per test class. */
final class TestingCluster {

    static final int TASK_MANAGERS = 2;
    static final int SLOTS_EACH = 2;

    private TestingCluster() {}

    static MiniClusterExtension extension() {
        return new MiniClusterExtension(
                new MiniClusterResourceConfiguration.Builder()
                        .setConfiguration(new Configuration())
                        .setNumberTaskManagers(TASK_MANAGERS)
                        .setNumberSlotsPerTaskManager(SLOTS_EACH)
                        .build());
    }
}
