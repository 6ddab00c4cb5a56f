package dev.lychee.rerank.operators.scoring;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A scorer that counts shared words and does as it is told by its {@link Control}.
 *
 * <p>A pair has as many tokens as words in instruction, query and document, and three more, at most
 * {@link #MAX_TOKENS}. Its logit is the share of query words in the document times ten, minus five,
 * plus a hundredth or less that depends on the document, so that equal overlaps do not tie. Words
 * of the instruction count as words of the query, unless the control says that it reads none.
 */
public final class TestingScorer implements Scorer {

    /** Longest pair; documents are shortened to fit. */
    public static final int MAX_TOKENS = 64;

    private static final AtomicLong CONTROLS = new AtomicLong();
    private static final Map<String, Control> BY_PATH = new ConcurrentHashMap<>();

    private final Control control;
    private final ScorerDescription description;

    private TestingScorer(Control control, ScorerSpec spec) {
        this.control = control;
        this.description =
                new ScorerDescription(
                        control.name,
                        "1",
                        control.fingerprint,
                        control.readsInstruction ? "" : null,
                        "fp32",
                        spec.device(),
                        spec.threads(),
                        MAX_TOKENS,
                        1.0);
    }

    /**
     * A control of its own for a test. Its {@link Control#packagePath()} goes into the settings; so
     * a factory that was serialized with the job finds the way back here.
     */
    public static Control control() {
        Control control = new Control("testing-scorer-" + CONTROLS.incrementAndGet());
        BY_PATH.put(control.packagePath(), control);
        return control;
    }

    /** The score that a pair gets. */
    public static float expectedLogit(String query, String document) {
        Set<String> wanted = new HashSet<>(words(query));
        Set<String> present = new HashSet<>(words(document));
        long shared = wanted.stream().filter(present::contains).count();
        double share = wanted.isEmpty() ? 0.0 : (double) shared / wanted.size();
        double own = Math.floorMod(document.hashCode(), 1_000) / 100_000.0;
        return (float) (10 * share - 5 + own);
    }

    @Override
    public ScorerDescription description() {
        return description;
    }

    @Override
    public EncodedQuery encodeQuery(@Nullable String instruction, Content content) {
        String query = content.text();
        control.tokenize(query);
        String asked =
                instruction == null || !control.readsInstruction
                        ? query
                        : instruction + " " + query;
        return new Query(asked, words(asked).size());
    }

    @Override
    public EncodedPair encodePair(EncodedQuery query, Content content) {
        String document = content.text();
        Query known = (Query) query;
        control.countEncoded();
        control.tokenize(document);
        int tokens = known.tokens + words(document).size() + 3;
        return new Pair(known.text, document, Math.min(tokens, MAX_TOKENS), tokens > MAX_TOKENS);
    }

    @Override
    public float[] score(List<EncodedPair> batch) {
        List<String> documents = new ArrayList<>();
        for (EncodedPair pair : batch) {
            documents.add(((Pair) pair).document);
        }
        control.enter(documents);
        int longest = batch.stream().mapToInt(EncodedPair::tokens).max().orElse(0);
        if ((long) longest * batch.size() > control.memory) {
            throw new IllegalStateException("CUDA out of memory. Tried to allocate");
        }
        control.onScore.run();
        float[] logits = new float[batch.size()];
        for (int i = 0; i < logits.length; i++) {
            Pair pair = (Pair) batch.get(i);
            if (control.failingOnce.remove(pair.document)
                    || control.failingAlways
                    || control.failing.contains(pair.document)) {
                throw new IllegalStateException("cannot score '" + pair.document + "'");
            }
            logits[i] =
                    control.notANumber.contains(pair.document)
                            ? Float.NaN
                            : expectedLogit(pair.query, pair.document);
        }
        return logits;
    }

    @Override
    public Map<String, Supplier<Object>> gauges() {
        return Map.of("numEncoded", control::encoded);
    }

    @Override
    public void close() {
        control.closed.incrementAndGet();
    }

    private static List<String> words(String text) {
        String stripped = text.strip().toLowerCase(Locale.ROOT);
        return stripped.isEmpty() ? List.of() : List.of(stripped.split("\\s+"));
    }

    private record Query(String text, int tokens) implements EncodedQuery {
        @Override
        public boolean truncated() {
            return false;
        }
    }

    private record Pair(String query, String document, int tokens, boolean truncated)
            implements EncodedPair {}

    /** Loads {@link TestingScorer}s; the package path names the control. */
    public static final class Factory implements ScorerFactory {

        @Override
        public Scorer load(ScorerSpec spec) throws InvalidModelPackageException {
            Control control = BY_PATH.get(spec.packagePath());
            if (control == null) {
                throw new InvalidModelPackageException("No test controls " + spec.packagePath());
            }
            control.attempts.incrementAndGet();
            String refusal = control.refusal;
            if (refusal != null) {
                throw new InvalidModelPackageException(refusal);
            }
            control.loads.incrementAndGet();
            control.devices.add(spec.device());
            return new TestingScorer(control, spec);
        }
    }

    /** Tells the scorers of one test what to do, and what they did. */
    public static final class Control {

        private final String packagePath;
        private final Set<String> failing = ConcurrentHashMap.newKeySet();
        private final Set<String> failingOnce = ConcurrentHashMap.newKeySet();
        private final Set<String> notTokenized = ConcurrentHashMap.newKeySet();
        private final AtomicInteger encoded = new AtomicInteger();
        private volatile String fingerprint = "0123456789abcdef";
        private volatile String name = "testing";
        private volatile boolean readsInstruction = true;
        private final Set<String> notANumber = ConcurrentHashMap.newKeySet();
        private final List<List<String>> batches = Collections.synchronizedList(new ArrayList<>());
        private final List<String> devices = Collections.synchronizedList(new ArrayList<>());
        private final AtomicInteger attempts = new AtomicInteger();
        private final AtomicInteger loads = new AtomicInteger();
        private final AtomicInteger closed = new AtomicInteger();
        private volatile CountDownLatch gate = new CountDownLatch(0);
        private volatile boolean failingAlways;
        private volatile Runnable onScore = () -> {};
        private volatile @Nullable String refusal;
        private volatile long memory = Long.MAX_VALUE;

        private Control(String packagePath) {
            this.packagePath = packagePath;
        }

        /** What to write into the settings as the model package. */
        public String packagePath() {
            return packagePath;
        }

        /** Makes every batch fail that holds this document. */
        public void failOn(String document) {
            failing.add(document);
        }

        /** Makes the next batch fail that holds this document. */
        public void failOnceOn(String document) {
            failingOnce.add(document);
        }

        /** Makes the tokenizer fail on this query or document. */
        public void failToTokenize(String text) {
            notTokenized.add(text);
        }

        /** Names the models that are loaded from now on. */
        public void fingerprint(String fingerprint) {
            this.fingerprint = fingerprint;
        }

        /** Names the package, and with it what it computes, of models loaded from now on. */
        public void name(String packageName) {
            name = packageName;
            fingerprint = ScorerDescription.hash(packageName);
        }

        /** Makes models that are loaded from now on take no notice of the instruction. */
        public void ignoreInstruction() {
            readsInstruction = false;
        }

        /** How many pairs were tokenized. */
        public int encoded() {
            return encoded.get();
        }

        /** Makes every batch fail, as a broken device would. */
        public void failAlways() {
            failingAlways = true;
        }

        /** Lets a document that failed be scored again. */
        public void stopFailingOn(String document) {
            failing.remove(document);
        }

        /** Makes the logit of this document not a number. */
        public void giveNaNFor(String document) {
            notANumber.add(document);
        }

        /** Makes batches of more padded tokens fail for lack of memory. */
        public void limitMemory(long tokens) {
            memory = tokens;
        }

        /** Refuses to load, as a wrong package would; null to load again. */
        public void refuseToLoad(@Nullable String reason) {
            refusal = reason;
        }

        /** Does this inside every batch, such as letting time pass. */
        public void onScore(Runnable action) {
            onScore = action;
        }

        /** Makes batches wait until {@link #release}. */
        public void block() {
            gate = new CountDownLatch(1);
        }

        /** Lets waiting batches go on. */
        public void release() {
            gate.countDown();
        }

        /** How many scorers were loaded. */
        public int loads() {
            return loads.get();
        }

        /** The device of each scorer that was loaded, in order. */
        public List<String> devices() {
            synchronized (devices) {
                return List.copyOf(devices);
            }
        }

        /** How many times somebody tried to load. */
        public int attempts() {
            return attempts.get();
        }

        /** How many scorers were closed. */
        public int closed() {
            return closed.get();
        }

        /** The documents of each batch that reached the model, the failed ones included. */
        public List<List<String>> batches() {
            synchronized (batches) {
                return List.copyOf(batches);
            }
        }

        /** Waits until so many batches have reached the model. */
        public void awaitBatches(int count) throws InterruptedException {
            await("batches", count, batches::size);
        }

        /** Waits until so many pairs have come to be tokenized. */
        public void awaitEncoded(int count) throws InterruptedException {
            await("pairs", count, encoded::get);
        }

        private void await(String what, int count, IntSupplier came) throws InterruptedException {
            synchronized (batches) {
                long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
                while (came.getAsInt() < count) {
                    long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                    if (left <= 0) {
                        throw new IllegalStateException(
                                count + " " + what + " expected, " + came.getAsInt() + " came");
                    }
                    batches.wait(left);
                }
            }
        }

        private void countEncoded() {
            synchronized (batches) {
                encoded.incrementAndGet();
                batches.notifyAll();
            }
        }

        private void tokenize(String text) {
            if (notTokenized.contains(text)) {
                throw new IllegalArgumentException("cannot tokenize '" + text + "'");
            }
        }

        private void enter(List<String> documents) {
            synchronized (batches) {
                batches.add(documents);
                batches.notifyAll();
            }
            try {
                if (!gate.await(60, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("Nobody released the scorer");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }
}
