/** Where pictures come from: fetched within what the job's options allow, decoded, and kept. */
@NullMarked
package dev.lychee.rerank.operators.image.source;

import org.jspecify.annotations.NullMarked;
