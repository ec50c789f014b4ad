package io.plimsoll.agent;

import java.io.IOException;
import java.nio.file.Path;

/** Where supervisors read until when the agent's lease runs; one for each cluster. Called by the agent's thread. */
public interface LeaseFile
{
    /**
     * File of a cluster; supervisors of its kernels are told to read it.
     *
     * @param clusterIdHi of the cluster.
     * @param clusterIdLo of the cluster.
     * @return path, or null where there are no supervisors.
     */
    Path path(long clusterIdHi, long clusterIdLo);

    /**
     * Extends it. A supervisor sees the old or the new time, never anything else.
     *
     * @param clusterIdHi of the cluster.
     * @param clusterIdLo of the cluster.
     * @param untilNs     end of the lease by the agent's clock, which is that of supervisors.
     * @throws IOException if it cannot be written; kernels then end when the old lease does.
     */
    void write(long clusterIdHi, long clusterIdLo, long untilNs) throws IOException;
}
