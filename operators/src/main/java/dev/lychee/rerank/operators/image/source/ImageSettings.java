package dev.lychee.rerank.operators.image.source;

import java.io.Serializable;
import java.util.List;

/**
 * From where pictures may be read, and how much of everything they may take.
 *
 * @param roots folders with their scheme, such as {@code file:///data/catalogue} or {@code
 *     s3://bucket/shop}; empty for no file system at all
 * @param hosts names, such as {@code cdn.example.com}, {@code *.example.com} for those below it, or
 *     {@code *} for any, each with a port where it is not the scheme's own; empty for no web at all
 * @param privateAddresses whether a host may have an address that is not public
 * @param maxBytes most bytes of an encoded picture
 * @param maxPixels most pixels of a picture
 * @param timeoutMillis longest time from the first byte asked for to the last, in milliseconds
 * @param threads pictures that are fetched or decoded at a time
 * @param decodeBytes heap for decoding, in bytes
 * @param cacheBytes heap for pictures that are kept as the model reads them, in bytes; 0 to keep
 *     none
 */
public record ImageSettings(
        List<String> roots,
        List<String> hosts,
        boolean privateAddresses,
        int maxBytes,
        long maxPixels,
        long timeoutMillis,
        int threads,
        long decodeBytes,
        long cacheBytes)
        implements Serializable {

    /** Pictures that come with the record only. */
    public static final ImageSettings DEFAULTS =
            new ImageSettings(
                    List.of(),
                    List.of(),
                    false,
                    8 << 20,
                    40_000_000,
                    5_000,
                    8,
                    256L << 20,
                    64L << 20);

    /**
     * Checks.
     *
     * @throws IllegalArgumentException with a sentence that names the root or host that is wrong
     */
    public ImageSettings {
        roots = List.copyOf(roots);
        hosts = List.copyOf(hosts);
        roots.forEach(ImageSettings::checkRoot);
        hosts.forEach(ImageSettings::checkHost);
        if (maxBytes < 1 || maxPixels < 1 || timeoutMillis < 1 || threads < 1 || decodeBytes < 1) {
            throw new IllegalArgumentException(
                    "limits of pictures must be at least 1: bytes "
                            + maxBytes
                            + ", pixels "
                            + maxPixels
                            + ", time "
                            + timeoutMillis
                            + " ms, threads "
                            + threads
                            + ", memory "
                            + decodeBytes);
        }
    }

    /**
     * Checks one of the roots.
     *
     * @throws IllegalArgumentException with a sentence that names it
     */
    public static void checkRoot(String root) {
        var unused = ImageRoot.of(root);
    }

    /**
     * Checks one of the hosts.
     *
     * @throws IllegalArgumentException with a sentence that names it
     */
    public static void checkHost(String host) {
        var unused = AllowedHosts.Entry.of(host);
    }
}
