package io.plimsoll.bench.core;

import io.plimsoll.core.CoreOptions;
import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.SchedulerCore;
import io.plimsoll.loadtest.workload.AgentShape;
import io.plimsoll.loadtest.workload.CommandEncoder;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A core with agents that are connected and reconciled, fed directly on one thread. */
public final class CoreRig
{
    /** Of the cluster that it is the core of. */
    public static final UUID CLUSTER_ID = new UUID(1, 1);

    private static final long START_NS = 1_700_000_000_000_000_000L;
    private static final long STEP_NS = 1_000;

    private final SchedulerCore core;
    private final CommandEncoder encoder = new CommandEncoder();
    private final CoreCommands commands = new CoreCommands();
    private final Rejections rejections = new Rejections();
    private final UnsafeBuffer events =
        new UnsafeBuffer(ByteBuffer.allocateDirect(SchedulerCore.EVENTS_LENGTH_MAX));
    private final UnsafeBuffer continuation = new UnsafeBuffer(new byte[64]);
    private final int continuationLength;
    private final Consumer<RecordFlyweight> recorder;
    private final UnsafeBuffer recordBuffer =
        new UnsafeBuffer(new byte[(1 << 17) + SchedulerCore.EVENTS_LENGTH_MAX]);
    private final RecordFlyweight record = new RecordFlyweight();
    private long sequence;
    private long nowNs = START_NS;

    /**
     * Sets the cluster up; takes a moment.
     *
     * @param agentCount of the group {@code default}.
     * @param policy     of the group.
     */
    public CoreRig(final int agentCount, final CorePolicy policy)
    {
        this(policy, null);
        attach(agentCount);
    }

    /**
     * A core with a group and no agents, whose records somebody takes, from the first on.
     *
     * @param policy   of the group.
     * @param recorder of every record, or null.
     */
    public CoreRig(final CorePolicy policy, final Consumer<RecordFlyweight> recorder)
    {
        this.recorder = recorder;
        core = new SchedulerCore(CoreOptions.defaults());
        continuationLength = encoder.continuation();
        continuation.putBytes(0, encoder.buffer(), 0, continuationLength);
        feed(encoder.buffer(), 0, encoder.managerStarted(1, 1, SchedulerCore.DECISION_VERSION));
        configure(policy);
    }

    /** Gives the group another policy. */
    void configure(final CorePolicy policy)
    {
        rejections.require(events, 0, feed(commands.buffer(), 0, commands.configureGroup(policy)), policy);
        while (core.continueNeeded())
        {
            proceed();
        }
    }

    /** Creates users without limits, numbered from 1. */
    void addUsers(final int count)
    {
        for (int i = 1; i <= count; i++)
        {
            rejections.require(events, 0, feed(commands.buffer(), 0, commands.configureUser(i)), "user");
        }
    }

    /** Connects the agents of {@link ShapeMix}. */
    public void attach(final int count)
    {
        for (int i = 0; i < count; i++)
        {
            connect(i + 1, ShapeMix.agent(i), ShapeMix.labels(i));
        }
    }

    /**
     * Connects agents.
     *
     * @param count of them.
     * @param shape of each.
     */
    public void attach(final int count, final IntFunction<AgentShape> shape)
    {
        for (int i = 0; i < count; i++)
        {
            connect(i + 1, shape.apply(i), Map.of());
        }
    }

    private void connect(final int agentId, final AgentShape shape, final Map<String, String> labels)
    {
        rejections.require(
            events, 0, feed(commands.buffer(), 0, commands.agentConnected(agentId, shape, labels)), shape);
        feed(encoder.buffer(), 0, encoder.emptyInventory(agentId, 1, 0));
    }

    /** A submission of one owner, in a buffer of its own. */
    UnsafeBuffer submission(final int ownerId, final List<Job> jobs)
    {
        final int length = commands.submit(ownerId, jobs);
        final UnsafeBuffer command = new UnsafeBuffer(new byte[length]);
        command.putBytes(0, commands.buffer(), 0, length);
        return command;
    }

    /** Submits, and lets the core do all that follows; its events are lost. */
    void submit(final List<Job> jobs)
    {
        rejections.require(events, 0, feed(commands.buffer(), 0, commands.submit(0, jobs)), jobs.get(0));
        while (core.continueNeeded())
        {
            proceed();
        }
    }

    public SchedulerCore core()
    {
        return core;
    }

    public CommandEncoder encoder()
    {
        return encoder;
    }

    /** Events of the last command, from offset 0. */
    public DirectBuffer events()
    {
        return events;
    }

    public long nowNs()
    {
        return nowNs;
    }

    /**
     * Feeds one command, a microsecond after the one before.
     *
     * @param buffer that holds it.
     * @param offset of it.
     * @param length of it.
     * @return length of its events block.
     */
    public int feed(final DirectBuffer buffer, final int offset, final int length)
    {
        nowNs += STEP_NS;
        sequence++;
        final int eventsLength = core.onCommand(buffer, offset, length, sequence, nowNs, events, 0);
        if (null != recorder)
        {
            record(buffer, offset, length, eventsLength);
        }
        return eventsLength;
    }

    /** Feeds {@code Continue}. */
    public int proceed()
    {
        return feed(continuation, 0, continuationLength);
    }

    private void record(final DirectBuffer command, final int offset, final int length, final int eventsLength)
    {
        final int eventsOffset = RecordFlyweight.eventsOffset(length);
        recordBuffer.putLong(eventsOffset - Long.BYTES, 0);
        recordBuffer.putBytes(RecordFlyweight.COMMAND_OFFSET, command, offset, length);
        recordBuffer.putBytes(eventsOffset, events, 0, eventsLength);
        RecordFlyweight.putHeader(recordBuffer, 0, sequence, nowNs, length, eventsLength);
        recorder.accept(record.wrap(recordBuffer, 0));
    }
}
