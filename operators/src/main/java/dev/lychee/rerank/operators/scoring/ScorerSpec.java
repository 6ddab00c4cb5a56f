package dev.lychee.rerank.operators.scoring;

/**
 * Which model to load, and where.
 *
 * @param packagePath folder of the model package
 * @param precision {@code auto}, {@code fp32}, {@code bf16} or {@code fp16}; {@code auto} takes
 *     bf16 where both the package and the device have it, else fp32
 * @param device {@code cpu}, or {@code gpu:0} with the index of the GPU
 * @param threads threads of one forward pass on the CPU; 0 for one per core
 */
public record ScorerSpec(String packagePath, String precision, String device, int threads) {}
