package dev.lychee.rerank.operators.image.source;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * A folder of a file system under which pictures may be read.
 *
 * @param scheme such as {@code file} or {@code s3}
 * @param authority such as a bucket; empty for none
 * @param folders names from the top to the folder
 */
record ImageRoot(String scheme, String authority, List<String> folders) {

    static ImageRoot of(String text) {
        try {
            URI uri = new URI(text.strip());
            boolean plain = uri.getRawQuery() == null && uri.getRawFragment() == null;
            if (uri.getScheme() != null && uri.getPath() != null && plain) {
                return of(uri);
            }
        } catch (URISyntaxException e) {
            // Said below.
        }
        throw new IllegalArgumentException(
                "\"%s\" is not a folder with its scheme; write file:///data/catalogue or s3://bucket/shop"
                        .formatted(text));
    }

    private static ImageRoot of(URI uri) {
        return new ImageRoot(
                uri.getScheme().toLowerCase(Locale.ROOT),
                Objects.requireNonNullElse(uri.getAuthority(), ""),
                segments(uri));
    }

    /** Whether an address lies below, by its name; in no case if it goes up anywhere. */
    boolean holds(URI address) {
        List<String> names = segments(address);
        return scheme.equalsIgnoreCase(address.getScheme())
                && authority.equals(Objects.requireNonNullElse(address.getAuthority(), ""))
                && names.size() > folders.size()
                && names.subList(0, folders.size()).equals(folders)
                && !names.contains("..");
    }

    /** Names of the path, with escapes resolved. */
    private static List<String> segments(URI uri) {
        return Arrays.stream(uri.getPath().split("/"))
                .filter(name -> !name.isEmpty() && !name.equals("."))
                .toList();
    }
}
