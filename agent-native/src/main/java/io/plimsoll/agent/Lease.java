package io.plimsoll.agent;

import io.plimsoll.transport.sbe.HeartbeatEncoder;
import io.plimsoll.transport.sbe.MessageHeaderEncoder;
import io.plimsoll.transport.uplink.UplinkSender;
import java.io.IOException;
import org.agrona.ExpandableArrayBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Heartbeats and the lease that they renew. The lease counts from when the heartbeat that is granted was sent, so that
 * it has run out here before the manager, which counts from when it heard it, gives kernels to others. Of the agent's
 * thread.
 * <p>
 * A heartbeat keeps its place in the interval, however late the one before was sent, and agents that connect together
 * get places apart. If each came an interval after the one before, those that were late together (as all are that share
 * a thread or a machine that has paused) would beat together from then on: such groups only grow, and each of them is a
 * burst in which nothing else is sent or heard.
 */
final class Lease
{
    private static final Logger LOG = LoggerFactory.getLogger(Lease.class);
    private static final int REMEMBERED = 256;
    private static final int REMEMBERED_MASK = REMEMBERED - 1;
    /**
     * Of an interval, until a heartbeat that the uplink did not take is tried again. Where thousands of agents share a
     * stream that is full, trying in every cycle takes the processor from whoever is to empty it.
     */
    private static final int RETRY_DIVISOR = 5;
    /** The golden section of 2^64: multiples of it, for numbers that follow each other, are spread evenly. */
    private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;
    private static final int FRACTION_SHIFT = 11;
    private static final double FRACTION_UNIT = 0x1.0p-53;

    private final LeaseFile file;
    private final HostLoad load;
    private final long[] sentNs = new long[REMEMBERED];
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(128);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final HeartbeatEncoder encoder = new HeartbeatEncoder();
    private long clusterIdHi;
    private long clusterIdLo;
    private long connection;
    private long intervalNs;
    private long lastHeartbeatNo;
    private long nextHeartbeatNs;
    /** From the first heartbeat of a connection to the second, at most an interval. */
    private long firstGapNs;
    private long untilNs = Long.MIN_VALUE;

    Lease(final LeaseFile file, final HostLoad load)
    {
        this.file = file;
        this.load = load;
    }

    /** A new connection of the agent of a number. The lease of the same cluster goes on; another's does not count. */
    void connected(
        final long newClusterIdHi, final long newClusterIdLo, final long newConnection, final long agentId,
        final long heartbeatIntervalNs, final long nowNs)
    {
        if (clusterIdHi != newClusterIdHi || clusterIdLo != newClusterIdLo)
        {
            untilNs = Long.MIN_VALUE;
        }
        clusterIdHi = newClusterIdHi;
        clusterIdLo = newClusterIdLo;
        connection = newConnection;
        intervalNs = heartbeatIntervalNs;
        lastHeartbeatNo = 0;
        nextHeartbeatNs = nowNs;
        final double part = (agentId * GOLDEN >>> FRACTION_SHIFT) * FRACTION_UNIT;
        firstGapNs = intervalNs - (long)(part * intervalNs);
    }

    /** Whether kernels may be started. */
    boolean isValid(final long nowNs)
    {
        return nowNs < untilNs;
    }

    /** Whether it is a lease of that cluster. */
    boolean isOf(final long idHi, final long idLo)
    {
        return clusterIdHi == idHi && clusterIdLo == idLo;
    }

    /** When the next heartbeat is due. */
    long nextHeartbeatNs()
    {
        return nextHeartbeatNs;
    }

    int sendHeartbeat(final UplinkSender uplink, final int kernels, final long nowNs)
    {
        if (nowNs < nextHeartbeatNs)
        {
            return 0;
        }
        final long number = lastHeartbeatNo + 1;
        load.read();
        encoder.wrapAndApplyHeader(buffer, 0, header)
            .connection(connection)
            .heartbeatNo(number)
            .kernels(kernels)
            .load1Milli(load.load1Milli())
            .memoryAvailableBytes(load.memoryAvailableBytes());
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
        // Before sending: an answer counts from here, and must not count from later.
        sentNs[(int)number & REMEMBERED_MASK] = nowNs;
        if (!uplink.trySend(UplinkSender.HEARTBEAT_STREAM, buffer, 0, length))
        {
            nextHeartbeatNs = nowNs + intervalNs / RETRY_DIVISOR;
            return 0;
        }
        lastHeartbeatNo = number;
        nextHeartbeatNs = 1 == number ? nowNs + firstGapNs : following(nowNs);
        return 1;
    }

    /** When the heartbeat behind the one that was due is due; those for which it is too late are left out. */
    private long following(final long nowNs)
    {
        final long lateNs = nowNs - nextHeartbeatNs;
        return nowNs + intervalNs - lateNs % intervalNs;
    }

    /** The manager grants a lease for a heartbeat. */
    void onGrant(final long ofConnection, final long heartbeatNo, final long leaseNs)
    {
        if (ofConnection != connection || heartbeatNo < 1 || heartbeatNo > lastHeartbeatNo ||
            heartbeatNo <= lastHeartbeatNo - REMEMBERED || leaseNs <= 0)
        {
            return;
        }
        final long grantedUntilNs = sentNs[(int)heartbeatNo & REMEMBERED_MASK] + leaseNs;
        if (grantedUntilNs > untilNs)
        {
            untilNs = grantedUntilNs;
            try
            {
                file.write(clusterIdHi, clusterIdLo, untilNs);
            }
            catch (final IOException e)
            {
                LOG.warn("cannot renew the lease of kernels: {}", e.toString());
            }
        }
    }
}
