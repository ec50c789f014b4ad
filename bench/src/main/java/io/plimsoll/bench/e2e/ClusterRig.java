package io.plimsoll.bench.e2e;

import io.plimsoll.agent.AgentContext;
import io.plimsoll.agent.AgentNode;
import io.plimsoll.agent.AgentState;
import io.plimsoll.agent.runtime.KernelWatch;
import io.plimsoll.bench.harness.Scratch;
import io.plimsoll.journal.CommitMode;
import io.plimsoll.loadtest.live.Swarm;
import io.plimsoll.manager.Manager;
import io.plimsoll.manager.ManagerContext;
import io.plimsoll.transport.auth.JoinToken;
import io.plimsoll.transport.link.LinkConnector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** A manager, with agents if wanted, on the real transport in this process, in a directory that goes away with it. */
final class ClusterRig implements AutoCloseable
{
    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(120);
    private static final long POLL_NS = TimeUnit.MICROSECONDS.toNanos(500);

    private final Scratch scratch;
    private final Manager manager;
    private final String token;
    private final JoinToken joinToken;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    ClusterRig(final CommitMode commitMode)
    {
        this(new Scratch(), commitMode);
    }

    /** On a directory that may hold a journal already. */
    ClusterRig(final Scratch scratch, final CommitMode commitMode)
    {
        this(scratch, context -> context.commitMode(commitMode));
    }

    /** With settings of its own. */
    ClusterRig(final Scratch scratch, final UnaryOperator<ManagerContext> settings)
    {
        this.scratch = scratch;
        manager = Manager.launch(settings.apply(
            new ManagerContext().dataDirectory(data()).apiAddress(new InetSocketAddress("127.0.0.1", 0))));
        token = read("token");
        joinToken = JoinToken.parse(read("join-token"));
    }

    Manager manager()
    {
        return manager;
    }

    String token()
    {
        return token;
    }

    JoinToken joinToken()
    {
        return joinToken;
    }

    int port()
    {
        return manager.apiPort();
    }

    HttpLane lane()
    {
        return new HttpLane(port());
    }

    byte[] post(final String path, final String json)
    {
        return HttpLane.request("POST", path, token, json);
    }

    byte[] get(final String path)
    {
        return HttpLane.request("GET", path, token, null);
    }

    /** An agent that runs real processes. */
    AgentNode launchAgent(final long cpuMillis)
    {
        try
        {
            final AgentNode agent = AgentNode.launch(
                new AgentContext()
                    .dataDirectory(data().resolve("agent-side"))
                    .manager("127.0.0.1", manager.agentPort())
                    .joinToken(joinToken)
                    .capacity("cpu", cpuMillis)
                    .pinning(false)
                    .memoryLimits(false));
            parts.push(agent);
            await("the agent is active", () -> AgentState.ACTIVE == agent.status().state());
            return agent;
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    /** Agents whose kernels only take time. */
    void launchSimulated(final int count)
    {
        launchSimulated(count, links -> links);
    }

    /** The same, with something between them and their links. */
    void launchSimulated(final int count, final UnaryOperator<LinkConnector> between)
    {
        launchSimulated(count, 1, between);
    }

    /** The same, sharing connections. */
    void launchSimulated(final int count, final int perLink, final UnaryOperator<LinkConnector> between)
    {
        final Swarm swarm = new Swarm(
            Swarm.Options.of(count, "sim-", "default", 7).sharing(perLink),
            new Swarm.Endpoint("127.0.0.1", manager.agentPort(), joinToken), KernelWatch.NONE, between);
        parts.push(swarm);
        await("simulated agents are active", () -> count == swarm.active());
    }

    /** Waits for something that happens in other threads. */
    static void await(final String what, final BooleanSupplier condition)
    {
        final long deadlineNs = System.nanoTime() + DEADLINE_NS;
        while (!condition.getAsBoolean())
        {
            if (System.nanoTime() > deadlineNs)
            {
                throw new IllegalStateException("did not happen in time: " + what);
            }
            LockSupport.parkNanos(POLL_NS);
        }
    }

    @Override
    public void close()
    {
        while (!parts.isEmpty())
        {
            try
            {
                parts.pop().close();
            }
            catch (final Exception ex)
            {
                throw new IllegalStateException("while closing", ex);
            }
        }
        manager.close();
        scratch.close();
    }

    private Path data()
    {
        return scratch.resolve("data");
    }

    private String read(final String file)
    {
        try
        {
            return Files.readString(data().resolve(file), StandardCharsets.UTF_8).trim();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }
}
