package io.plimsoll.loadtest.workload;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.ReportKind;
import io.plimsoll.core.sbe.SelectPolicy;
import io.plimsoll.core.sbe.SubmissionAcceptedDecoder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A life of a cluster from a seed: submissions of mixed shapes, arrays, gangs, dependencies and cancellations; agents
 * that come, run kernels, fall silent, reboot and return; new terms; and commands that the core has to refuse. The
 * same seed and the same answers give the same commands. One thread.
 * <p>
 * Use: {@link #next()} writes a command, the caller feeds it to a core at {@link #nowNs()} and shows every record that
 * results to {@link #onRecord(RecordFlyweight)}.
 */
public final class CoreWorkload
{
    private static final long START_NS = 1_700_000_000_000_000_000L;
    private static final int INVENTORY_PART_MAX = 16;
    private static final long CLUSTER_ID_LO = 42;

    private final SplittableRandom random;
    private final CommandEncoder encoder = new CommandEncoder();
    private final ScriptedFleet fleet = new ScriptedFleet();
    private final SubmissionMix mix;
    private final ArrayDeque<byte[]> owed = new ArrayDeque<>();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final SubmissionAcceptedDecoder accepted = new SubmissionAcceptedDecoder();
    private final RecordFlyweight.EventConsumer onEvent = this::onEvent;
    private final UnsafeBuffer owedBuffer = new UnsafeBuffer(0, 0);
    private DirectBuffer buffer = encoder.buffer();
    private long nowNs = START_NS;
    private long correlationId;
    private long term;
    private long lastSessionId;
    private boolean calm;

    /**
     * From a seed.
     *
     * @param seed       of everything random.
     * @param agentCount of the cluster; every fourth has devices and belongs to the group {@code gpu}.
     */
    public CoreWorkload(final long seed, final int agentCount)
    {
        random = new SplittableRandom(seed);
        mix = new SubmissionMix(random);
        for (int i = 0; i < agentCount; i++)
        {
            final long memory = (4L << random.nextInt(4)) << 30;
            final long cpu = 2_000L << random.nextInt(4);
            fleet.add(3 == i % 4 ?
                AgentShape.of("gpu", cpu, memory, 1 + random.nextInt(8)) :
                AgentShape.of("default", cpu, memory));
        }
        owe(encoder.managerStarted(CLUSTER_ID_LO, ++term, 1));
        owe(encoder.configureGroup("default", SelectPolicy.CONCENTRATED, 16, 100_000));
        owe(encoder.configureGroup("gpu", SelectPolicy.DISPERSED, 16, 100_000));
    }

    /** Holds the command that {@link #next()} wrote, from offset 0. */
    public DirectBuffer buffer()
    {
        return buffer;
    }

    /** Epoch nanoseconds of that command. */
    public long nowNs()
    {
        return nowNs;
    }

    public ScriptedFleet fleet()
    {
        return fleet;
    }

    /** From here on nothing new is asked for and nothing goes wrong: what is there comes to its end. */
    public void calm()
    {
        calm = true;
    }

    /** Makes the next command one that cancels everything: what can never be placed has to end as well. */
    public void cancelAll()
    {
        owe(encoder.cancel(++correlationId, 1, Math.max(1, lastSessionId)));
    }

    /**
     * Shows what came of a command.
     *
     * @param record with its events.
     */
    public void onRecord(final RecordFlyweight record)
    {
        fleet.onRecord(record);
        record.forEachEvent(onEvent);
    }

    /**
     * Writes the next command.
     *
     * @return its length; 0 if at this moment there is only time to pass.
     */
    public int next()
    {
        if (!owed.isEmpty())
        {
            final byte[] command = owed.remove();
            owedBuffer.wrap(command);
            buffer = owedBuffer;
            return command.length;
        }
        buffer = encoder.buffer();
        nowNs += 1_000 + random.nextInt(20_000_000);
        final int roll = random.nextInt(1_000);
        return calm ? calmly(roll) : lively(roll);
    }

    private int calmly(final int roll)
    {
        if (roll < 100)
        {
            nowNs += 1_000_000_000L + random.nextLong(30_000_000_000L);
            return 0;
        }
        return roll < 250 ? connect() : workOfAgents();
    }

    private int lively(final int roll)
    {
        if (roll < 200)
        {
            return mix.next(encoder, ++correlationId, lastSessionId);
        }
        if (roll < 800)
        {
            return workOfAgents();
        }
        if (roll < 830)
        {
            return cancel();
        }
        if (roll < 915)
        {
            return connect();
        }
        if (roll < 980)
        {
            return faultOfAgent(randomAgent());
        }
        if (roll < 984)
        {
            return encoder.managerStarted(CLUSTER_ID_LO, ++term, 1);
        }
        if (roll < 986)
        {
            return encoder.acceptLoss(++correlationId, random.nextBoolean() ? ++term : term);
        }
        nowNs += 1_000_000_000L + random.nextLong(70_000_000_000L);
        return 0;
    }

    private int cancel()
    {
        final long first = Math.max(0, lastSessionId - random.nextInt(40));
        return encoder.cancel(++correlationId, first, first + random.nextInt(4));
    }

    private int connect()
    {
        final ScriptedAgent agent = randomAgent();
        if (agent.connected() || agent.connecting())
        {
            if (agent.connected() && !agent.inventoried())
            {
                return inventory(agent);
            }
            return workOfAgents();
        }
        fleet.onConnecting(++correlationId, agent);
        return encoder.agentConnected(correlationId, agent);
    }

    private int inventory(final ScriptedAgent agent)
    {
        final List<List<HeldKernel>> parts = agent.inventory(INVENTORY_PART_MAX);
        for (int i = 0; i < parts.size(); i++)
        {
            owe(encoder.agentInventory(agent, i, i == parts.size() - 1, parts.get(i)));
        }
        agent.onInventoried();
        return next();
    }

    private int workOfAgents()
    {
        final int start = random.nextInt(fleet.agents().size());
        for (int i = 0; i < fleet.agents().size(); i++)
        {
            final ScriptedAgent agent = fleet.agents().get((start + i) % fleet.agents().size());
            if (!agent.connected())
            {
                continue;
            }
            if (!agent.inventoried())
            {
                return inventory(agent);
            }
            if (!agent.hasReports())
            {
                stepKernel(agent);
            }
            if (agent.hasReports())
            {
                final HeldKernel report = agent.takeReport();
                return encoder.kernelReport(agent, agent.reportNo(), report);
            }
        }
        nowNs += 1_000_000_000L;
        return 0;
    }

    private void stepKernel(final ScriptedAgent agent)
    {
        final List<HeldKernel> running = new ArrayList<>(agent.kernels());
        running.removeIf(HeldKernel::ended);
        if (!running.isEmpty())
        {
            final HeldKernel kernel = running.get(random.nextInt(running.size()));
            step(agent, kernel, random.nextInt(20));
        }
    }

    private void step(final ScriptedAgent agent, final HeldKernel kernel, final int roll)
    {
        if (0 == roll && !calm)
        {
            final Reason reason = random.nextBoolean() ? Reason.LAUNCH_FAILED : Reason.SUPERVISOR_DIED;
            agent.step(kernel, ReportKind.FAILED, reason, 0);
        }
        else if (ReportKind.ACKNOWLEDGED == kernel.kind() && roll < 8)
        {
            agent.step(kernel, ReportKind.PULLING, Reason.NONE, 0);
        }
        else if (ReportKind.ACKNOWLEDGED == kernel.kind() || ReportKind.PULLING == kernel.kind())
        {
            agent.step(kernel, ReportKind.PREPARING, Reason.NONE, 0);
        }
        else if (ReportKind.PREPARING == kernel.kind())
        {
            agent.step(kernel, ReportKind.RUNNING, Reason.NONE, 0);
        }
        else
        {
            final boolean fails = 1 == roll;
            agent.step(
                kernel, ReportKind.EXITED, fails ? Reason.EXIT_CODE : Reason.COMPLETED, fails ? 1 : 0);
        }
    }

    private int faultOfAgent(final ScriptedAgent agent)
    {
        if (0 == agent.agentId())
        {
            return encoder.drainAgent(++correlationId, 1_000_000, true);
        }
        switch (random.nextInt(9))
        {
            case 0:
            case 1:
                return disconnect(agent, 0 == random.nextInt(3));
            case 2:
                return encoder.agentSuspect(agent.agentId(), agent.connection());
            case 3:
            case 4:
                return encoder.agentReturned(agent.agentId(), agent.connection());
            case 5:
                agent.disconnect();
                return encoder.agentLost(agent.agentId(), agent.connection());
            case 6:
                return encoder.drainAgent(++correlationId, agent.agentId(), 0 == random.nextInt(3));
            case 7:
                return encoder.agentDisconnected(agent.agentId(), agent.connection() - 1);
            default:
                return staleReport(agent);
        }
    }

    private int disconnect(final ScriptedAgent agent, final boolean reboot)
    {
        final long connection = agent.connection();
        if (reboot)
        {
            agent.reboot();
        }
        else
        {
            agent.disconnect();
        }
        return encoder.agentDisconnected(agent.agentId(), connection);
    }

    private int staleReport(final ScriptedAgent agent)
    {
        final long kernelId = Math.max(1, lastSessionId - random.nextInt(20)) << 10;
        return encoder.kernelReport(
            agent.agentId(), agent.connection() - random.nextInt(2), 1, kernelId, term, random.nextInt(3),
            new CommandEncoder.Step(ReportKind.RUNNING, Reason.NONE, 0));
    }

    private ScriptedAgent randomAgent()
    {
        return fleet.agents().get(random.nextInt(fleet.agents().size()));
    }

    private void owe(final int length)
    {
        final byte[] command = new byte[length];
        encoder.buffer().getBytes(0, command);
        owed.add(command);
    }

    private void onEvent(final DirectBuffer eventBuffer, final int offset, final int length)
    {
        header.wrap(eventBuffer, offset);
        if (SubmissionAcceptedDecoder.TEMPLATE_ID == header.templateId())
        {
            accepted.wrapAndApplyHeader(eventBuffer, offset, header);
            lastSessionId = Math.max(lastSessionId, accepted.firstId() + accepted.count() - 1);
        }
    }
}
