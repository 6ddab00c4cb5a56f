@NullMarked
package dev.lychee.rerank.deploy.demo;

import org.jspecify.annotations.NullMarked;
