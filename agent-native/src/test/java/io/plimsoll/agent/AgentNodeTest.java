package io.plimsoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.transport.sbe.LogEnd;
import io.plimsoll.transport.sbe.ReportKind;
import io.plimsoll.transport.sbe.ReportReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentNodeTest
{
    private static final int KERNELS = 20;
    /** Long enough for any kernel to end by the first signal. */
    private static final long GRACE_NS = TimeUnit.MINUTES.toNanos(5);

    @TempDir
    private Path directory;
    private RealManager real;
    private TestManager manager;

    @BeforeEach
    void before() throws IOException
    {
        real = new RealManager(directory.resolve("ca"));
        manager = real.manager;
    }

    @AfterEach
    void after()
    {
        real.close();
    }

    private AgentContext context()
    {
        return new AgentContext()
            .dataDirectory(directory.resolve("agent"))
            .manager("127.0.0.1", real.port())
            .joinToken(real.token);
    }

    private boolean hasEnded(final KernelKey key)
    {
        return manager.kinds(key).contains(ReportKind.EXITED);
    }

    @Test
    void shouldRunKernelAndServeItsOutput() throws IOException
    {
        final KernelKey key = Assignments.key(1, 1, 1);
        try (AgentNode node = AgentNode.launch(context()))
        {
            real.awaitInventory();
            manager.assign(Assignments.of(1).cpu(1000).shell("echo one; echo two; exit 3").make());
            real.await("its end", () -> hasEnded(key));
            assertEquals(3, manager.lastReport().exitCode());
            assertEquals(AgentState.ACTIVE, node.status().state());
            assertEquals(TestManager.AGENT_ID, node.status().agentId());
            assertTrue(node.notes().size() > 0);

            manager.openLog(1, key, true, -1, -1, 1 << 20);
            real.await("its output", () -> manager.logEnds.contains(LogEnd.COMPLETE));
            assertEquals("one\ntwo\n", manager.log.toString(StandardCharsets.UTF_8));
        }
        // By its credential only, and with the output of an earlier life.
        manager.logEnds.clear();
        manager.log.reset();
        try (AgentNode node = AgentNode.launch(context().joinToken(null)))
        {
            real.await("it to come back", () -> manager.connection > 1 && AgentState.ACTIVE == node.status().state());
            manager.openLog(2, key, false, -1, 1, 1 << 20);
            real.await("its output", () -> manager.logEnds.contains(LogEnd.COMPLETE));
            assertEquals("two\n", manager.log.toString(StandardCharsets.UTF_8));
        }
    }

    @Test
    void shouldKeepKernelsThroughTheDeathOfTheirAgent() throws IOException
    {
        final Path go = directory.resolve("go");
        final Path agent = directory.resolve("agent");
        Process process = AgentProcess.start(agent, real.port(), real.token);
        try
        {
            real.awaitInventory();
            for (int i = 1; i <= KERNELS; i++)
            {
                manager.assign(Assignments.of(i).shell(
                    "echo " + i + " >>" + directory + "/runs; while [ ! -e " + go + " ]; do sleep 0.1; done; exit " +
                    i).make());
            }
            real.await("all to run", () -> LongStream.rangeClosed(1, KERNELS).allMatch(
                i -> manager.kinds(Assignments.key(i, 1, 1)).contains(ReportKind.RUNNING)));
            manager.closes.clear();
            kill(process);
            real.await("the manager to notice", () -> !manager.closes.isEmpty());
            manager.reports.clear();
            manager.inventory.clear();
            process = AgentProcess.start(agent, real.port(), real.token);
            real.awaitInventory();
            assertEquals(KERNELS, manager.inventory.get(0).entries().size());
            assertEquals(KERNELS, manager.inventory.get(0).highestAssignment());
            Files.createFile(go);
            real.await("their ends", () -> LongStream.rangeClosed(1, KERNELS).allMatch(
                i -> hasEnded(Assignments.key(i, 1, 1))));
        }
        finally
        {
            if (!Files.exists(go))
            {
                Files.createFile(go);
            }
            kill(process);
        }
        for (final TestManager.Report report : manager.reports)
        {
            assertTrue(ReportKind.EXITED != report.kind() || report.exitCode() == report.kernelId());
        }
        assertEquals(KERNELS, Files.readAllLines(directory.resolve("runs")).stream().distinct().count());
        assertEquals(KERNELS, Files.readAllLines(directory.resolve("runs")).size());
    }

    /** Until it is gone: the next one has to find the directory unlocked, and the test's end nobody writing there. */
    private void kill(final Process process)
    {
        process.destroyForcibly();
        real.await("its death", () -> !process.isAlive());
    }

    @Test
    void shouldKillWhatItAdopted() throws IOException
    {
        final KernelKey key = Assignments.key(1, 1, 1);
        try (AgentNode node = AgentNode.launch(context()))
        {
            real.awaitInventory();
            manager.assign(Assignments.of(1).command("sleep", "1000").make());
            real.await("its start", () -> manager.kinds(key).contains(ReportKind.RUNNING));
            assertEquals(AgentState.ACTIVE, node.status().state());
        }
        try (AgentNode node = AgentNode.launch(context()))
        {
            real.await("it to come back", () -> manager.connection > 1 && AgentState.ACTIVE == node.status().state());
            manager.kill(key, GRACE_NS, ReportReason.USER_REQUESTED);
            real.await("its end", () -> hasEnded(key));
            assertEquals(143, manager.lastReport().exitCode());
            assertEquals(ReportReason.USER_REQUESTED, manager.lastReport().reason());
        }
    }

    @Test
    void shouldRefuseDirectoryThatIsInUse() throws IOException
    {
        try (AgentNode node = AgentNode.launch(context()))
        {
            final DirectoryInUseException e =
                assertThrows(DirectoryInUseException.class, () -> AgentNode.launch(context()));
            assertTrue(e.getMessage().contains("(process " + ProcessHandle.current().pid() + ")"), e.getMessage());
            assertEquals(0, node.status().agentId());
        }
        AgentNode.launch(context()).close();
    }

    @Test
    void shouldAskForJoinToken()
    {
        final IllegalArgumentException e = assertThrows(
            IllegalArgumentException.class, () -> AgentNode.launch(context().joinToken(null)));
        assertTrue(e.getMessage().contains("give it a join token"), e.getMessage());
    }

    @Test
    void shouldSayWhatIsWrongWithItsCapacity()
    {
        final IllegalArgumentException e = assertThrows(
            IllegalArgumentException.class, () -> AgentNode.launch(context().capacity("cuda.device", 65)));
        assertTrue(e.getMessage().contains("at most 64 devices"), e.getMessage());
    }
}
