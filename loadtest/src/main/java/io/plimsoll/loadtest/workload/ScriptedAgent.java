package io.plimsoll.loadtest.workload;

import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.ReportKind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/**
 * An agent that exists in memory only and does what a script tells it: it keeps assignments, makes their kernels take
 * steps, and holds reports back until somebody fetches them. What is sent to it while it is disconnected is lost, as on
 * a real link. One thread.
 */
public final class ScriptedAgent
{
    private final long uuid;
    private final AgentShape shape;
    private final TreeMap<Long, HeldKernel> kernelById = new TreeMap<>();
    private final ArrayDeque<HeldKernel> reports = new ArrayDeque<>();
    private int agentId;
    private long connection;
    private boolean connecting;
    private boolean connected;
    private boolean inventoried;
    private long reportNo;
    private long highestAssignment;
    private long seenClusterIdLo;
    private long seenTerm;
    private long seenTermNonce;
    private long seenSequence;

    ScriptedAgent(final long uuid, final AgentShape shape)
    {
        this.uuid = uuid;
        this.shape = shape;
    }

    public long uuid()
    {
        return uuid;
    }

    public AgentShape shape()
    {
        return shape;
    }

    /** As the core numbered it, 0 before its first connection. */
    public int agentId()
    {
        return agentId;
    }

    public long connection()
    {
        return connection;
    }

    public boolean connected()
    {
        return connected;
    }

    public boolean connecting()
    {
        return connecting;
    }

    /** Whether it has sent its inventory on this connection. */
    public boolean inventoried()
    {
        return inventoried;
    }

    public long highestAssignment()
    {
        return highestAssignment;
    }

    public long seenClusterIdLo()
    {
        return seenClusterIdLo;
    }

    public long seenTerm()
    {
        return seenTerm;
    }

    public long seenTermNonce()
    {
        return seenTermNonce;
    }

    public long seenSequence()
    {
        return seenSequence;
    }

    /** Kernels that it holds, in order of their ids. */
    public Collection<HeldKernel> kernels()
    {
        return kernelById.values();
    }

    boolean hasReports()
    {
        return connected && inventoried && !reports.isEmpty();
    }

    void onConnecting()
    {
        connecting = true;
    }

    void onAttached(final int id, final long newConnection)
    {
        agentId = id;
        connection = newConnection;
        connecting = false;
        connected = true;
        inventoried = false;
        reportNo = 0;
        reports.clear();
    }

    void onRefused()
    {
        connecting = false;
    }

    void disconnect()
    {
        connected = false;
        connecting = false;
        inventoried = false;
        reports.clear();
    }

    /** Everything that ran is gone and nobody will ever say how it ended. */
    void reboot()
    {
        disconnect();
        kernelById.clear();
    }

    /** Every kernel in parts of at most that many; at least one part. Ended ones are told by it. */
    List<List<HeldKernel>> inventory(final int partMax)
    {
        final List<List<HeldKernel>> parts = new ArrayList<>();
        List<HeldKernel> part = new ArrayList<>();
        for (final HeldKernel kernel : kernelById.values())
        {
            if (part.size() == partMax)
            {
                parts.add(part);
                part = new ArrayList<>();
            }
            part.add(kernel.copy());
        }
        parts.add(part);
        return parts;
    }

    void onInventoried()
    {
        inventoried = true;
        kernelById.values().removeIf(HeldKernel::ended);
    }

    void onSeen(final long clusterIdLo, final long term, final long sequence)
    {
        if (connected)
        {
            seenClusterIdLo = clusterIdLo;
            seenTerm = term;
            seenTermNonce = term * 31;
            seenSequence = sequence;
        }
    }

    void onAssigned(final HeldKernel kernel, final long assignmentNo)
    {
        if (!connected)
        {
            return;
        }
        highestAssignment = Math.max(highestAssignment, assignmentNo);
        final HeldKernel known = kernelById.get(kernel.kernelId());
        if (null == known || !known.isEpoch(kernel.term(), kernel.attempt()))
        {
            kernelById.put(kernel.kernelId(), kernel);
            report(kernel);
        }
    }

    void onKill(final HeldKernel target, final Reason reason)
    {
        if (!connected)
        {
            return;
        }
        final HeldKernel known = kernelById.get(target.kernelId());
        if (null == known || !known.isEpoch(target.term(), target.attempt()))
        {
            target.step(ReportKind.FAILED, Reason.NEVER_STARTED, 0);
            reports.add(target);
        }
        else if (!known.ended())
        {
            known.step(ReportKind.EXITED, reason, 143);
            report(known);
        }
    }

    /** Lets a kernel take its next step. */
    void step(final HeldKernel kernel, final ReportKind kind, final Reason reason, final int exitCode)
    {
        kernel.step(kind, reason, exitCode);
        report(kernel);
    }

    /** The next report; a kernel whose end is in it is kept no longer. */
    HeldKernel takeReport()
    {
        final HeldKernel report = reports.remove();
        reportNo++;
        final HeldKernel known = kernelById.get(report.kernelId());
        if (report.ended() && null != known && known.isEpoch(report.term(), report.attempt()))
        {
            kernelById.remove(report.kernelId());
        }
        return report;
    }

    long reportNo()
    {
        return reportNo;
    }

    private void report(final HeldKernel kernel)
    {
        if (connected)
        {
            reports.add(kernel.copy());
        }
    }
}
