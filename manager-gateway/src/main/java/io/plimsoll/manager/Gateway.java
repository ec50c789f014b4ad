package io.plimsoll.manager;

/** A front end of the manager, such as the HTTP API; it holds sockets and threads of its own until it is closed. */
public interface Gateway extends AutoCloseable
{
    /** Port that it listens on. */
    int port();

    /** Port of the binary ingress, 0 if there is none. */
    default int binaryPort()
    {
        return 0;
    }

    /** Stops taking requests, lets running ones end for a short while, and lets go of everything. Idempotent. */
    @Override
    void close();
}
