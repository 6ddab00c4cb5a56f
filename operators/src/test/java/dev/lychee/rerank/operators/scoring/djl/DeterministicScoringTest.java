package dev.lychee.rerank.operators.scoring.djl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lychee.rerank.operators.scoring.BatchLimits;
import dev.lychee.rerank.operators.scoring.PackageDescription;
import dev.lychee.rerank.operators.scoring.PairScore;
import dev.lychee.rerank.operators.scoring.ScorerSpec;
import dev.lychee.rerank.operators.scoring.ScoringClock;
import dev.lychee.rerank.operators.scoring.ScoringService;
import dev.lychee.rerank.operators.scoring.ServiceLimits;
import dev.lychee.rerank.operators.scoring.TaskScores;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** With a real model, in bf16, where a neighbour's length already changes a score's last bits. */
class DeterministicScoringTest {

    private static final List<String> WORDS =
            List.of("red", "dress", "vintage", "denim", "jacket", "牛仔", "外套", "for", "summer");

    private record Set(String query, List<String> documents) {}

    private static ScoringService service(boolean deterministic) throws Exception {
        Path shipped = Path.of("..", "deploy", "models", "lychee-nano");
        Assumptions.assumeTrue(
                Files.isRegularFile(shipped.resolve(PackageDescription.FILE)),
                "deploy/models/lychee-nano is not there");
        return new ScoringService(
                DjlScorer.load(new ScorerSpec(shipped.toString(), "bf16", "cpu", 2)),
                new ServiceLimits(new BatchLimits(512, 2), 0, 1 << 20, deterministic),
                ScoringClock.system(),
                (thread, failure) -> {
                    throw new IllegalStateException("no device breaks here", failure);
                });
    }

    private static List<Set> sets() {
        Random random = new Random(7);
        List<Set> sets = new ArrayList<>();
        for (int set = 0; set < 12; set++) {
            List<String> documents = new ArrayList<>();
            for (int i = 0; i < 5 + 3 * set; i++) {
                documents.add(words(random, 1 + random.nextInt(40)));
            }
            sets.add(new Set(words(random, 3), documents));
        }
        // The same pairs once more, in company of others.
        sets.add(new Set(sets.get(0).query, sets.get(0).documents.subList(0, 3)));
        return sets;
    }

    private static String words(Random random, int count) {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            words.add(WORDS.get(random.nextInt(WORDS.size())));
        }
        return String.join(" ", words);
    }

    /** The bits of every logit, by set. */
    private static Map<Set, List<Integer>> score(ScoringService service, List<Set> order)
            throws Exception {
        Map<Set, CompletableFuture<TaskScores>> answers = new HashMap<>();
        for (Set set : order) {
            answers.put(set, service.submit(null, set.query, set.documents, Long.MAX_VALUE));
        }
        Map<Set, List<Integer>> bits = new HashMap<>();
        for (Map.Entry<Set, CompletableFuture<TaskScores>> answer : answers.entrySet()) {
            List<Integer> logits = new ArrayList<>();
            for (PairScore pair : answer.getValue().get(60, TimeUnit.SECONDS).pairs()) {
                assertThat(pair.error()).isNull();
                logits.add(Float.floatToIntBits(pair.logit()));
            }
            bits.put(answer.getKey(), logits);
        }
        return bits;
    }

    @Test
    void givesTheSameBitsInWhateverOrderSetsArrive() throws Exception {
        List<Set> sets = sets();
        try (ScoringService service = service(true)) {
            Map<Set, List<Integer>> first = score(service, sets);
            for (int round = 0; round < 5; round++) {
                List<Set> shuffled = new ArrayList<>(sets);
                Collections.shuffle(shuffled, new Random(round));
                assertThat(score(service, shuffled)).isEqualTo(first);
            }
        }
    }

    @Test
    void givesTheSameBitsAfterTheModelIsLoadedAgain() throws Exception {
        List<Set> sets = sets();
        Map<Set, List<Integer>> first;
        try (ScoringService service = service(true)) {
            first = score(service, sets);
        }
        try (ScoringService service = service(true)) {
            assertThat(score(service, sets)).isEqualTo(first);
        }
    }
}
