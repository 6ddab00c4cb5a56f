/** Chooses what runs a model package by its kind. */
@NullMarked
package dev.lychee.rerank.operators.scoring.model;

import org.jspecify.annotations.NullMarked;
