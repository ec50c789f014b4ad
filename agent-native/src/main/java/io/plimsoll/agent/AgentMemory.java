package io.plimsoll.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * What an agent must not forget: who it is, and of each cluster it has been in, how far that had come. So it can tell a
 * manager that knows less than it does, and an older reign. Changed by the agent's thread only.
 */
public final class AgentMemory
{
    /** More clusters than this were not one installation's fate but somebody's test; the oldest goes. */
    private static final int CLUSTERS_MAX = 16;

    private final UUID uuid;
    private final List<Cluster> clusters = new ArrayList<>();
    private String caSha256 = "";

    /** One that knows of no cluster. */
    public AgentMemory(final UUID uuid)
    {
        this.uuid = uuid;
    }

    /** The same in other objects, which no later change reaches. */
    public AgentMemory copy()
    {
        final AgentMemory copy = new AgentMemory(uuid);
        copy.caSha256 = caSha256;
        for (final Cluster cluster : clusters)
        {
            final Cluster same = copy.enter(cluster.idHi, cluster.idLo);
            same.term = cluster.term;
            same.termNonce = cluster.termNonce;
            same.sequence = cluster.sequence;
            same.highestAssignment = cluster.highestAssignment;
            same.credential = cluster.credential;
        }
        return copy;
    }

    /** Name of this installation for good. */
    public UUID uuid()
    {
        return uuid;
    }

    /** Authority of the manager that it joined; empty before. */
    public String caSha256()
    {
        return caSha256;
    }

    void caSha256(final String sha256)
    {
        caSha256 = sha256;
    }

    /** Cluster that it was in last; null: it has been in none. */
    Cluster current()
    {
        return clusters.isEmpty() ? null : clusters.get(clusters.size() - 1);
    }

    /** Oldest first; the last one is the current one. */
    List<Cluster> clusters()
    {
        return clusters;
    }

    /** What is known of a cluster; null: nothing. */
    Cluster find(final long idHi, final long idLo)
    {
        for (final Cluster cluster : clusters)
        {
            if (cluster.idHi == idHi && cluster.idLo == idLo)
            {
                return cluster;
            }
        }
        return null;
    }

    /** Makes a cluster the current one. */
    Cluster enter(final long idHi, final long idLo)
    {
        Cluster cluster = find(idHi, idLo);
        if (null == cluster)
        {
            cluster = new Cluster(idHi, idLo);
            if (clusters.size() >= CLUSTERS_MAX)
            {
                clusters.remove(0);
            }
        }
        else
        {
            clusters.remove(cluster);
        }
        clusters.add(cluster);
        return cluster;
    }

    /** What is known of one cluster. */
    static final class Cluster
    {
        final long idHi;
        final long idLo;
        long term;
        long termNonce;
        long sequence;
        long highestAssignment;
        String credential = "";

        Cluster(final long idHi, final long idLo)
        {
            this.idHi = idHi;
            this.idLo = idLo;
        }

        /** Whether a manager that says this is one to follow: not an older reign, nor a rival of the same number. */
        boolean accepts(final long thatTerm, final long thatNonce)
        {
            return thatTerm > term || thatTerm == term && thatNonce == termNonce;
        }
    }
}
