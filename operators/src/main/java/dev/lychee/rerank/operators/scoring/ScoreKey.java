package dev.lychee.rerank.operators.scoring;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A name of everything that a score depends on: 128 bits of SHA-256 over fingerprint, query and
 * document, each with its picture. Other texts and pictures have another key, however they are
 * joined.
 */
record ScoreKey(long high, long low) {

    /** Makes the keys of one query's documents. Not thread-safe. */
    static final class Maker {

        private static final int CHUNK_CHARS = 2_048;

        private final MessageDigest sha256;
        private final byte[] head;
        private final byte[] chunk = new byte[2 * CHUNK_CHARS];

        /**
         * @param fingerprint of the model, with the instruction that it is asked with
         * @param query the query
         */
        Maker(String fingerprint, Content query) {
            try {
                sha256 = MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("Every Java platform has SHA-256", e);
            }
            sha256.update(
                    ByteBuffer.allocate(2 * Integer.BYTES)
                            .putInt(fingerprint.length())
                            .putInt(query.text().length())
                            .array());
            update(fingerprint);
            update(query.text());
            updatePicture(query);
            head = sha256.digest();
        }

        ScoreKey of(Content document) {
            // The head has one length, and the text stands last, so it needs none.
            sha256.update(head);
            updatePicture(document);
            update(document.text());
            ByteBuffer digest = ByteBuffer.wrap(sha256.digest());
            return new ScoreKey(digest.getLong(), digest.getLong());
        }

        private void updatePicture(Content content) {
            PairImage image = content.image();
            String key = image == null ? "" : image.key();
            sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(key.length()).array());
            update(key);
        }

        /** Adds every char: an encoder would take all lone surrogates for the same. */
        private void update(String text) {
            int bytes = 0;
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                chunk[bytes++] = (byte) (c >> 8);
                chunk[bytes++] = (byte) c;
                if (bytes == chunk.length) {
                    sha256.update(chunk, 0, bytes);
                    bytes = 0;
                }
            }
            sha256.update(chunk, 0, bytes);
        }
    }
}
