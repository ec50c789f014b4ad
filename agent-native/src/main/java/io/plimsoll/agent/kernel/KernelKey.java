package io.plimsoll.agent.kernel;

/**
 * One attempt at a kernel of one cluster: what the agent names directories, processes and fences by. Ordered by epoch
 * (term, attempt) among keys of one kernel.
 *
 * @param clusterIdHi of the cluster that assigned it.
 * @param clusterIdLo of the cluster that assigned it.
 * @param kernelId    of the kernel.
 * @param term        of the epoch.
 * @param attempt     of the epoch.
 * @param request     id of the request that submitted the session, so that each line of the log that names the kernel
 *                    has it; no part of what the key is, and empty where it is not known.
 */
public record KernelKey(long clusterIdHi, long clusterIdLo, long kernelId, long term, int attempt, String request)
{
    /** One of which nobody knows the request. */
    public KernelKey(
        final long clusterIdHi, final long clusterIdLo, final long kernelId, final long term, final int attempt)
    {
        this(clusterIdHi, clusterIdLo, kernelId, term, attempt, "");
    }

    /** Whether that kernel is this one, in whatever epoch. */
    public boolean sameKernel(final KernelKey that)
    {
        return kernelId == that.kernelId && clusterIdHi == that.clusterIdHi && clusterIdLo == that.clusterIdLo;
    }

    /** Whether this epoch is below that one; for keys of the same kernel. */
    public boolean isBefore(final KernelKey that)
    {
        return term < that.term || term == that.term && attempt < that.attempt;
    }

    /** Name of its directory, also the mark by which its supervisor is recognised among processes. */
    public String directoryName()
    {
        final String cluster = Long.toHexString(clusterIdHi);
        return "0".repeat(16 - cluster.length()).concat(cluster).substring(0, 8) +
            '-' + kernelId + '-' + term + '-' + attempt;
    }

    /** Written out: this is the key of every map of the agent, and records derive theirs at run time. */
    @Override
    public boolean equals(final Object that)
    {
        return that instanceof KernelKey key && sameKernel(key) && term == key.term && attempt == key.attempt;
    }

    @Override
    public int hashCode()
    {
        return Long.hashCode(kernelId * 31 + term) * 31 + attempt;
    }

    @Override
    public String toString()
    {
        return "kernelId=" + kernelId + " term=" + term + " attempt=" + attempt +
            (request.isEmpty() ? "" : " requestId=" + request);
    }
}
