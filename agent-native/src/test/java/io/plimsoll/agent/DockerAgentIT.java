package io.plimsoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.plimsoll.agent.runtime.DockerDaemon;
import io.plimsoll.agent.runtime.DockerOptions;
import io.plimsoll.transport.ContainerSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a manager hears of an agent's engine, on a real engine. */
class DockerAgentIT
{
    private static final String UP = ContainerSpec.ENGINE_LABEL + "=docker";
    private static final String DOWN = ContainerSpec.DEGRADED_LABEL + "=" + ContainerSpec.ENGINE_LABEL;

    @TempDir
    private Path directory;

    private AgentContext context(final RealManager real, final String engine)
    {
        return new AgentContext()
            .dataDirectory(directory.resolve("agent"))
            .manager("127.0.0.1", real.port())
            .joinToken(real.token)
            .docker(DockerOptions.defaults().withHost(engine).withTimes(
                TimeUnit.SECONDS.toNanos(2), TimeUnit.MILLISECONDS.toNanos(200), TimeUnit.SECONDS.toNanos(1)));
    }

    private static String labels(final RealManager real)
    {
        return real.manager.hellos.isEmpty() ? "" : real.manager.hellos.get(real.manager.hellos.size() - 1).labels();
    }

    private static void awaitUp(final RealManager real)
    {
        real.await(UP, () -> labels(real).contains(UP) && !labels(real).contains(DOWN));
    }

    /** It has one, but not now. */
    private static void awaitDown(final RealManager real)
    {
        real.await(DOWN, () -> labels(real).contains(UP) && labels(real).contains(DOWN));
    }

    @Test
    void shouldTellWithEachConnectionWhetherThereIsAnEngine() throws IOException
    {
        try (DockerDaemon daemon = DockerDaemon.launch(); RealManager real = new RealManager(directory.resolve("ca"));
            AgentNode node = AgentNode.launch(context(real, daemon.host())))
        {
            real.awaitInventory();
            awaitUp(real);
            final int hellos = real.manager.hellos.size();
            daemon.signal("STOP");
            awaitDown(real);
            assertEquals(AgentState.ACTIVE, awaitActive(real, node));
            daemon.signal("CONT");
            awaitUp(real);
            daemon.kill();
            awaitDown(real);
            daemon.start();
            awaitUp(real);
            assertEquals(hellos + 4, real.manager.hellos.size());
        }
    }

    private static AgentState awaitActive(final RealManager real, final AgentNode node)
    {
        real.await("it to come back", () -> AgentState.ACTIVE == node.status().state());
        return node.status().state();
    }

    @Test
    void shouldKnowThroughARestartThatAnEngineIsOnlyDown() throws IOException
    {
        try (DockerDaemon daemon = DockerDaemon.launch(); RealManager real = new RealManager(directory.resolve("ca")))
        {
            AgentNode node = AgentNode.launch(context(real, daemon.host()));
            awaitUp(real);
            node.close();
            daemon.stop();
            real.manager.hellos.clear();
            node = AgentNode.launch(context(real, daemon.host()));
            awaitDown(real);
            daemon.start();
            awaitUp(real);
            node.close();
        }
    }

    @Test
    void shouldWaitForAnEngineThatItIsConfiguredFor() throws IOException
    {
        final AgentContext context;
        try (RealManager real = new RealManager(directory.resolve("ca")))
        {
            context = context(real, "unix://" + directory.resolve("none.sock"));
            context.docker(context.docker().expected());
            try (AgentNode node = AgentNode.launch(context))
            {
                awaitDown(real);
                assertEquals(AgentState.ACTIVE, awaitActive(real, node));
            }
        }
    }

    @Test
    void shouldOfferNoContainersWithoutAnEngine() throws IOException
    {
        try (RealManager real = new RealManager(directory.resolve("ca"));
            AgentNode node = AgentNode.launch(context(real, "unix://" + directory.resolve("none.sock"))))
        {
            real.awaitInventory();
            assertEquals(AgentState.ACTIVE, awaitActive(real, node));
            assertEquals("", labels(real));
        }
    }
}
