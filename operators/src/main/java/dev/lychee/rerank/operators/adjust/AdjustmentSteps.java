package dev.lychee.rerank.operators.adjust;

import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The own steps that are on the class path, by name. */
public final class AdjustmentSteps {

    public static final AdjustmentSteps NONE = new AdjustmentSteps(Map.of());

    private final Map<String, AdjustmentStep> steps;

    private AdjustmentSteps(Map<String, AdjustmentStep> steps) {
        this.steps = steps;
    }

    /**
     * Finds all steps and makes one instance of each.
     *
     * @throws IllegalStateException saying which provider is broken, or which name stands twice
     */
    public static AdjustmentSteps load(ClassLoader classes) {
        Map<String, AdjustmentStep> steps = new TreeMap<>();
        try {
            Iterator<AdjustmentStep> found =
                    ServiceLoader.load(AdjustmentStep.class, classes).iterator();
            while (found.hasNext()) {
                AdjustmentStep step = found.next();
                AdjustmentStep other = steps.put(step.name(), step);
                if (other != null) {
                    throw new IllegalStateException(
                            "two own steps are named \"%s\": %s and %s; rename one"
                                    .formatted(
                                            step.name(),
                                            other.getClass().getName(),
                                            step.getClass().getName()));
                }
            }
        } catch (ServiceConfigurationError e) {
            throw new IllegalStateException("an own step cannot be loaded: " + e.getMessage(), e);
        }
        return new AdjustmentSteps(steps);
    }

    /**
     * Checks that the named steps are there.
     *
     * @throws IllegalStateException naming the first that is not
     */
    public void require(Collection<String> names) {
        for (String name : names) {
            if (!steps.containsKey(name)) {
                throw new IllegalStateException(
                        "a profile names the own step \"%s\", which is not on the class path of the TaskManager; there are %s. Put its jar into Flink's lib folder"
                                .formatted(name, steps.isEmpty() ? "none" : steps.keySet()));
            }
        }
    }

    @Nullable AdjustmentStep find(String name) {
        return steps.get(name);
    }
}
