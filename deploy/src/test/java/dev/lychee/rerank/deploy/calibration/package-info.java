@NullMarked
package dev.lychee.rerank.deploy.calibration;

import org.jspecify.annotations.NullMarked;
