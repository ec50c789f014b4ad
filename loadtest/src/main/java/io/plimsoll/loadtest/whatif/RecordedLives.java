package io.plimsoll.loadtest.whatif;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.sbe.AgentInventoryDecoder;
import io.plimsoll.core.sbe.BooleanType;
import io.plimsoll.core.sbe.KernelReportDecoder;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.ReportKind;
import io.plimsoll.loadtest.whatif.KernelTrace.Step;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.collections.LongArrayList;
import org.agrona.collections.LongHashSet;

/**
 * What the kernels of a journal did: read once from beginning to end, before anything is decided again, so that what
 * follows from another decision can be made from it. One thread.
 */
final class RecordedLives implements BooksListener
{
    private final ClusterBooks books = new ClusterBooks(this);
    private final Long2ObjectHashMap<SessionLife> lives = new Long2ObjectHashMap<>();
    private final BlackHoles holes = new BlackHoles();
    private final LongHashSet reboots = new LongHashSet();
    private final LongArrayList startsNs = new LongArrayList();
    private final LongArrayList killsNs = new LongArrayList();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final KernelReportDecoder report = new KernelReportDecoder();
    private final AgentInventoryDecoder inventory = new AgentInventoryDecoder();
    /** Kernels in the last inventory of their agent. */
    private final Set<Long> listed = new HashSet<>();
    private long sequence;
    private long nowNs;
    private long startNs;
    private long killNs;

    ClusterBooks books()
    {
        return books;
    }

    /** What is decided again begins here: what ended before is of no more interest. */
    void fork()
    {
        for (final SessionBook session : books.sessions)
        {
            if (session.isEnded())
            {
                lives.remove(session.id);
            }
        }
    }

    /** Takes the next record into account. */
    void onRecord(final RecordFlyweight record)
    {
        sequence = record.sequence();
        nowNs = record.timestampNs();
        header.wrap(record.buffer(), record.commandOffset());
        if (KernelReportDecoder.TEMPLATE_ID == header.templateId())
        {
            onReport(report.wrapAndApplyHeader(record.buffer(), record.commandOffset(), header));
        }
        else if (AgentInventoryDecoder.TEMPLATE_ID == header.templateId())
        {
            onInventory(inventory.wrapAndApplyHeader(record.buffer(), record.commandOffset(), header));
        }
        books.onRecord(record);
    }

    /** The journal is over. */
    void settle()
    {
        startNs = median(startsNs);
        killNs = median(killsNs);
        holes.settle();
    }

    private static long median(final LongArrayList values)
    {
        final long[] sorted = values.toLongArray();
        Arrays.sort(sorted);
        return 0 == sorted.length ? 0 : sorted[sorted.length / 2];
    }

    /** Of a session of the journal. */
    SessionLife life(final long sessionId)
    {
        final SessionLife life = lives.get(sessionId);
        return null == life ? SessionLife.UNKNOWN : life;
    }

    BlackHoles holes()
    {
        return holes;
    }

    /** Whether the machine whose inventory this sequence completed had lost all that ran on it. */
    boolean isReboot(final long inventorySequence)
    {
        return reboots.contains(inventorySequence);
    }

    /** Usual time between assignment and run. */
    long usualStartNs()
    {
        return startNs;
    }

    /** Usual time between the order to end a kernel and its end. */
    long usualKillNs()
    {
        return killNs;
    }

    private void onReport(final KernelReportDecoder command)
    {
        final KernelBook kernel = open(command.agentId(), command.kernelId(), command.term(), command.attempt());
        if (null != kernel && kernel.agent.connection == command.connection())
        {
            step(kernel, command.kind(), command.reason(), command.exitCode());
        }
    }

    private KernelBook open(final int agentId, final long kernelId, final long term, final int attempt)
    {
        final KernelBook kernel = books.kernel(kernelId);
        return null != kernel && kernel.agent.id == agentId && kernel.term == term && kernel.attempt == attempt ?
            kernel :
            null;
    }

    private void step(final KernelBook kernel, final ReportKind kind, final Reason reason, final int exitCode)
    {
        final KernelTrace trace = kernel.trace;
        if (null == trace || null != trace.end())
        {
            return;
        }
        trace.add(new Step(sequence, nowNs, kind, known(reason), exitCode));
        if (ReportKind.RUNNING == kind)
        {
            startsNs.addLong(nowNs - trace.assignedNs);
            holes.onStarted(trace.agentId, trace.assignedNs);
        }
        else if (null != trace.end())
        {
            if (0 != trace.killNs())
            {
                killsNs.addLong(nowNs - trace.killNs());
            }
            if (trace.failedToStart() && null != kernel.session)
            {
                holes.onFailed(trace.agentId, kernel.session.id, trace);
            }
        }
    }

    private static Reason known(final Reason reason)
    {
        return Reason.NULL_VAL == reason || Reason.SBE_UNKNOWN == reason ? Reason.NONE : reason;
    }

    private void onInventory(final AgentInventoryDecoder command)
    {
        final AgentBook agent = books.agent(command.agentId());
        if (null == agent || agent.connection != command.connection() || !agent.connected || agent.reconciled)
        {
            return;
        }
        if (0 == command.part())
        {
            agent.kernels.values().forEach(kernel -> listed.remove(kernel.kernelId));
        }
        final boolean last = BooleanType.T == command.last();
        final long highest = command.highestAssignment();
        for (final AgentInventoryDecoder.KernelsDecoder held : command.kernels())
        {
            final KernelBook kernel = open(agent.id, held.kernelId(), held.term(), held.attempt());
            if (null != kernel)
            {
                listed.add(kernel.kernelId);
                step(kernel, held.kind(), held.reason(), held.exitCode());
            }
        }
        if (last)
        {
            findMissing(agent, highest);
        }
    }

    private void findMissing(final AgentBook agent, final long highest)
    {
        int kept = 0;
        int missing = 0;
        for (final KernelBook kernel : agent.kernels.values())
        {
            if (listed.contains(kernel.kernelId))
            {
                kept++;
            }
            else if (kernel.assignmentNo <= highest)
            {
                missing++;
                if (null != kernel.trace)
                {
                    kernel.trace.missingAt = sequence;
                }
            }
        }
        if (missing > 0 && 0 == kept)
        {
            reboots.add(sequence);
        }
    }

    /* What the core decided. */

    @Override
    public void onAssigned(final KernelBook kernel)
    {
        if (null != kernel.session)
        {
            kernel.trace = new KernelTrace(kernel.index(), kernel.attempt, kernel.agent.id, nowNs);
            lives.computeIfAbsent(kernel.session.id, id -> new SessionLife()).add(kernel.trace);
        }
    }

    @Override
    public void onKill(
        final AgentBook agent, final long kernelId, final long term, final int attempt, final Reason reason)
    {
        final KernelBook kernel = books.kernel(kernelId);
        if (null != kernel && kernel.attempt == attempt && null != kernel.trace)
        {
            kernel.trace.killed(nowNs, reason);
            if (kernel.trace.failedToStart() && null != kernel.session)
            {
                holes.onFailed(kernel.trace.agentId, kernel.session.id, kernel.trace);
            }
        }
    }
}
