package io.plimsoll.manager.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.manager.bed.ManagerBed;
import io.plimsoll.manager.bed.TestAgent;
import io.plimsoll.transport.sbe.ReportKind;
import io.plimsoll.transport.sbe.ReportReason;
import io.plimsoll.transport.uplink.UplinkSender;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Frames that no honest agent sends: the link closes, and the cluster goes on. */
class HostileFramesTest
{
    private static final int ROUNDS = 3_000;

    private final ManagerBed bed = new ManagerBed().start();
    private final Random random = new Random(1);

    @AfterEach
    void shouldGoOn()
    {
        assertNull(bed.fatal, () -> String.valueOf(bed.fatal));
        final TestAgent honest = bed.join("honest");
        final long id = bed.submit(ManagerBed.session("after", 1, 1, false)).firstId();
        assertTrue(bed.links.isOpen(honest.linkId));
        assertEquals(LifeState.SCHEDULED, bed.view().session(id).state());
    }

    private byte[] broken(final byte[] message)
    {
        final byte[] copy = message.clone();
        switch (random.nextInt(4))
        {
            case 0 ->
            {
                for (int i = 0; i <= random.nextInt(4); i++)
                {
                    copy[random.nextInt(copy.length)] = (byte)random.nextInt();
                }
                return copy;
            }
            case 1 ->
            {
                return Arrays.copyOf(copy, random.nextInt(copy.length));
            }
            case 2 ->
            {
                final byte[] noise = new byte[random.nextInt(200)];
                random.nextBytes(noise);
                return noise;
            }
            default ->
            {
                final int at = random.nextInt(copy.length - 1);
                copy[at] = (byte)0xFF;
                copy[at + 1] = (byte)0xFF;
                return copy;
            }
        }
    }

    @Test
    void shouldSurviveBrokenHellos()
    {
        final TestAgent template = new TestAgent(bed.links, bed.uplink, "t");
        template.joinToken = ManagerBed.JOIN_TOKEN;
        final byte[] hello = template.hello();
        for (int i = 0; i < ROUNDS; i++)
        {
            final long linkId = bed.links.open();
            bed.links.receive(linkId, random.nextInt(20) == 0 ? 5 : 0, broken(hello));
            bed.run();
            bed.links.drop(linkId);
            bed.run();
        }
        assertTrue(bed.view().agents().stream().noneMatch(agent -> agent.connected()));
    }

    @Test
    void shouldSurviveBrokenReports()
    {
        final TestAgent agent = bed.join("hostile");
        bed.submit(ManagerBed.session("victim", 1, 1, false));
        agent.receive();
        final TestAgent.Assigned kernel = agent.assigned.get(0);
        for (int i = 0; i < ROUNDS; i++)
        {
            if (!bed.links.isOpen(agent.linkId))
            {
                bed.attach(agent, kernel);
            }
            final byte[] report =
                agent.encodeReport(i + 1, kernel, ReportKind.PULLING, ReportReason.NONE, -1);
            bed.uplink.send(
                agent.agentId,
                agent.connection,
                random.nextInt(5) == 0 ? UplinkSender.HEARTBEAT_STREAM : UplinkSender.REPORT_STREAM,
                broken(report));
            bed.run();
            assertNull(bed.fatal, () -> String.valueOf(bed.fatal));
        }
        assertEquals(0, bed.uplink.waiting());
    }

    @Test
    void shouldCloseLinkOfAgentThatNamesAnotherOnItsFrames()
    {
        final TestAgent agent = bed.join("a");
        bed.links.receive(agent.linkId, agent.agentId + 1, new byte[16]);
        bed.run();
        assertFalse(bed.links.isOpen(agent.linkId));
        assertFalse(bed.uplink.isAdmitted(agent.agentId, agent.connection));
    }

    @Test
    void shouldCloseLinkThatSpeaksBeforeWelcome()
    {
        final TestAgent agent = new TestAgent(bed.links, bed.uplink, "a");
        agent.joinToken = ManagerBed.JOIN_TOKEN;
        agent.connect();
        bed.links.receive(agent.linkId, 0, agent.hello());
        bed.run();
        assertFalse(bed.links.isOpen(agent.linkId));
        bed.run();
        assertFalse(bed.view().agent("a").connected(), "the core is told of the end as well");
    }

    @Test
    void shouldCloseLinkOfAgentWithImpossibleReport()
    {
        for (final int exitCode : List.of(-2, 256, Integer.MAX_VALUE))
        {
            final TestAgent agent = bed.join("a" + exitCode);
            agent.report(
                new TestAgent.Assigned(1024, 1, 1, 1, 1, -1, List.of(), ""),
                ReportKind.EXITED,
                ReportReason.COMPLETED,
                exitCode);
            bed.run();
            assertFalse(bed.links.isOpen(agent.linkId));
        }
    }

    @Test
    void shouldIgnoreReportsOfKernelsThatItWasNeverGiven()
    {
        final TestAgent victim = bed.join("victim");
        bed.submit(ManagerBed.session("s", 1, 1, false));
        victim.receive();
        final TestAgent thief = bed.join("thief");
        thief.report(victim.assigned.get(0), ReportKind.EXITED, ReportReason.COMPLETED, 0);
        bed.run();
        assertEquals(LifeState.SCHEDULED, bed.view().session(1).state());
    }

    @Test
    void shouldRefuseMoreHandshakesThanItCanHold()
    {
        for (int i = 0; i < 1_100; i++)
        {
            bed.links.open();
        }
        bed.run();
        final long closed = LongStream.rangeClosed(1, 1_100)
            .filter(linkId -> !bed.links.isOpen(linkId)).count();
        assertEquals(76, closed);
        for (long linkId = 1; linkId <= 1_100; linkId++)
        {
            bed.links.drop(linkId);
        }
        bed.run();
    }
}
