package io.plimsoll.core.testkit;

import io.plimsoll.core.CoreOptions;
import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.SchedulerCore;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.ReportKind;
import io.plimsoll.core.testkit.Commands.Epoch;
import io.plimsoll.core.testkit.Commands.GroupSettings;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** A core with a clock that tests set, which keeps what it was told and what it said. */
public final class CoreHarness
{
    public static final long NONCE = 77;

    private final CoreOptions options;
    private SchedulerCore core;
    private final UnsafeBuffer events = new UnsafeBuffer(new byte[SchedulerCore.EVENTS_LENGTH_MAX]);
    private final List<byte[]> commands = new ArrayList<>();
    private final List<byte[]> blocks = new ArrayList<>();
    private final List<Long> timestamps = new ArrayList<>();
    private final List<String> last = new ArrayList<>();
    private final EventText text = new EventText();
    public final Commands command = new Commands();
    public final Assignments assignments = new Assignments();
    private long nowNs = 1_000_000 * Commands.SECOND_NS;
    private boolean continuing = true;

    public CoreHarness()
    {
        this(CoreOptions.defaults());
    }

    public CoreHarness(final CoreOptions options)
    {
        this.options = options;
        core = new SchedulerCore(options);
    }

    /** A core in its first term with the default group. */
    public static CoreHarness started()
    {
        return started(CoreOptions.defaults(), new GroupSettings());
    }

    public static CoreHarness started(final CoreOptions options, final GroupSettings group)
    {
        final CoreHarness harness = new CoreHarness(options);
        harness.run(harness.command.managerStarted(1, NONCE));
        harness.run(harness.command.configureGroup(group));
        return harness;
    }

    public SchedulerCore core()
    {
        return core;
    }

    public long nowNs()
    {
        return nowNs;
    }

    /** Whether Continue is fed whenever the core asks for it. */
    public CoreHarness continuing(final boolean value)
    {
        continuing = value;
        return this;
    }

    public CoreHarness advance(final long ns)
    {
        nowNs += ns;
        return this;
    }

    /** Moves the clock and lets the core notice. */
    public List<String> pass(final long ns)
    {
        advance(ns);
        return run(command.timePassed());
    }

    /** Runs the command written last; returns all events as text, those of Continue included. */
    public List<String> run(final Commands written)
    {
        last.clear();
        step(written.bytes());
        while (continuing && core.continueNeeded())
        {
            step(written.goOn().bytes());
        }
        return List.copyOf(last);
    }

    private void step(final byte[] bytes)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        final int length =
            core.onCommand(buffer, 0, bytes.length, core.sequence() + 1, nowNs, events, 0);
        final byte[] block = new byte[length];
        events.getBytes(0, block);
        commands.add(bytes);
        blocks.add(block);
        timestamps.add(nowNs);
        final UnsafeBuffer record = new UnsafeBuffer(block);
        int position = 0;
        while (position < length)
        {
            final int eventLength = record.getInt(position);
            final int offset = position + RecordFlyweight.EVENT_HEADER_LENGTH;
            last.add(text.describe(record, offset));
            assignments.onEvent(record, offset, core.sequence());
            position = offset + ((eventLength + 7) & ~7);
        }
    }

    public List<String> last()
    {
        return last;
    }

    /** A new core that was told the events only. */
    public SchedulerCore restored()
    {
        final SchedulerCore other = new SchedulerCore(options);
        for (int i = 0; i < blocks.size(); i++)
        {
            final byte[] block = blocks.get(i);
            other.applyEvents(i + 1, timestamps.get(i), new UnsafeBuffer(block), 0, block.length);
        }
        return other;
    }

    /** Goes on with a core restored from the events. */
    public CoreHarness restart()
    {
        core = restored();
        return this;
    }

    public List<byte[]> commands()
    {
        return commands;
    }

    public List<byte[]> blocks()
    {
        return blocks;
    }

    public List<Long> timestamps()
    {
        return timestamps;
    }

    /** Connects an agent, and gives an empty inventory. */
    public int join(final AgentHello hello)
    {
        run(command.agentConnected(hello));
        final int agent = assignments.lastAgent();
        final long connection = assignments.connection(agent);
        run(command.inventory(agent, connection, 0, true, assignments.highest(agent), List.of()));
        return agent;
    }

    public int join(final long uuid, final long cpuMillis, final long memoryBytes)
    {
        return join(new AgentHello(uuid, cpuMillis, memoryBytes));
    }

    /** Reports a step of kernel 0 of a session on the connection that its agent has now. */
    public List<String> report(final long sessionId, final ReportKind kind)
    {
        return report(sessionId, 0, kind, Reason.NONE, 0);
    }

    public List<String> report(
        final long sessionId, final int index, final ReportKind kind, final Reason reason, final int exitCode)
    {
        final long kernelId = (sessionId << 10) | index;
        final Epoch epoch = assignments.epoch(kernelId);
        final int agent = assignments.agent(kernelId);
        return run(command.report(agent, assignments.connection(agent), epoch, kind, reason, exitCode));
    }
}
