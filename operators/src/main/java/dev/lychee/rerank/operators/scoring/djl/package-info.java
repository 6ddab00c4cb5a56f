/**
 * Model packages and their scorer on DJL with the PyTorch engine. The only package that imports
 * {@code ai.djl}.
 */
@NullMarked
package dev.lychee.rerank.operators.scoring.djl;

import org.jspecify.annotations.NullMarked;
