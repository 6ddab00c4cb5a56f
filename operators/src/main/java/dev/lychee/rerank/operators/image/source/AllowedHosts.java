package dev.lychee.rerank.operators.image.source;

import dev.lychee.rerank.operators.image.ImageProblem;
import dev.lychee.rerank.operators.image.UnreadableImageException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The web hosts that may be asked for pictures. */
final class AllowedHosts {

    private final List<Entry> entries;

    AllowedHosts(List<String> hosts) {
        this.entries = hosts.stream().map(Entry::of).toList();
    }

    /**
     * Checks an address, which must be of http or https.
     *
     * @throws UnreadableImageException unless its host and port are allowed
     */
    void check(URI address) throws UnreadableImageException {
        String host = address.getHost();
        if (host == null || address.getRawUserInfo() != null) {
            throw new UnreadableImageException(
                    ImageProblem.MALFORMED_REFERENCE,
                    "the address needs a host and no user, as in https://cdn.example.com/a.jpg");
        }
        String name = host.toLowerCase(Locale.ROOT);
        boolean secure = address.getScheme().equalsIgnoreCase("https");
        int ownPort = secure ? 443 : 80;
        int port = address.getPort() < 0 ? ownPort : address.getPort();
        for (Entry entry : entries) {
            if (entry.matches(name) && port == (entry.port() < 0 ? ownPort : entry.port())) {
                return;
            }
        }
        throw new UnreadableImageException(
                ImageProblem.NOT_ALLOWED,
                "pictures of host %s, port %d, are not allowed; add it to images.hosts"
                        .formatted(name, port));
    }

    /**
     * One entry of the list.
     *
     * @param name in lower case; begins with {@code *.} for the names below it; {@code *} for any
     * @param port -1 for that of the scheme
     */
    record Entry(String name, int port) {

        private static final Pattern FORM =
                Pattern.compile("(\\*|(?:\\*\\.)?[a-z0-9_.-]+|\\[[0-9a-f:.]+])(?::(\\d{1,5}))?");

        static Entry of(String text) {
            Matcher matcher = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
            if (!matcher.matches()) {
                throw new IllegalArgumentException(
                        "\"%s\" is not a host; write cdn.example.com, *.example.com or"
                                        .formatted(text)
                                + " cdn.example.com:8443, without a scheme or path");
            }
            return new Entry(
                    matcher.group(1),
                    matcher.group(2) == null ? -1 : Integer.parseInt(matcher.group(2)));
        }

        boolean matches(String host) {
            if (name.equals("*")) {
                return true;
            }
            return name.startsWith("*.") ? host.endsWith(name.substring(1)) : host.equals(name);
        }
    }
}
