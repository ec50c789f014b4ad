package io.plimsoll.manager.view;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Result;
import java.util.List;

/**
 * Sessions and what of them depends on what.
 *
 * @param nodes     in the order in which they were found, the one that was asked about first.
 * @param edges     between them.
 * @param truncated whether there is more than was asked for at most.
 */
public record SessionGraph(List<Node> nodes, List<Edge> edges, boolean truncated)
{
    /**
     * A session, or a job array as a whole that depends on others.
     *
     * @param id     of it, or of the first element.
     * @param lastId of the last element; of a session its own.
     * @param name   for people; empty for one that is forgotten.
     * @param state  of a session; null for an array, and for one that is forgotten.
     * @param result undefined until it has ended; null where the state is.
     */
    public record Node(long id, long lastId, String name, LifeState state, Result result)
    {
    }

    /**
     * A dependency.
     *
     * @param fromId id of the node that is to end first.
     * @param toId   id of the node that waits for it.
     * @param anyEnd whether any end will do; otherwise only success.
     */
    public record Edge(long fromId, long toId, boolean anyEnd)
    {
    }
}
