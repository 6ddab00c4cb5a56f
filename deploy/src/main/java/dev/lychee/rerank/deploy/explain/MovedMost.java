package dev.lychee.rerank.deploy.explain;

import dev.lychee.rerank.deploy.explain.ExplainReport.Pair;
import dev.lychee.rerank.deploy.explain.ExplainReport.Word;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Words and parts of a pair by how far they moved its score, the furthest first. */
final class MovedMost {

    /** Less is shown as 0. */
    private static final double SMALLEST = 0.0005;

    private MovedMost() {}

    /** A word or part with an effect. */
    record Piece(String where, String text, double effect, double logitWithout) {}

    /** At most {@code limit} pieces with an effect. */
    static List<Piece> of(Pair pair, int limit) {
        List<Piece> pieces = new ArrayList<>();
        words(pieces, "query", pair.query().words());
        words(pieces, "document", pair.document().words());
        pair.parts()
                .forEach(
                        part ->
                                add(
                                        pieces,
                                        "whole " + part.part(),
                                        part.text(),
                                        part.effect(),
                                        part.logitWithout()));
        pieces.sort(Comparator.comparingDouble((Piece piece) -> -Math.abs(piece.effect())));
        return pieces.subList(0, Math.min(limit, pieces.size()));
    }

    private static void words(List<Piece> pieces, String where, List<Word> words) {
        words.forEach(word -> add(pieces, where, word.text(), word.effect(), word.logitWithout()));
    }

    private static void add(
            List<Piece> pieces,
            String where,
            String text,
            @Nullable Double effect,
            @Nullable Double logitWithout) {
        if (effect != null && logitWithout != null && Math.abs(effect) >= SMALLEST) {
            pieces.add(new Piece(where, text, effect, logitWithout));
        }
    }

    /** Why there is no piece at all. */
    static String nothing(Pair pair) {
        return pair.logit() == null
                ? "The pair has no score, so nothing can have moved it."
                : "No word moves the score: there is none whose rest could be scored, or none matters.";
    }
}
