package io.plimsoll.transport.link;

/**
 * Finds the port for agents behind the address that a user gave, which may be that of the HTTP API. Stepped: a lookup
 * is started, and polled until it has a result.
 */
public interface AgentPortLookup extends AutoCloseable
{
    /** No lookup has been started, or it is still under way. */
    int PENDING = 0;
    /** The lookup failed; see {@link #failure}. */
    int FAILED = -1;

    /**
     * Starts a lookup. Never blocks.
     *
     * @param host of the manager.
     * @param port of its API.
     * @return false if one is still under way.
     */
    boolean tryStart(String host, int port);

    /** Port of the agent listener, {@link #PENDING} or {@link #FAILED}. */
    int poll();

    /**
     * Host that goes with the port of {@link #poll}.
     *
     * @param asked the one that was asked for.
     */
    default String host(final String asked)
    {
        return asked;
    }

    /** Why the last lookup failed, for logs. */
    String failure();

    @Override
    void close();
}
