package io.plimsoll.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.plimsoll.agent.Assignments;
import io.plimsoll.agent.kernel.KernelDirectory;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.transport.sbe.ReportReason;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ports of kernels: kept in their directories, held across restarts, and nobody else's. */
class ServicePortsTest
{
    private static final long COOL_DOWN_NS = TimeUnit.SECONDS.toNanos(60);
    private static final String HOLD = "echo $PLIMSOLL_PORTS >told; while [ ! -e go ]; do sleep 0.01; done";

    @TempDir
    private Path directory;
    private int first;

    /** Three ports in a row that nobody listens on. */
    @BeforeEach
    void before()
    {
        first = 20_000 + (int)(ProcessHandle.current().pid() % 5_000);
        while (!isFree(first) || !isFree(first + 1) || !isFree(first + 2))
        {
            first++;
        }
    }

    private static boolean isFree(final int port)
    {
        try (ServerSocket socket = new ServerSocket(port))
        {
            return socket.isBound();
        }
        catch (final IOException e)
        {
            return false;
        }
    }

    private String range()
    {
        return first + "-" + (first + 2);
    }

    private Path kernel(final String name) throws IOException
    {
        return Files.createDirectories(directory.resolve(name));
    }

    private PortLocks locks() throws IOException
    {
        return PortLocks.at(directory.resolve("locks"));
    }

    /** Neither of them listens yet when the other chooses. */
    @Test
    void shouldNotHandOutWhatAnotherAgentOnThisHostHas() throws IOException
    {
        final ServicePorts other = ServicePorts.of(range(), kernel("other"), locks());
        assertEquals(Map.of(first, 80), other.acquire(kernel("a"), List.of(80), 0));
        final ServicePorts ports = ServicePorts.of(range(), kernel("own"), locks());
        assertEquals(Map.of(first + 1, 80), ports.acquire(kernel("b"), List.of(80), 0));
        assertEquals(Map.of(first + 2, first), ports.acquire(kernel("c"), List.of(first), true, 0));
        other.close();
        ports.release(List.of(first + 1), 0);
        assertEquals(Map.of(first, first), ports.acquire(kernel("d"), List.of(first), true, 0));
    }

    @Test
    void shouldHandOutAllOrNothingAndCoolDown() throws IOException
    {
        final ServicePorts ports = ServicePorts.of(range(), kernel(""), locks());
        assertEquals(Map.of(first, 8080, first + 1, 8081), ports.acquire(kernel("a"), List.of(8080, 8081), 0));
        assertNull(ports.acquire(kernel("b"), List.of(80, 81), 0));
        ports.release(List.of(first), 1);
        // Nobody was told of the third one when two were asked for: it need not rest.
        assertEquals(Map.of(first + 2, 80), ports.acquire(kernel("b"), List.of(80), 1));
        assertNull(ports.acquire(kernel("c"), List.of(81), 1));
        assertEquals(Map.of(first, 81), ports.acquire(kernel("c"), List.of(81), 1 + COOL_DOWN_NS));
        assertEquals("81=" + first + '\n', Files.readString(directory.resolve("c").resolve(KernelDirectory.PORTS)));
    }

    @Test
    void shouldPassOverPortsOfOthers() throws IOException
    {
        final ServicePorts ports = ServicePorts.of(range(), kernel(""), locks());
        try (ServerSocket other = new ServerSocket(first))
        {
            assertEquals(Map.of(first + 1, 80), ports.acquire(kernel("a"), List.of(80), 0));
            assertEquals(first, other.getLocalPort());
        }
    }

    @Test
    void shouldHoldPortsOfEarlierLivesUntilItIsKnownWhoLivesOn() throws IOException
    {
        Files.writeString(kernel("lives").resolve(KernelDirectory.PORTS), "80=" + first + '\n');
        Files.writeString(kernel("gone").resolve(KernelDirectory.PORTS), "80=" + (first + 1) + '\n');
        final ServicePorts ports = ServicePorts.of(range(), directory, locks());
        assertEquals(Map.of(first, 80), ports.claim(directory.resolve("lives")));
        ports.settle(5);
        assertEquals(Map.of(first + 2, 80), ports.acquire(kernel("a"), List.of(80), 6));
        // What is left of the one that is gone cools down like any other.
        assertNull(ports.acquire(kernel("b"), List.of(80), 4 + COOL_DOWN_NS));
        assertEquals(Map.of(first + 1, 80), ports.acquire(kernel("b"), List.of(80), 5 + COOL_DOWN_NS));
        assertNull(ports.acquire(kernel("c"), List.of(80), 10 * COOL_DOWN_NS));
    }

    @Test
    void shouldTellKernelsTheirPortsAndKeepThemAcrossRestarts() throws IOException
    {
        try (Processes processes = new Processes(directory))
        {
            processes.restart(range());
            final KernelKey one = processes.launch(Assignments.of(1).ports(HOLD, 8080, 9090).make());
            assertEquals("8080=" + first + ",9090=" + (first + 1), processes.awaitText(one, "work/told"));
            processes.awaitStarted(one);
            processes.restart();
            final KernelKey two = processes.launch(Assignments.of(2).ports(HOLD, 8080).make());
            assertEquals("8080=" + (first + 2), processes.awaitText(two, "work/told"));
            final KernelKey none = processes.launch(Assignments.of(3).ports("true", 8080).make());
            assertEquals(ReportReason.LAUNCH_FAILED, processes.awaitEnd(none).reason());
            assertEquals("this agent has no free port for the kernel now", processes.ends.get(none).detail());

            Files.createFile(processes.file(one, "work/go"));
            processes.awaitEnd(one);
            // Its ports cool down.
            final KernelKey late = processes.launch(Assignments.of(4).ports("true", 8080).make());
            assertEquals(ReportReason.LAUNCH_FAILED, processes.awaitEnd(late).reason());
        }
    }
}
