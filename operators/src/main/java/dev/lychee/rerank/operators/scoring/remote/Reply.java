package dev.lychee.rerank.operators.scoring.remote;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;
import org.apache.hc.client5.http.async.methods.AbstractBinResponseConsumer;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint's reply.
 *
 * @param status the status code
 * @param retryAfter its header {@code Retry-After}; null without
 * @param body the body, bounded
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Reply(int status, @Nullable String retryAfter, byte[] body) {

    /** Collects a reply as it comes, up to a number of bytes. */
    static final class Consumer extends AbstractBinResponseConsumer<Reply> {

        private final int maxBytes;
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private int status;
        private @Nullable String retryAfter;

        Consumer(int maxBytes) {
            this.maxBytes = maxBytes;
        }

        @Override
        protected void start(HttpResponse response, ContentType contentType) {
            status = response.getCode();
            Header header = response.getFirstHeader(HttpHeaders.RETRY_AFTER);
            retryAfter = header == null ? null : header.getValue();
        }

        @Override
        protected int capacityIncrement() {
            return Integer.MAX_VALUE;
        }

        @Override
        protected void data(ByteBuffer source, boolean last) throws IOException {
            if (body.size() + source.remaining() > maxBytes) {
                throw new IOException(
                        String.format(Locale.ROOT, "the reply is longer than %d bytes", maxBytes));
            }
            byte[] part = new byte[source.remaining()];
            source.get(part);
            body.write(part, 0, part.length);
        }

        @Override
        protected Reply buildResult() {
            return new Reply(status, retryAfter, body.toByteArray());
        }

        @Override
        public void releaseResources() {
            // The heap is all there is.
        }
    }
}
