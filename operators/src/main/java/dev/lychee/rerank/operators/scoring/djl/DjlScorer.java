package dev.lychee.rerank.operators.scoring.djl;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDManager;
import ai.djl.translate.TranslateException;
import dev.lychee.rerank.operators.image.ImageDecoder;
import dev.lychee.rerank.operators.image.ImageProcessor;
import dev.lychee.rerank.operators.image.UnreadableImageException;
import dev.lychee.rerank.operators.scoring.BatchShape;
import dev.lychee.rerank.operators.scoring.Content;
import dev.lychee.rerank.operators.scoring.EncodedPair;
import dev.lychee.rerank.operators.scoring.EncodedQuery;
import dev.lychee.rerank.operators.scoring.GoldenPair;
import dev.lychee.rerank.operators.scoring.InvalidModelPackageException;
import dev.lychee.rerank.operators.scoring.PackageDescription;
import dev.lychee.rerank.operators.scoring.PairImage;
import dev.lychee.rerank.operators.scoring.Scorer;
import dev.lychee.rerank.operators.scoring.ScorerDescription;
import dev.lychee.rerank.operators.scoring.ScorerImages;
import dev.lychee.rerank.operators.scoring.ScorerSpec;
import dev.lychee.rerank.operators.scoring.djl.ModelPackage.Kind;
import dev.lychee.rerank.operators.scoring.djl.ModelPackage.Prompt;
import dev.lychee.rerank.operators.scoring.djl.ModelPackage.YesNo;
import dev.lychee.rerank.operators.scoring.djl.ModelPackage.YesNoOutput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model package on DJL's PyTorch engine.
 *
 * <p>Loading scores the golden pairs and refuses the package when they differ from the original
 * implementation, because a wrong template or a dropped input gives scores that look plausible.
 */
public final class DjlScorer implements Scorer {

    private static final Logger LOG = LoggerFactory.getLogger(DjlScorer.class);

    private static final int GOLDEN_PAIRS_PER_BATCH = 16;
    private static final ImageDecoder GOLDEN_IMAGES = new ImageDecoder(1 << 24, 1 << 28);

    private final Model model;
    private final PackageTokenizer tokenizer;
    private final PairEncoder encoder;
    private final @Nullable BatchShapes shapes;
    private final Predictor<List<PairEncoder.Pair>, float[]> predictor;
    private final ScorerDescription description;
    private final @Nullable ImageProcessor processor;

