package dev.lychee.rerank.operators;

import dev.lychee.rerank.operators.profile.ProfileBinder;
import dev.lychee.rerank.operators.profile.ProfileCatalog;
import dev.lychee.rerank.operators.text.QueryCleaner;
import dev.lychee.rerank.schemas.flow.BoundCandidateSet;
import dev.lychee.rerank.schemas.flow.DecodedSet;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/**
 * As {@link BindProfileFunction}, for runs over files, which no control topic reaches. With one
 * input it chains to the step before it, so that no set is exchanged between them.
 *
 * <p><b>State</b>: none.
 *
 * <p><b>Time</b>: none.
 *
 * <p><b>Failure</b>: an unknown profile, or a threshold beyond its scale, is a dead letter.
 */
public final class BindStaticProfileFunction
        extends ProcessFunction<DecodedSet, BoundCandidateSet> {

    private final String catalogJson;
    private final String defaultProfile;
    private final DeadlinePolicy deadlinePolicy;
    private transient SetBinding binding;

    /**
     * Binds profiles of a catalog.
     *
     * @param catalog all profiles the job knows
     * @param defaultProfile profile of sets that name none
     */
    @SuppressWarnings("NullAway.Init") // set in open
    public BindStaticProfileFunction(
            ProfileCatalog catalog, String defaultProfile, DeadlinePolicy deadlinePolicy) {
        this.catalogJson = catalog.toJson();
        this.defaultProfile = defaultProfile;
        this.deadlinePolicy = deadlinePolicy;
    }

    @Override
    public void open(OpenContext context) {
        ProfileCatalog catalog = ProfileCatalog.fromJson(catalogJson);
        binding =
                new SetBinding(
                        deadlinePolicy,
                        getRuntimeContext().getMetricGroup(),
                        new QueryCleaner(catalog.dictionaries()),
                        new ProfileBinder(catalog, defaultProfile));
    }

    @Override
    public void processElement(
            DecodedSet decoded, Context context, Collector<BoundCandidateSet> out) {
        binding.bind(decoded, out, letter -> context.output(DeadLetters.TAG, letter));
    }
}
