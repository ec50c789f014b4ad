package io.plimsoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.agent.runtime.KernelWatch;
import io.plimsoll.transport.sbe.ReportKind;
import java.io.IOException;
import java.nio.file.Path;
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
            SimulatedAgents agents = SimulatedAgents.launch(new SimulatedAgentsContext(
                1, "virtual-", "default", "127.0.0.1", real.port(), real.token, 4000, 1 << 30, 2, 1, null,
                KernelWatch.NONE)))
        {
            real.awaitInventory();
            assertEquals("virtual-1", real.manager.hellos.get(0).name());
            real.manager.assign(Assignments.of(1).simulated(1_000_000, "exit", "7").make());
            final KernelKey key = Assignments.key(1, 1, 1);
            real.await("its end", () -> real.manager.kinds(key).contains(ReportKind.EXITED));
            assertEquals(7, real.manager.lastReport().exitCode());
            assertEquals(1, agents.count(AgentState.ACTIVE));
        }
    }

    @Test
    void shouldConnectEachAgentByItself() throws IOException
    {
        final int count = 50;
        try (RealManager real = new RealManager(directory))
        {
            real.manager.welcomes = false;
            try (SimulatedAgents agents = SimulatedAgents.launch(new SimulatedAgentsContext(
                count, "virtual-", "default", "127.0.0.1", real.port(), real.token, 4000, 1 << 30, 0, 1, null,
                KernelWatch.NONE)))
            {
                // Some may say it twice before the last has said it once: nobody answers them.
                real.await("all to say hello", () -> count ==
                    real.manager.hellos.stream().map(TestManager.Hello::name).distinct().count());
                real.await("one that waits", () -> agents.count(AgentState.HELLO_SENT) > 0);
            }
        }
    }
}
