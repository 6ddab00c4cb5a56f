/** What lies in the topic of calibration maps: its history, and changes of what holds. */
@NullMarked
package dev.lychee.rerank.deploy.calibration;

import org.jspecify.annotations.NullMarked;
