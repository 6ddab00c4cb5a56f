package dev.lychee.rerank.deploy.demo;

import dev.lychee.rerank.schemas.Candidate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.util.QueryBuilder;

/**
 * Finds the products of a catalogue that share words with a query: Lucene's BM25 over title,
 * selling points and description in one field.
 *
 * <p>The standard analyzer splits Chinese text into single characters. Pairs of characters and
 * stemmed English words were tried on the shipped sample: both rank worse.
 */
public final class SampleRetriever implements AutoCloseable {

    private static final String CONTENT = "content";
    private static final String POSITION = "position";

    private final List<Candidate> catalogue;
    private final Analyzer analyzer = new StandardAnalyzer();
    private final DirectoryReader reader;
    private final IndexSearcher searcher;

    /** Indexes {@code catalogue} in memory. */
    public SampleRetriever(List<Candidate> catalogue) throws IOException {
        this.catalogue = List.copyOf(catalogue);
        ByteBuffersDirectory directory = new ByteBuffersDirectory();
        IndexWriterConfig config = new IndexWriterConfig(analyzer);
        config.setSimilarity(new BM25Similarity());
        try (IndexWriter writer = new IndexWriter(directory, config)) {
            for (int i = 0; i < catalogue.size(); i++) {
                Document document = new Document();
                document.add(new TextField(CONTENT, content(catalogue.get(i)), Field.Store.NO));
                document.add(new StoredField(POSITION, i));
                writer.addDocument(document);
            }
        }
        reader = DirectoryReader.open(directory);
        searcher = new IndexSearcher(reader);
        searcher.setSimilarity(new BM25Similarity());
    }

    /**
     * At most {@code limit} products that share a word with {@code text}, best first, each with its
     * BM25 score.
     */
    public List<Candidate> search(String text, int limit) {
        Query words = new QueryBuilder(analyzer).createBooleanQuery(CONTENT, text);
        if (words == null) {
            return List.of();
        }
        try {
            List<Candidate> found = new ArrayList<>();
            for (ScoreDoc hit : searcher.search(words, limit).scoreDocs) {
                Document document = searcher.storedFields().document(hit.doc);
                Number position = document.getField(POSITION).numericValue();
                found.add(withScore(catalogue.get(position.intValue()), hit.score));
            }
            return found;
        } catch (IOException impossible) {
            throw new UncheckedIOException("The index is in memory", impossible);
        }
    }

    @Override
    public void close() throws IOException {
        reader.close();
        analyzer.close();
    }

    private static String content(Candidate product) {
        StringBuilder content = new StringBuilder();
        for (String part : new String[] {product.title(), product.description(), product.text()}) {
            if (part != null) {
                content.append(part).append('\n');
            }
        }
        product.sellingPoints().forEach(point -> content.append(point).append('\n'));
        return content.toString();
    }

    private static Candidate withScore(Candidate product, double score) {
        return new Candidate(
                product.id(),
                product.text(),
                product.title(),
                product.description(),
                product.sellingPoints(),
                product.category(),
                product.url(),
                product.image(),
                product.images(),
                score,
                product.fields());
    }
}
