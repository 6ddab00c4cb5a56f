package dev.lychee.rerank.deploy.control;

import dev.lychee.rerank.schemas.ControlAction;
import dev.lychee.rerank.schemas.ControlReply;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a job says is published: its answers, one change after the other.
 *
 * @param profiles for each profile that was set and not reset, the answer to its last change
 * @param experiments the same for experiments
 */
public record PublishedNow(
        Map<String, ControlReply> profiles, Map<String, ControlReply> experiments) {

    /**
     * What holds after these answers.
     *
     * @param replies in any order; a job that starts afresh answers every change again
     */
    static PublishedNow after(Collection<ControlReply> replies) {
        Map<Long, ControlReply> inOrder = new TreeMap<>();
        replies.forEach(reply -> inOrder.put(reply.offset(), reply));
        PublishedNow now = new PublishedNow(new TreeMap<>(), new TreeMap<>());
        for (ControlReply reply : inOrder.values()) {
            ControlAction action = reply.action();
            if (reply.accepted() && action != null) {
                now.apply(action, reply);
            }
        }
        return now;
    }

    private void apply(ControlAction action, ControlReply reply) {
        String name = String.valueOf(reply.name());
        switch (action) {
            case SET_PROFILE -> profiles.put(name, reply);
            case RESET_PROFILE -> profiles.remove(name);
            case SET_EXPERIMENT -> experiments.put(name, reply);
            case RESET_EXPERIMENT -> experiments.remove(name);
            case RESET_ALL -> {
                profiles.clear();
                experiments.clear();
            }
        }
    }
}
