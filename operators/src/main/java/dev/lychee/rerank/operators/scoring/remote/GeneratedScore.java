package dev.lychee.rerank.operators.scoring.remote;

import java.text.Normalizer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the score in a text that a model wrote, on a scale from 0 to 10: {@code Score: 8.2}, {@code
 * 得分：7.9}, {@code final score=9.1}, {@code 8.2/10}. The last one counts, because models think aloud
 * before they decide.
 */
final class GeneratedScore {

    private static final double SCALE = 10;

    /** Not followed by the rest of a number, of another fraction or of a percentage. */
    private static final String NUMBER =
            "([-+]?\\d{1,6}(?:\\.\\d{1,12})?)(?![.,]?\\d)(?!\\s*%)(?!\\s*/\\s*(?!10(?![.,]?\\d))\\d)";

    private static final Pattern SCORE =
            Pattern.compile(
                    "(?:\\bscore|得分|评分|分数)[\"'*_`\\s]{0,8}(?:\\([^()]{0,40}\\)\\s{0,4})?[:=][\"'*_`\\s]{0,8}"
                            + NUMBER
                            + "|(?<![\\d.,/])(\\d{1,6}(?:\\.\\d{1,12})?)\\s{0,4}/\\s{0,4}10(?![.,]?\\d)(?!\\s*/)",
                    Pattern.CASE_INSENSITIVE);

    private GeneratedScore() {}

    /**
     * Reads the score.
     *
     * @param text what the model wrote
     * @return 0..1
     * @throws UnparsedException if there is none, or the last one is not in 0..10
     */
    static double read(String text) throws UnparsedException {
        // Full-width colons and digits become plain ones.
        Matcher matcher = SCORE.matcher(Normalizer.normalize(text, Normalizer.Form.NFKC));
        String last = null;
        while (matcher.find()) {
            last = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
        }
        if (last == null) {
            throw new UnparsedException("the answer holds no score: " + Answers.bounded(text));
        }
        double score = Double.parseDouble(last);
        if (score < 0 || score > SCALE) {
            throw new UnparsedException(
                    "the answer's score "
                            + last
                            + " is not between 0 and 10: "
                            + Answers.bounded(text));
        }
        return score / SCALE;
    }
}
