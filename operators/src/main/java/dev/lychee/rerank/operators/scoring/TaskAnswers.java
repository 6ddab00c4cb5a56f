package dev.lychee.rerank.operators.scoring;

import dev.lychee.rerank.schemas.ImageReference;
import dev.lychee.rerank.schemas.ImageUse;
import dev.lychee.rerank.schemas.flow.ImageFailure;
import dev.lychee.rerank.schemas.flow.ScoreItem;
import dev.lychee.rerank.schemas.flow.ScoreTask;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one model answered to a task. It was asked about the items that it can read; to the others
 * the answer is why it cannot.
 */
final class TaskAnswers {

    static final String NO_QUERY_TEXT = "the model reads text only, and the query has none";
    static final String NO_DOCUMENT_TEXT = "the model reads text only, and the candidate has none";
    static final String PICTURE_NOT_READ = "not read: the model reads text only";

    /** Of a picture that the answer did not wait for. */
    static final String PICTURE_NOT_WAITED_FOR = "not-read";

    /** Before what is wrong with the query's picture, in the mark of a pair. */
    static final String QUERY_PICTURE = "query-";

    /** Pictures of one task that are told of in dead letters; all are counted. */
    private static final int MAX_REPORTED_FAILURES = 10;

    private static final int MAX_SOURCE_CHARS = 1_024;

    private final ScoreTask task;
    private final ScorerDescription model;
    private final @Nullable ReadPictures pictures;
    private final Iterator<PairScore> scores;

    // Of the item that was asked for last.
    private int readItems;
    private @Nullable ReadPicture picture;

    /**
     * @param scores one per item of {@link #readable}, in their order
     */
    TaskAnswers(ScoreTask task, ScorerDescription model, TaskScores scores) {
        this.task = task;
        this.model = model;
        this.pictures = scores.pictures();
        this.scores = scores.pairs().iterator();
    }

    /** The items that a model can judge. */
    static List<ScoreItem> readable(ScoreTask task, ScorerDescription model) {
        if (!isQueryReadable(task, model)) {
            return List.of();
        }
        return task.items().stream().filter(item -> isReadable(item, model)).toList();
    }

    private static boolean isQueryReadable(ScoreTask task, ScorerDescription model) {
        return !task.query().isBlank() || (model.readsPictures() && task.queryImage() != null);
    }

    private static boolean isReadable(ScoreItem item, ScorerDescription model) {
        return !item.document().isBlank() || (model.readsPictures() && !item.images().isEmpty());
    }

    boolean readsPictures() {
        return model.readsPictures();
    }

    /**
     * The answer to the next item.
     *
     * @param item the items of the task, one after the other
     */
    PairScore next(ScoreItem item) {
        picture = null;
        if (!isQueryReadable(task, model)) {
            return PairScore.failed(NO_QUERY_TEXT);
        }
        if (!isReadable(item, model)) {
            return PairScore.failed(NO_DOCUMENT_TEXT);
        }
        if (pictures != null) {
            picture = pictures.documents().get(readItems);
        }
        readItems++;
        return scores.next();
    }

    /** What the result says of the pictures of this item and the query; null without any. */
    @Nullable String mark(ScoreItem item) {
        if (item.images().isEmpty() && task.queryImage() == null) {
            return null;
        }
        if (!model.readsPictures()) {
            return PICTURE_NOT_READ;
        }
        if (pictures == null) {
            return PICTURE_NOT_WAITED_FOR;
        }
        String own = picture == null ? null : picture.status();
        String query = pictures.query().status();
        boolean queryFailed = query != null && !query.equals(ReadPicture.OK);
        return queryFailed && (own == null || own.equals(ReadPicture.OK))
                ? QUERY_PICTURE + query
                : own;
    }

    /** The picture that was read of the item that was asked for last. */
    @Nullable ImageUse use() {
        return picture == null ? null : picture.use();
    }

    /** Pictures that could not be read. */
    List<ImageFailure> failures() {
        if (pictures == null) {
            return List.of();
        }
        List<ImageFailure> failures = new ArrayList<>();
        addFailures(failures, ImageFailure.QUERY, pictures.query());
        List<ScoreItem> items = readable(task, model);
        for (int i = 0; i < items.size(); i++) {
            addFailures(failures, items.get(i).position(), pictures.documents().get(i));
        }
        return failures;
    }

    private static void addFailures(
            List<ImageFailure> failures, int position, ReadPicture picture) {
        for (ReadPicture.Failure failure : picture.failures()) {
            if (failures.size() < MAX_REPORTED_FAILURES) {
                failures.add(
                        new ImageFailure(
                                position,
                                failure.index(),
                                failure.problem().code(),
                                failure.message(),
                                source(failure.reference())));
            }
        }
    }

    private static String source(ImageReference reference) {
        String text =
                reference.uri() == null ? String.valueOf(reference.base64()) : reference.uri();
        return text.length() <= MAX_SOURCE_CHARS ? text : text.substring(0, MAX_SOURCE_CHARS);
    }
}
