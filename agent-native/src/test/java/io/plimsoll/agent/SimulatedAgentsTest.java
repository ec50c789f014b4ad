package io.plimsoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.agent.runtime.KernelWatch;
import io.plimsoll.transport.link.DownlinkClient;
import io.plimsoll.transport.link.LinkOptions;
import io.plimsoll.transport.sbe.ReportKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.agrona.concurrent.CachedNanoClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulatedAgentsTest
{
    @TempDir
    private Path directory;

    @Test
    void shouldRunKernelsThatOnlyTakeTime() throws IOException
    {
        try (RealManager real = new RealManager(directory);
            SimulatedAgents agents = SimulatedAgents.launch(context(real, 1, 2)))
        {
            real.awaitInventory();
            assertEquals("virtual-1", real.manager.hellos.get(0).name());
            real.manager.assign(Assignments.of(1).simulated(1_000_000, "exit", "7").make());
            final KernelKey key = Assignments.key(1, 1, 1);
            real.await("its end", () -> real.manager.kinds(key).contains(ReportKind.EXITED));
            assertEquals(7, real.manager.lastReport().exitCode());
            assertEquals(1, agents.count(AgentState.ACTIVE));
            assertEquals(0, agents.count(AgentState.DISCONNECTED));
            agents.drop(0);
            real.await("the drop", () -> agents.losses().containsKey("dropped"));
            real.await("its return", () -> 1 == agents.count(AgentState.ACTIVE));
        }
    }

    /** However often somebody asks, and however long nobody steps them. */
    @Test
    void shouldKeepEachLinkToBeDroppedOnce() throws IOException
    {
        try (RealManager real = new RealManager(directory);
            DownlinkClient links = new DownlinkClient(LinkOptions.defaults(), real.token.caSha256()))
        {
            final SimulatedAgents agents = new SimulatedAgents(
                context(real, 3, 0),
                new CachedNanoClock(), links, grant -> null, List.of());
            for (int index = 0; index < 3; index++)
            {
                assertTrue(agents.drop(index));
                for (int more = 0; more < 1_000; more++)
                {
                    assertFalse(agents.drop(index));
                }
            }
            assertTrue(agents.dropAll());
            assertFalse(agents.dropAll());
            agents.doWork();
            assertTrue(agents.drop(1));
            assertTrue(agents.dropAll());
        }
    }

    @Test
    void shouldConnectEachAgentByItself() throws IOException
    {
        final int count = 50;
        try (RealManager real = new RealManager(directory))
        {
            real.manager.welcomes = false;
            try (SimulatedAgents agents = SimulatedAgents.launch(context(real, count, 0)))
            {
                // Some may say it twice before the last has said it once: nobody answers them.
                real.await("all to say hello", () -> count ==
                    real.manager.hellos.stream().map(TestManager.Hello::name).distinct().count());
                real.await("one that waits", () -> agents.count(AgentState.HELLO_SENT) > 0);
            }
        }
    }

    private static SimulatedAgentsContext context(final RealManager real, final int count, final int devices)
    {
        return new SimulatedAgentsContext(
            count, 1, SimulatedAgentsContext.CONNECTING_MAX, "virtual-", "default", "127.0.0.1", real.port(),
            real.token, 4000, 1 << 30, devices, 1, null, KernelWatch.NONE);
    }
}
