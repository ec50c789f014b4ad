package io.plimsoll.core.testkit;

import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.ReportKind;
import io.plimsoll.core.testkit.Commands.Epoch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** An agent that keeps to the protocol: it stores assignments, fences what it was told to kill, and obeys its lease. */
final class FakeAgent
{
    final AgentHello hello;
    int agentId;
    long connection;
    boolean connected;
    /** Between AgentAttached and the last part of the inventory. */
    List<HeldKernel> inventory = List.of();
    int inventoryPart = -1;
    boolean suspect;
    boolean lost;
    long highestAssignment;
    final Map<Long, FakeKernel> kernels = new TreeMap<>();
    private final Set<String> fenced = new TreeSet<>();

    FakeAgent(final AgentHello hello)
    {
        this.hello = hello;
    }

    void onAttached(final int id, final long number)
    {
        agentId = id;
        connection = number;
        connected = true;
        suspect = false;
        lost = false;
        inventory = new ArrayList<>();
        for (final FakeKernel kernel : kernels.values())
        {
            inventory.add(kernel.held());
        }
        inventoryPart = 0;
    }

    void onAssigned(final FakeKernel kernel, final long assignmentNo)
    {
        highestAssignment = Math.max(highestAssignment, assignmentNo);
        final FakeKernel known = kernels.get(kernel.epoch.kernelId());
        if (null != known && isNotNewer(kernel.epoch, known.epoch))
        {
            return;
        }
        if (null != known && !known.hasEnded())
        {
            throw new IllegalStateException("two epochs of one kernel on an agent: " + known.epoch);
        }
        if (fenced.contains(kernel.epoch.toString()))
        {
            kernel.end(ReportKind.FAILED, Reason.NEVER_STARTED, 0);
        }
        kernels.put(kernel.epoch.kernelId(), kernel);
    }

    private static boolean isNotNewer(final Epoch left, final Epoch right)
    {
        return left.term() < right.term() || (left.term() == right.term() && left.attempt() <= right.attempt());
    }

    void onKill(final Epoch epoch, final long termNonce, final long sequence)
    {
        final FakeKernel kernel = kernels.get(epoch.kernelId());
        if (null != kernel && kernel.epoch.equals(epoch))
        {
            kernel.killed = true;
        }
        else if (null == kernel || !isNotNewer(epoch, kernel.epoch))
        {
            fenced.add(epoch.toString());
            final FakeKernel never = new FakeKernel(epoch, termNonce, sequence, false);
            never.end(ReportKind.FAILED, Reason.NEVER_STARTED, 0);
            if (null == kernel || kernel.hasEnded())
            {
                kernels.put(epoch.kernelId(), never);
            }
        }
    }

    /** The lease is over: supervisors end what would be started elsewhere. */
    void onLeaseExpired()
    {
        for (final FakeKernel kernel : kernels.values())
        {
            if (kernel.restart && !kernel.hasEnded())
            {
                kernel.end(ReportKind.FAILED, Reason.LEASE_EXPIRED, 0);
            }
        }
    }

    boolean mayStart()
    {
        return connected && !lost;
    }
}