    private DjlScorer(
            Model model,
            PackageTokenizer tokenizer,
            PairEncoder encoder,
            @Nullable BatchShapes shapes,
            Predictor<List<PairEncoder.Pair>, float[]> predictor,
            ScorerDescription description,
            @Nullable ImageProcessor processor) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.encoder = encoder;
        this.shapes = shapes;
        this.predictor = predictor;
        this.description = description;
        this.processor = processor;
    }

    /**
     * Loads a package and scores its golden pairs.
     *
     * @throws InvalidModelPackageException with a sentence on what is wrong with the package
     * @throws IllegalStateException if the device is not there, or has too little memory
     */
    public static DjlScorer load(ScorerSpec spec) throws InvalidModelPackageException {
        return load(spec, ModelPackage.read(Path.of(spec.packagePath())));
    }

    /**
     * Loads a package that is read.
     *
     * @throws InvalidModelPackageException with a sentence on what is wrong with the package
     * @throws IllegalStateException if the device is not there, or has too little memory
     */
    public static DjlScorer load(ScorerSpec spec, ModelPackage pack)
            throws InvalidModelPackageException {
        long start = System.nanoTime();
        Engine engine = DjlRuntime.start(spec.threads());
        Device device = DjlRuntime.device(spec.device(), engine);
        String precision = precision(spec.precision(), pack, device);
        PackageTokenizer tokenizer = null;
        Model model = null;
        try {
            tokenizer = PackageTokenizer.load(pack.tokenizer());
            ImageBlock imageBlock = ImageBlock.of(pack, tokenizer);
            PairEncoder encoder = encoder(pack, tokenizer, imageBlock);
            ModelPackage.Images images = pack.images();
            ImageProcessor processor = images == null ? null : images.newProcessor();
            PairTranslator.Head head = head(pack, tokenizer);
            BatchShapes shapes = device.isGpu() ? null : new BatchShapes(pack.limits().maxTokens());
            model = loadWeights(pack, precision, device);
            DjlScorer scorer =
                    new DjlScorer(
                            model,
                            tokenizer,
                            encoder,
                            shapes,
                            model.newPredictor(
                                    new PairTranslator(
                                            pack.inputs(),
                                            pack.padTokenId(),
                                            shapes,
                                            head,
                                            (float) pack.logitBias(),
                                            pixels(images, imageBlock, processor))),
                            new ScorerDescription(
                                    pack.name(),
                                    pack.version(),
                                    pack.fingerprint(precision),
                                    encoder.defaultInstruction(),
                                    precision,
                                    spec.device(),
                                    device.isGpu() ? 0 : DjlRuntime.threads(),
                                    pack.limits().maxTokens(),
                                    pack.temperature(),
                                    images == null
                                            ? ScorerImages.NONE
                                            : new ScorerImages(
                                                    ScorerImages.Kind.PIXELS, images.maxTokens())),
                            processor);
            double difference = scorer.compareWithGolden(pack, precision);
            LOG.info(
                    "Model {} {} ({}, {}) from {}: golden pairs agree within {}, ready after {} ms",
                    pack.name(),
                    pack.version(),
                    precision,
                    device,
                    pack.directory(),
                    String.format(Locale.ROOT, "%.2g", difference),
                    (System.nanoTime() - start) / 1_000_000);
            return scorer;
        } catch (InvalidModelPackageException | RuntimeException | Error e) {
            if (model != null) {
                model.close();
            }
            if (tokenizer != null) {
                tokenizer.close();
            }
            throw e;
        }
    }

    @Override
    public ScorerDescription description() {
        return description;
    }

    @Override
    public EncodedQuery encodeQuery(@Nullable String instruction, Content query) {
        return encoder.encodeQuery(instruction, query);
    }

    @Override
    public EncodedPair encodePair(EncodedQuery query, Content document) {
        return encoder.encodePair(query, document);
    }

    @Override
    public @Nullable ImageProcessor imageProcessor() {
        return processor;
    }

    @Override
    public BatchShape shape(int pairs, int longest) {
        return shapes == null ? new BatchShape(pairs, longest) : shapes.of(pairs, longest);
    }

    @Override
    public float[] score(List<EncodedPair> batch) {
        List<PairEncoder.Pair> pairs = new ArrayList<>(batch.size());
        for (EncodedPair pair : batch) {
            pairs.add((PairEncoder.Pair) pair);
        }
        try {
            return predictor.predict(pairs);
        } catch (TranslateException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IllegalStateException(cause.getMessage(), cause);
        }
    }

    @Override
    public void close() {
        predictor.close();
        model.close();
        tokenizer.close();
    }

    /** The manager of everything native that this scorer holds. */
    NDManager resources() {
        return model.getNDManager();
    }

    private static String precision(String asked, ModelPackage pack, Device device)
            throws InvalidModelPackageException {
        Map<String, Path> weights = pack.weights();
        if (asked.equals("auto")) {
            if (weights.containsKey("bf16") && DjlRuntime.hasBf16(device)) {
                return "bf16";
            }
            return weights.containsKey("fp32")
                    ? "fp32"
                    : weights.keySet().stream().sorted().findFirst().orElseThrow();
        }
        if (!weights.containsKey(asked)) {
            throw new InvalidModelPackageException(
                    "Model package "
                            + pack.directory()
                            + " has no "
                            + asked
                            + " weights; it has "
                            + String.join(" and ", weights.keySet().stream().sorted().toList())
                            + ". Ask for one of these, or for auto.");
        }
        return asked;
    }

    private static PairTranslator.@Nullable PixelInput pixels(
            ModelPackage.@Nullable Images images,
            @Nullable ImageBlock block,
            @Nullable ImageProcessor processor) {
        return images == null || block == null || processor == null
                ? null
                : new PairTranslator.PixelInput(
                        block.placeholder(), processor.rowShape(), images.grids());
    }

    private static PairEncoder encoder(
            ModelPackage pack, PackageTokenizer tokenizer, @Nullable ImageBlock imageBlock)
            throws InvalidModelPackageException {
        Prompt prompt = pack.prompt();
        return pack.kind() == Kind.YES_NO && prompt != null
                ? new PromptPairEncoder(pack, prompt, tokenizer, imageBlock)
                : new TemplatePairEncoder(pack, tokenizer, imageBlock);
    }

    private static PairTranslator.Head head(ModelPackage pack, PackageTokenizer tokenizer)
            throws InvalidModelPackageException {
        YesNo yesNo = pack.yesNo();
        if (yesNo == null) {
            return pack.outputs() == 2
                    ? new PairTranslator.DifferenceHead()
                    : new PairTranslator.SingleHead();
        }
        if (yesNo.output() == YesNoOutput.FUSED) {
            return new PairTranslator.SingleHead();
        }
        int yes = answerId(pack, tokenizer, "yes_no.yes", yesNo.yes());
        return yesNo.no() == null
                ? new PairTranslator.AnswerHead(yes, OptionalInt.empty())
                : new PairTranslator.AnswerHead(
                        yes, OptionalInt.of(answerId(pack, tokenizer, "yes_no.no", yesNo.no())));
    }

    private static int answerId(
            ModelPackage pack, PackageTokenizer tokenizer, String field, String answer)
            throws InvalidModelPackageException {
        int[] ids = tokenizer.idsOfTemplate(answer);
        if (ids.length != 1) {
            throw new InvalidModelPackageException(
                    "Field '"
                            + field
                            + "' of "
                            + pack.directory().resolve(PackageDescription.FILE)
                            + " is '"
                            + answer
                            + "', which the tokenizer splits into "
                            + ids.length
                            + " tokens; it must be exactly one.");
        }
        return ids[0];
    }

    private static Model loadWeights(ModelPackage pack, String precision, Device device)
            throws InvalidModelPackageException {
        Path weights = pack.weightsFor(precision);
        if (!pack.widens(precision)) {
            return loadWeights(pack, weights, device);
        }
        try (WidenedWeights widened = WidenedWeights.of(weights)) {
            return loadWeights(pack, widened.file(), device);
        } catch (IOException e) {
            throw new IllegalStateException(
                    weights + " cannot be widened to fp32 in a temporary file: " + e.getMessage(),
                    e);
        }
    }

    private static Model loadWeights(ModelPackage pack, Path weights, Device device)
            throws InvalidModelPackageException {
        Thread current = Thread.currentThread();
        ClassLoader before = current.getContextClassLoader();
        current.setContextClassLoader(DjlScorer.class.getClassLoader());
        Model model = null;
        try {
            DjlRuntime.checkMemory(device, weights);
            model = Model.newInstance(pack.name(), device, DjlRuntime.ENGINE);
            Path folder = weights.toAbsolutePath().getParent();
            model.load(
                    folder == null ? weights : folder,
                    weights.getFileName().toString(),
                    Map.of("mapLocation", "true"));
        } catch (IOException | MalformedModelException | EngineException e) {
            if (model != null) {
                model.close();
            }
            if (device.isGpu()) {
                // More likely the device than the file, which loads on other machines.
                throw new IllegalStateException(
                        weights + " cannot be loaded on " + device + ": " + e.getMessage(), e);
            }
            throw new InvalidModelPackageException(
                    weights
                            + " cannot be loaded as TorchScript; export it with a PyTorch that is"
                            + " not newer than the engine's ("
                            + Engine.getEngine(DjlRuntime.ENGINE).getVersion()
                            + "). The engine says: "
                            + ModelPackage.firstLine(e.getMessage()),
                    e);
        } finally {
            current.setContextClassLoader(before);
        }
        Device actual = model.getNDManager().getDevice();
        if (!actual.equals(device)) {
            model.close();
            throw new IllegalStateException(
                    "The model was asked for on " + device + " and loaded on " + actual);
        }
        return model;
    }

    /** The greatest difference of a golden pair's logit. */
    private double compareWithGolden(ModelPackage pack, String precision)
            throws InvalidModelPackageException {
        List<GoldenPair> golden = pack.goldenPairs();
        double tolerance = pack.tolerance(precision);
        double greatest = 0;
        for (int from = 0; from < golden.size(); from += GOLDEN_PAIRS_PER_BATCH) {
            List<GoldenPair> part =
                    golden.subList(from, Math.min(golden.size(), from + GOLDEN_PAIRS_PER_BATCH));
            List<EncodedPair> batch = new ArrayList<>(part.size());
            for (GoldenPair pair : part) {
                batch.add(encodeGolden(pair));
            }
            float[] logits = scoreGolden(pack, batch);
            for (int i = 0; i < logits.length; i++) {
                double difference = Math.abs(logits[i] - part.get(i).logit());
                if (!(difference <= tolerance)) {
                    throw new InvalidModelPackageException(
                            String.format(
                                    Locale.ROOT,
                                    "Golden pair %s should score %.6f and scored %.6f: %.6f off,"
                                            + " where %s tolerates %s. The usual causes are a"
                                            + " wrong prompt or pair template, a missing"
                                            + " token_type_ids or wrong order in 'inputs', another"
                                            + " tokenizer, or weights of another checkpoint.",
                                    part.get(i).place(),
                                    part.get(i).logit(),
                                    logits[i],
                                    difference,
                                    precision,
                                    tolerance));
                }
                greatest = Math.max(greatest, difference);
            }
        }
        return greatest;
    }

    private EncodedPair encodeGolden(GoldenPair golden) throws InvalidModelPackageException {
        PairEncoder.Pair pair =
                encoder.encodePair(
                        encoder.encodeQuery(
                                null, content(golden, golden.query(), golden.queryImage())),
                        content(golden, golden.document(), golden.documentImage()));
        int[] expected = golden.inputIds();
        if (expected != null && !Arrays.equals(expected, pair.ids())) {
            throw new InvalidModelPackageException(
                    "Golden pair "
                            + golden.place()
                            + " becomes other tokens than it should: "
                            + difference(expected, pair.ids())
                            + ". The usual causes are a wrong prompt or pair template, other"
                            + " limits, or another tokenizer.");
        }
        return pair;
    }

    private static String difference(int[] expected, int[] actual) {
        int same = Arrays.mismatch(expected, actual);
        String first =
                same < Math.min(expected.length, actual.length)
                        ? "number %d is id %d instead of %d, "
                                .formatted(same + 1, actual[same], expected[same])
                        : "the first %d are right, ".formatted(same);
        return "%s%d in all instead of %d".formatted(first, actual.length, expected.length);
    }

    private Content content(GoldenPair golden, String text, @Nullable String base64)
            throws InvalidModelPackageException {
        if (base64 == null) {
            return Content.ofText(text);
        }
        ImageProcessor reader = processor;
        if (reader == null) {
            throw new InvalidModelPackageException(
                    "Golden pair "
                            + golden.place()
                            + " has a picture, and the package reads none: add 'images' to "
                            + PackageDescription.FILE
                            + ".");
        }
        try {
            byte[] encoded = Base64.getDecoder().decode(base64);
            return new Content(
                    text,
                    new PairImage.Pixels(
                            "", reader.process(GOLDEN_IMAGES.decode(encoded).image())));
        } catch (UnreadableImageException | IllegalArgumentException e) {
            throw new InvalidModelPackageException(
                    "The picture of golden pair "
                            + golden.place()
                            + " cannot be read: "
                            + e.getMessage(),
                    e);
        }
    }

    private float[] scoreGolden(ModelPackage pack, List<EncodedPair> batch)
            throws InvalidModelPackageException {
        try {
            return score(batch);
        } catch (IllegalStateException e) {
            throw new InvalidModelPackageException(
                    "The golden pairs of "
                            + pack.directory()
                            + " cannot be scored; check 'inputs' and 'outputs' against the graph."
                            + " The engine says: "
                            + ModelPackage.firstLine(e.getMessage()),
                    e);
        }
    }
}
