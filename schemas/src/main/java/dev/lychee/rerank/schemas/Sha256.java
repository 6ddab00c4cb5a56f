package dev.lychee.rerank.schemas;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names contents by their hash. */
public final class Sha256 {

    private Sha256() {}

    /** All 64 hexadecimal digits. */
    public static String hex(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** The first digits of the hash of a text in UTF-8. */
    public static String hex(String content, int digits) {
        return hex(content.getBytes(StandardCharsets.UTF_8)).substring(0, digits);
    }
}
