package io.plimsoll.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.pipeline.ThreadingMode;
import io.plimsoll.manager.link.AgentSideOptions;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ManagerContextTest
{
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final ManagerContext context = new ManagerContext().dataDirectory(Path.of("data"));

    @Test
    void shouldTakeDefaults()
    {
        ManagerContextValidator.validate(context);
        assertEquals(7077, context.apiAddress().getPort());
        assertEquals(7078, context.agentAddress().getPort());
        assertEquals(7078, context.uplinkAddress().getPort());
        assertEquals(3 * SECOND, context.agentSide().suspectNs());
        assertEquals(60 * SECOND, context.agentSide().lostNs());
    }

    @Test
    void shouldDerivePortsOfAgentsFromThatOfTheApi()
    {
        context.apiAddress(new InetSocketAddress("127.0.0.1", 0));
        assertEquals(0, context.agentAddress().getPort());
        context.agentAddress(new InetSocketAddress("127.0.0.1", 9000));
        assertEquals(9000, context.uplinkAddress().getPort());
    }

    @Test
    void shouldKeepLeaseAndMarginBelowAnyLoss()
    {
        for (long lostNs = 6 * SECOND; lostNs < 300 * SECOND; lostNs += SECOND)
        {
            context.liveness(Math.min(SECOND, lostNs / 12), Math.min(3 * SECOND, lostNs / 4), lostNs);
            ManagerContextValidator.validate(context);
        }
    }

    @Test
    void shouldSayWhyLossIsTooShort()
    {
        context.liveness(SECOND / 4, SECOND, 4 * SECOND);
        final IllegalArgumentException wrong =
            assertThrows(IllegalArgumentException.class, () -> ManagerContextValidator.validate(context));
        assertTrue(wrong.getMessage().contains("lease"), wrong.getMessage());
    }

    @Test
    void shouldRefuseSuspicionBeforeTwoHeartbeats()
    {
        final AgentSideOptions options =
            context.agentSide().withTimes(2 * SECOND, 30 * SECOND, 3 * SECOND, 60 * SECOND);
        assertThrows(
            IllegalArgumentException.class, () -> ManagerContextValidator.validate(options, 15 * SECOND));
    }

    @Test
    void shouldChooseThreadsByCores()
    {
        final boolean few = Runtime.getRuntime().availableProcessors() < 4;
        assertEquals(few ? ThreadingMode.SHARED : ThreadingMode.DEDICATED, context.threadingMode());
        context.threadingMode(ThreadingMode.DEDICATED);
        assertEquals(ThreadingMode.DEDICATED, context.threadingMode());
    }
}
