package dev.lychee.rerank.deploy.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.lychee.rerank.deploy.UserMistakeException;
import dev.lychee.rerank.schemas.Candidate;
import dev.lychee.rerank.schemas.CandidateSet;
import dev.lychee.rerank.schemas.ImageReference;
import dev.lychee.rerank.schemas.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A catalogue, queries over it, and judgements of which products answer which query.
 *
 * <p>On disk it is a folder: {@code catalogue.jsonl} (candidates as in a candidate set), {@code
 * queries.jsonl} (id, text, locale, query_type, image) and {@code qrels.tsv} (query id, 0, product
 * id, grade, separated by tabs; a pair that is not listed has grade 0).
 *
 * @param catalogue the products
 * @param queries in the order of the file
 * @param grades grade of a product by query id and product id
 */
public record Sample(
        List<Candidate> catalogue,
        List<SampleQuery> queries,
        Map<String, Map<String, Integer>> grades) {

    static final String CATALOGUE = "catalogue.jsonl";
    static final String QUERIES = "queries.jsonl";
    static final String JUDGEMENTS = "qrels.tsv";

    /**
     * A query of the sample.
     *
     * @param id identity, as the judgements name it
     * @param text the words
     * @param locale language and region as a BCP 47 tag
     * @param queryType kind of the query, such as {@code style}
     * @param image a picture that belongs to the words; null without one
     */
    public record SampleQuery(
            String id,
            String text,
            @Nullable String locale,
            @Nullable String queryType,
            @Nullable ImageReference image) {}

    /**
     * Reads the three files of a folder; what is wrong with them is a {@link UserMistakeException}.
     */
    public static Sample load(Path folder) throws IOException {
        List<Candidate> catalogue = readLines(folder.resolve(CATALOGUE), Candidate.class);
        List<SampleQuery> queries = readLines(folder.resolve(QUERIES), SampleQuery.class);
        Map<String, Map<String, Integer>> grades = readJudgements(folder.resolve(JUDGEMENTS));

        Set<String> ids = new HashSet<>();
        for (SampleQuery query : queries) {
            if (!ids.add(query.id())) {
                throw new UserMistakeException(
                        "The query id %s stands twice in %s: ids must be unique."
                                .formatted(query.id(), folder.resolve(QUERIES)));
            }
        }
        return new Sample(catalogue, queries, grades);
    }

    /** Grade of a product for a query; 0 when nobody judged the pair. */
    public int grade(String queryId, String productId) {
        return grades.getOrDefault(queryId, Map.of()).getOrDefault(productId, 0);
    }

    /** Each query with the best 50 that BM25 finds for it; queries without a hit are left out. */
    public List<CandidateSet> candidateSets() throws IOException {
        List<CandidateSet> sets = new ArrayList<>();
        try (SampleRetriever retriever = new SampleRetriever(catalogue)) {
            for (SampleQuery query : queries) {
                List<Candidate> found = retriever.search(query.text(), SampleFeeder.CANDIDATES);
                if (!found.isEmpty()) {
                    sets.add(SampleFeeder.candidateSet(query.id(), query, found));
                }
            }
        }
        return sets;
    }

    private static <T> List<T> readLines(Path file, Class<T> type) throws IOException {
        List<T> values = new ArrayList<>();
        List<String> lines = lines(file);
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).isBlank()) {
                continue;
            }
            try {
                values.add(Json.mapper().readValue(lines.get(i), type));
            } catch (JsonProcessingException malformed) {
                throw new UserMistakeException(
                        "Line %d of %s cannot be read: %s."
                                .formatted(i + 1, file, malformed.getOriginalMessage()));
            }
        }
        if (values.isEmpty()) {
            throw new UserMistakeException(file + " is empty: it needs at least one line.");
        }
        return values;
    }

    private static Map<String, Map<String, Integer>> readJudgements(Path file) throws IOException {
        Map<String, Map<String, Integer>> grades = new LinkedHashMap<>();
        List<String> lines = lines(file);
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).isBlank()) {
                continue;
            }
            String[] columns = lines.get(i).split("\t", -1);
            try {
                grades.computeIfAbsent(columns[0], query -> new HashMap<>())
                        .put(columns[2], Integer.parseInt(columns[3].strip()));
            } catch (ArrayIndexOutOfBoundsException | NumberFormatException malformed) {
                throw new UserMistakeException(
                        "Line %d of %s cannot be read: it needs query id, 0, product id and grade, separated by tabs."
                                .formatted(i + 1, file));
            }
        }
        return grades;
    }

    private static List<String> lines(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new UserMistakeException(
                    file
                            + " does not exist: a sample folder holds %s, %s and %s."
                                    .formatted(CATALOGUE, QUERIES, JUDGEMENTS));
        }
        return Files.readAllLines(file);
    }
}
