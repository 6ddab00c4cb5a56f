package dev.lychee.rerank.deploy.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Finds TCP ports that nothing on this machine listens on. */
public final class FreePorts {

    private FreePorts() {}

    /** Whether a server can listen on {@code port} of the loopback address now. */
    public static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            // As servers do: a port whose last connections are still closing is free.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException inUse) {
            return false;
        }
    }

    /** Any free port. Another process may take it before the caller does. */
    public static int any() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** {@code preferred} when it is free, else any free port. */
    public static int preferring(int preferred) throws IOException {
        return isFree(preferred) ? preferred : any();
    }
}
