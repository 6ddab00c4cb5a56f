/** Profiles: the presets, {@code profiles.yaml}, and what a set makes of the profile it names. */
@NullMarked
package dev.lychee.rerank.operators.profile;

import org.jspecify.annotations.NullMarked;
