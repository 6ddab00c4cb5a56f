package dev.lychee.rerank.deploy.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lychee.rerank.operators.scoring.EncodedPair;
import dev.lychee.rerank.operators.scoring.Scorer;
import dev.lychee.rerank.operators.scoring.ScorerSpec;
import dev.lychee.rerank.operators.scoring.model.PackageScorerFactory;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Peers must do the same work as ours, or comparing them means nothing. */
class DjlPeerTest {

    /** Reads token types; a few kilobytes. */
    private static final Path MODEL = Path.of("../operators/src/test/resources/models/cls-one");

    private static final int MAX_TOKENS = 64;

    private static final List<TextPair> PAIRS =
            List.of(
                    new TextPair("red dress", "red silk dress for summer"),
                    new TextPair("red dress", "blue coat"),
                    new TextPair("running shoes", "white running shoes for men"));

    @Test
    void givesTheLogitsOfOurs() throws Exception {
        try (Scorer ours =
                        new PackageScorerFactory()
                                .load(new ScorerSpec(MODEL.toString(), "fp32", "cpu", 1));
                DjlPeer peer = DjlPeer.load(MODEL, MAX_TOKENS)) {
            PeerPass pass = peer.score(PAIRS);

            int tokens = 0;
            for (int i = 0; i < PAIRS.size(); i++) {
                TextPair texts = PAIRS.get(i);
                EncodedPair pair =
                        ours.encodePair(ours.encodeQuery(null, texts.query()), texts.document());
                tokens += pair.tokens();
                assertThat(pass.logits()[i]).isCloseTo(ours.score(List.of(pair))[0], within(1e-4f));
            }
            assertThat(pass.realTokens()).isEqualTo(tokens);
        }
    }

    @Test
    void scoresEachRecordOfAFlinkJob() {
        try (DjlPeer peer = DjlPeer.load(MODEL, MAX_TOKENS)) {
            PeerPass pass = FlinkMapPeer.run(peer, PAIRS, 2);

            assertThat(pass.batches()).isEqualTo(3);
            assertThat(pass.nanos()).isPositive();
            assertThat(pass.realTokens()).isEqualTo(peer.tokens(PAIRS));
        }
    }
}
