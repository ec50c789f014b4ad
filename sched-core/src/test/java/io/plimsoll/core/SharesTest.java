package io.plimsoll.core;

import static io.plimsoll.core.testkit.SubmitSpec.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.sbe.ReportKind;
import io.plimsoll.core.testkit.AgentHello;
import io.plimsoll.core.testkit.CoreHarness;
import io.plimsoll.core.testkit.SubmitSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

class SharesTest
{
    private static final int DEVICE = 2;
    private static final int SHARE = 3;

    private final CoreHarness core = CoreHarness.started();

    private String submit(final SubmitSpec session)
    {
        final List<String> events = core.run(core.command.submit(session));
        final String last = events.get(events.size() - 1);
        return last.startsWith("assigned") ? last.substring(last.indexOf("slot")) : last;
    }

    private static SubmitSpec share(final long thousandths)
    {
        return session().cpu(100).mem(1).slot("cuda.shares", thousandths);
    }

    private long free(final int slot)
    {
        return core.core().state().agents.free(1, slot);
    }

    @Test
    void shouldDefineSharesWithTheirDevices()
    {
        core.join(new AgentHello(1, 8000, 9000).slot("cuda.device", 2));
        assertTrue(core.core().state().slots.isShare(SHARE));
        assertEquals(DEVICE, core.core().state().slots.partner(SHARE));
        assertEquals(2000, core.core().state().agents.capacity(1, SHARE));
        assertEquals(1000, free(SHARE));
    }

    @Test
    void shouldTakeSharesFromTheFullestDeviceThatHasRoom()
    {
        core.join(new AgentHello(1, 8000, 9000).slot("cuda.device", 3));
        assertEquals("slot 3=300/1", submit(share(300)));
        assertEquals("slot 3=800/2", submit(share(800)));
        assertEquals("slot 3=200/2", submit(share(200)));
        assertEquals("slot 3=500/1", submit(share(500)));
        assertEquals("slot 3=1000/4", submit(share(1000)));
        assertEquals(0, free(DEVICE));
        assertEquals(200, free(SHARE));
        assertEquals("accepted 6 x 1", submit(share(201)));
    }

    @Test
    void shouldSpreadMoreThanAWholeDeviceEvenlyOverAsFewAsCanHoldIt()
    {
        core.join(new AgentHello(1, 8000, 9000).slot("cuda.device", 4));
        assertEquals("slot 3=2502/7", submit(share(2500)));
        assertEquals(1, free(DEVICE));
        core.report(1, ReportKind.EXITED);
        assertEquals(4, free(DEVICE));
    }

    @Test
    void shouldKeepSharesOffWholeDevicesAndWholeDevicesOffShared()
    {
        core.join(new AgentHello(1, 8000, 9000).slot("cuda.device", 2));
        submit(share(100));
        assertEquals("accepted 2 x 1", submit(session().slot("cuda.device", 2)));
        assertEquals("slot 2=1/2", submit(session().slot("cuda.device", 1)));
        assertEquals("slot 3=900/1", submit(share(900)));
        assertEquals(0, free(SHARE));
        core.report(1, ReportKind.EXITED);
        core.report(3, ReportKind.EXITED);
        assertFalse(core.last().toString().contains("assigned"));
        assertTrue(core.report(4, ReportKind.EXITED).toString().contains("assigned 2.0 agent 1"));
    }

    @Test
    void shouldGiveBothKindsOfOneFamily()
    {
        core.join(new AgentHello(1, 8000, 9000).slot("cuda.device", 2));
        assertEquals("slot 2=1/1 slot 3=400/2", submit(share(400).slot("cuda.device", 1)));
        assertEquals("accepted 2 x 1", submit(share(400).slot("cuda.device", 1)));
        assertEquals("slot 3=600/2", submit(share(600)));
    }

    @Test
    void shouldPlaceGangsOfSharesOnOneAgentAsFarAsItsDevicesGo()
    {
        core.join(new AgentHello(1, 8000, 9000).slot("cuda.device", 2));
        assertEquals("slot 3=400/2", submit(share(400).kernels(4)));
        assertEquals("accepted 2 x 1", submit(share(400)));
        assertEquals("slot 3=200/1", submit(share(200)));
    }

    @Test
    void shouldRejectSharesThatNoAgentCouldEverGive()
    {
        core.join(new AgentHello(1, 8000, 9000).slot("cuda.device", 2));
        assertEquals(
            "rejected UNSATISFIABLE entry 0 subject 0 requested 2001 limit 2000 field cuda.shares",
            submit(share(2001)));
        assertEquals(
            "rejected UNSATISFIABLE entry 0 subject 0 requested 3 limit 2 field kernels",
            submit(share(600).kernels(3)));
    }

    @Test
    void shouldRejectAnAgentThatOffersShares()
    {
        assertEquals(
            "rejected OUT_OF_RANGE entry 0 subject 0 requested 4 limit 0 field cuda.shares",
            core.run(core.command.agentConnected(new AgentHello(1, 8000, 9000).slot("cuda.shares", 4))).get(0));
    }

    @Test
    void shouldAcceptSharesBeforeAnyAgentHasDevices()
    {
        assertEquals("accepted 1 x 1", submit(share(300)));
        core.join(new AgentHello(1, 8000, 9000).slot("cuda.device", 1));
        assertTrue(core.last().toString().contains("slot 3=300/1"));
    }

    @Test
    void shouldRestoreSharesFromEvents()
    {
        core.join(new AgentHello(1, 8000, 9000).slot("cuda.device", 2));
        submit(share(300));
        submit(share(1400));
        assertEquals(core.core().stateHash(), core.restored().stateHash());
        core.restart();
        core.core().dropCaches();
        assertEquals("slot 3=300/2", submit(share(300)));
    }

    @Test
    void shouldPlaceNoMoreKernelsThanAnAgentTakes()
    {
        final AgentHello hello = new AgentHello(1, 8000, 9000);
        hello.kernelsMax = 2;
        core.join(hello);
        assertTrue(core.run(core.command.submit(session(), session(), session())).toString().contains("assigned 2.0"));
        assertFalse(core.last().toString().contains("assigned 3.0"));
        assertTrue(core.report(1, ReportKind.EXITED).toString().contains("assigned 3.0"));
        assertEquals(
            "rejected UNSATISFIABLE entry 0 subject 0 requested 3 limit 2 field kernels", submit(session().kernels(3)));
    }
}
