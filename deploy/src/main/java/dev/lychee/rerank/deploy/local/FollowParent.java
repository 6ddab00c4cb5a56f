package dev.lychee.rerank.deploy.local;

import java.util.Arrays;

/**
 * Runs another main class in a process that ends with the process that started it, however that one
 * ends: shutdown hooks do not run when it is killed.
 */
public final class FollowParent {

    private FollowParent() {}

    /**
     * Runs the main class that is named first, with the other arguments.
     *
     * @throws ReflectiveOperationException if it has no such main method, or that fails
     */
    public static void main(String[] arguments) throws ReflectiveOperationException {
        ProcessHandle parent =
                ProcessHandle.current()
                        .parent()
                        .orElseThrow(
                                () -> new IllegalStateException("Nobody started this process"));
        var unused = parent.onExit().thenRun(() -> Runtime.getRuntime().halt(1));
        Class.forName(arguments[0])
                .getMethod("main", String[].class)
                .invoke(null, (Object) Arrays.copyOfRange(arguments, 1, arguments.length));
    }
}
