@NullMarked
package dev.lychee.rerank.deploy.files;

import org.jspecify.annotations.NullMarked;
