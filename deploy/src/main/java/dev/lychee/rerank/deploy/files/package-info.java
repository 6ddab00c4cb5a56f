/** What lies between the part files of a bounded run and one file in input order. */
@NullMarked
package dev.lychee.rerank.deploy.files;

import org.jspecify.annotations.NullMarked;
