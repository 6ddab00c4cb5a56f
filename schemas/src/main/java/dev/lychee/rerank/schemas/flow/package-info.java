/**
 * What travels between operators and rests in their state. These shapes are frozen once released:
 * fields may be added, never renamed, retyped or removed.
 */
@NullMarked
package dev.lychee.rerank.schemas.flow;

import org.jspecify.annotations.NullMarked;
