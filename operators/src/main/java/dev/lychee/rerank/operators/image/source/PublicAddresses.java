package dev.lychee.rerank.operators.image.source;

import java.net.Inet4Address;
import java.net.InetAddress;

/**
 * Tells addresses of the public internet from all others: this machine, private networks, cloud
 * metadata services (169.254.169.254), multicast, and what the IANA special-purpose registries (RFC
 * 6890) keep back. Of IPv6 only 2000::/3 is public, without the ranges that carry an IPv4 address
 * or are for documentation.
 */
final class PublicAddresses {

    private PublicAddresses() {}

    static boolean isPublic(InetAddress address) {
        if (address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return false;
        }
        byte[] bytes = address.getAddress();
        // Java gives IPv4 addresses that are mapped into IPv6 as what they are.
        return address instanceof Inet4Address ? isPublicV4(bytes) : isPublicV6(bytes);
    }

    private static boolean isPublicV4(byte[] bytes) {
        int first = bytes[0] & 255;
        int second = bytes[1] & 255;
        int third = bytes[2] & 255;
        return switch (first) {
            case 0, 10, 127 -> false;
            case 100 -> second < 64 || second > 127; // shared by providers, RFC 6598
            case 169 -> second != 254;
            case 172 -> second < 16 || second > 31;
            case 192 ->
                    second != 168
                            && !(second == 0
                                    && (third == 0 || third == 2)) // protocols, documentation
                            && !(second == 88 && third == 99); // 6to4 relays
            case 198 -> second != 18 && second != 19 && !(second == 51 && third == 100);
            case 203 -> !(second == 0 && third == 113);
            default -> first < 224;
        };
    }

    private static boolean isPublicV6(byte[] bytes) {
        int first = (bytes[0] & 255) << 8 | (bytes[1] & 255);
        int second = (bytes[2] & 255) << 8 | (bytes[3] & 255);
        if (first < 0x2000 || first > 0x3FFF) {
            return false;
        }
        // Teredo and other protocols, documentation, 6to4.
        return !(first == 0x2001 && (second < 0x0200 || second == 0x0DB8)) && first != 0x2002;
    }
}
