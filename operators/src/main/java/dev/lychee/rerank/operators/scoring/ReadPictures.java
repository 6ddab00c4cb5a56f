package dev.lychee.rerank.operators.scoring;

import java.util.List;

/**
 * The pictures of a request.
 *
 * @param query that of the query
 * @param documents one per document
 */
public record ReadPictures(ReadPicture query, List<ReadPicture> documents) {}
