@NullMarked
package dev.lychee.rerank.deploy.image;

import org.jspecify.annotations.NullMarked;
