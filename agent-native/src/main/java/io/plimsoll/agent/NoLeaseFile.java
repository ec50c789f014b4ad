package io.plimsoll.agent;

import java.nio.file.Path;

/** For kernels that no supervisor holds. */
final class NoLeaseFile implements LeaseFile
{
    @Override
    public Path path(final long clusterIdHi, final long clusterIdLo)
    {
        return null;
    }

    @Override
    public void write(final long clusterIdHi, final long clusterIdLo, final long untilNs)
    {
        // Nobody reads it.
    }
}
