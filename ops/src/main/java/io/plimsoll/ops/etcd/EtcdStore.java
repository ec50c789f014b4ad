package io.plimsoll.ops.etcd;

/**
 * The few things that are asked of etcd. One thread at a time; every call ends within its deadline.
 */
public interface EtcdStore extends AutoCloseable
{
    /**
     * Reads everything below the prefix.
     *
     * @throws EtcdException if there is no answer, or more than can be a configuration.
     */
    EtcdSnapshot read() throws EtcdException;

    /**
     * Has somebody called when something below the prefix changes after a revision, and when that can no longer be
     * told. Replaces an earlier watch.
     *
     * @param onChange on a thread of the client; must return at once.
     */
    void watch(long revision, Runnable onChange) throws EtcdException;

    /**
     * Writes a value that goes when it is not renewed.
     *
     * @param key        without the prefix.
     * @param ttlSeconds how long it stays.
     * @return the lease, for {@link #renew}.
     */
    long register(String key, String value, long ttlSeconds) throws EtcdException;

    /** Renews a lease; false if it is gone. */
    boolean renew(long lease) throws EtcdException;

    /** Ends a lease, and what was written under it. */
    void revoke(long lease) throws EtcdException;

    /** Lets go of all connections; does not wait. */
    @Override
    void close();
}
