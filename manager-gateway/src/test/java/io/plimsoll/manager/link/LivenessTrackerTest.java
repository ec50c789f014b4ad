package io.plimsoll.manager.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.sbe.AgentLostDecoder;
import io.plimsoll.core.sbe.AgentReturnedDecoder;
import io.plimsoll.core.sbe.AgentSuspectDecoder;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.manager.Counters;
import io.plimsoll.manager.Counters.Counter;
import io.plimsoll.manager.bed.MemoryLinks;
import io.plimsoll.manager.bed.MemoryUplink;
import io.plimsoll.manager.bed.RecordingIngress;
import io.plimsoll.manager.bed.SettableClock;
import io.plimsoll.manager.egress.SpecStore;
import io.plimsoll.manager.view.LiveViewStore;
import io.plimsoll.transport.sbe.LeaseGrantDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LivenessTrackerTest
{
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final int SUSPECT = AgentSuspectDecoder.TEMPLATE_ID;
    private static final int LOST = AgentLostDecoder.TEMPLATE_ID;
    private static final int RETURNED = AgentReturnedDecoder.TEMPLATE_ID;

    private final SettableClock clock = new SettableClock();
    private final RecordingIngress ingress = new RecordingIngress();
    private final MemoryLinks links = new MemoryLinks();
    private final LinkTable table = new LinkTable();
    private final Counters counters = new Counters();
    private AgentSideOptions options =
        new AgentSideOptions(SECOND, 30 * SECOND, 3 * SECOND, 60 * SECOND, SECOND, SECOND, 8, 8);
    private LivenessTracker tracker;

    @BeforeEach
    void start()
    {
        tracker = new LivenessTracker(
            new LinkParts(links, new MemoryUplink(), table, new Handshakes(), options, HostDocuments.NONE),
            ingress,
            new LiveViewStore(new SpecStore(), 8),
            clock::monotonicNs,
            counters,
            46 * SECOND);
    }

    private AgentLink attach(final int agentId)
    {
        final AgentLink link = new AgentLink(links.open(), agentId, 1, 0, "");
        table.attach(link);
        link.reconciled(true);
        tracker.onAttached(link);
        return link;
    }

    private void pass(final long seconds, final int... beating)
    {
        for (int i = 0; i < 2 * seconds; i++)
        {
            clock.advance(500, TimeUnit.MILLISECONDS);
            for (final int agentId : beating)
            {
                tracker.onHeartbeat(agentId, 1, i + 1);
            }
            tracker.doWork();
        }
    }

    @Test
    void shouldSuspectAfterThreeSecondsAndLoseAfterSixty()
    {
        attach(1);
        pass(2);
        assertEquals(List.of(), ingress.takeTemplates());
        pass(1);
        assertEquals(List.of(SUSPECT), ingress.takeTemplates());
        pass(56);
        assertEquals(List.of(), ingress.takeTemplates());
        pass(1);
        assertEquals(List.of(LOST), ingress.takeTemplates());
        pass(200);
        assertEquals(List.of(), ingress.takeTemplates(), "a loss is told once");
    }

    @Test
    void shouldTellReturnOnceHeardAgain()
    {
        attach(1);
        pass(4);
        ingress.take();
        pass(1, 1);
        assertEquals(List.of(RETURNED), ingress.takeTemplates());
        pass(64);
        assertEquals(List.of(SUSPECT, LOST), ingress.takeTemplates());
        pass(1, 1);
        assertEquals(List.of(RETURNED), ingress.takeTemplates());
    }

    @Test
    void shouldIgnoreHeartbeatsOfOlderConnections()
    {
        attach(1);
        for (int i = 0; i < 8; i++)
        {
            tracker.onHeartbeat(1, 0, i + 1);
            pass(1);
        }
        assertEquals(List.of(SUSPECT), ingress.takeTemplates());
    }

    @Test
    void shouldRetryWhatTheRingRefused()
    {
        attach(1);
        ingress.full(true);
        pass(4);
        assertEquals(0, ingress.size());
        ingress.full(false);
        pass(1);
        assertEquals(List.of(SUSPECT), ingress.takeTemplates());
    }

    @Test
    void shouldCountEveryoneAsHeardAfterItsOwnPause()
    {
        attach(1);
        clock.advance(70, TimeUnit.SECONDS);
        tracker.doWork();
        assertEquals(List.of(), ingress.takeTemplates());
        assertEquals(1, counters.value(Counter.TRACKER_PAUSES));
        pass(3);
        assertEquals(List.of(SUSPECT), ingress.takeTemplates());
    }

    @Test
    void shouldFailOverOneOfTwo()
    {
        attach(1);
        attach(2);
        pass(61, 2);
        assertEquals(List.of(SUSPECT, LOST), ingress.takeTemplates());
    }

    @Test
    void shouldHoldFailOverWhenMoreThanAQuarterIsSilent()
    {
        final int[] beating = new int[5];
        for (int agentId = 1; agentId <= 8; agentId++)
        {
            attach(agentId);
            if (agentId > 3)
            {
                beating[agentId - 4] = agentId;
            }
        }
        pass(100, beating);
        assertEquals(List.of(SUSPECT, SUSPECT, SUSPECT), ingress.takeTemplates());
        assertEquals(Set.of(""), tracker.heldGroups());
        // One answers: a quarter of eight is still silent, not more, and those two are lost now.
        tracker.onHeartbeat(1, 1, 1);
        pass(1, 1, 4, 5, 6, 7, 8);
        final List<Integer> told = ingress.takeTemplates();
        assertEquals(3, told.size());
        assertTrue(told.containsAll(List.of(RETURNED, LOST)), told.toString());
        assertEquals(Set.of(), tracker.heldGroups());
    }

    @Test
    void shouldLoseAQuarterWithoutHolding()
    {
        for (int agentId = 1; agentId <= 8; agentId++)
        {
            attach(agentId);
        }
        pass(61, 3, 4, 5, 6, 7, 8);
        assertEquals(List.of(SUSPECT, SUSPECT, LOST, LOST), ingress.takeTemplates());
    }

    @Test
    void shouldFailOverHeldGroupWhenOperatorSaysSo()
    {
        attach(1);
        attach(2);
        pass(70);
        assertEquals(List.of(SUSPECT, SUSPECT), ingress.takeTemplates());
        assertFalse(tracker.release("elsewhere"));
        assertTrue(tracker.release(""));
        pass(1);
        assertEquals(List.of(LOST, LOST), ingress.takeTemplates());
        assertFalse(tracker.release(""));
    }

    @Test
    void shouldNotCountAgentsLostBefore()
    {
        attach(1);
        attach(2);
        attach(3);
        attach(4);
        pass(61, 2, 3, 4);
        pass(61, 3, 4);
        assertEquals(List.of(SUSPECT, LOST, SUSPECT, LOST), ingress.takeTemplates());
    }

    @Test
    void shouldGrantOneLeaseForSeveralHeartbeats()
    {
        final AgentLink link = attach(1);
        tracker.onHeartbeat(1, 1, 1);
        tracker.onHeartbeat(1, 1, 2);
        tracker.onHeartbeat(1, 1, 3);
        tracker.doWork();
        assertEquals(List.of(3L), grants(link));
        tracker.doWork();
        assertEquals(List.of(), grants(link));
    }

    @Test
    void shouldAnswerFirstHeartbeatAndThenOneWheneverAQuarterOfTheLeaseIsUsed()
    {
        final AgentLink link = attach(1);
        beatEverySecond(24);
        assertEquals(List.of(1L, 9L, 17L), grants(link));
    }

    @Test
    void shouldAnswerEachHeartbeatOfAShortLease()
    {
        options = options.withTimes(SECOND, 4 * SECOND + SECOND / 10, 3 * SECOND, 8 * SECOND);
        start();
        final AgentLink link = attach(1);
        beatEverySecond(4);
        assertEquals(List.of(1L, 2L, 3L, 4L), grants(link));
    }

    @Test
    void shouldAnswerEveryEighthHeartbeatOfALongLease()
    {
        options = options.withTimes(SECOND, 300 * SECOND, 3 * SECOND, 600 * SECOND);
        start();
        final AgentLink link = attach(1);
        beatEverySecond(20);
        assertEquals(List.of(1L, 9L, 17L), grants(link), "an agent takes a longer silence for a broken link");
    }

    @Test
    void shouldAnswerSoonAfterSeveralHeartbeatsWereLost()
    {
        final AgentLink link = attach(1);
        beatEverySecond(8);
        clock.advance(900, TimeUnit.MILLISECONDS);
        tracker.doWork();
        clock.advance(900, TimeUnit.MILLISECONDS);
        tracker.doWork();
        tracker.onHeartbeat(1, 1, 10);
        tracker.doWork();
        assertEquals(List.of(1L, 10L), grants(link));
    }

    @Test
    void shouldAnswerFirstHeartbeatOfANewConnection()
    {
        final AgentLink first = attach(1);
        beatEverySecond(2);
        assertEquals(List.of(1L), grants(first));
        final AgentLink second = attach(1);
        beatEverySecond(1);
        assertEquals(List.of(1L), grants(second));
    }

    private void beatEverySecond(final int heartbeats)
    {
        for (int i = 1; i <= heartbeats; i++)
        {
            tracker.onHeartbeat(1, 1, i);
            tracker.doWork();
            clock.advance(1, TimeUnit.SECONDS);
            tracker.doWork();
        }
    }

    @Test
    void shouldKeepLeaseBackUntilReconciled()
    {
        final AgentLink link = attach(1);
        link.reconciled(false);
        tracker.onHeartbeat(1, 1, 1);
        tracker.doWork();
        assertEquals(List.of(), grants(link));
        link.reconciled(true);
        tracker.doWork();
        assertEquals(List.of(1L), grants(link), "a lease counts from the heartbeat, so a late grant is safe");
    }

    @Test
    void shouldKeepLeaseBackAfterLossUntilTheReturnIsReleased()
    {
        final AgentLink link = attach(1);
        pass(61);
        tracker.onHeartbeat(1, 1, 7);
        tracker.doWork();
        assertEquals(List.of(), grants(link));
        pass(1);
        assertEquals(List.of(SUSPECT, LOST, RETURNED), ingress.takeTemplates());
        assertEquals(List.of(), grants(link), "the kills that follow from the return must be queued first");
        link.onReturnReleased();
        tracker.doWork();
        assertEquals(List.of(7L), grants(link));
    }

    private List<Long> grants(final AgentLink link)
    {
        final List<Long> grants = new ArrayList<>();
        for (final byte[] frame : links.take(link.linkId()))
        {
            grants.add(
                new LeaseGrantDecoder()
                    .wrapAndApplyHeader(
                        new UnsafeBuffer(frame), 0, new io.plimsoll.transport.sbe.MessageHeaderDecoder())
                    .heartbeatNo());
        }
        return grants;
    }

    @Test
    void shouldTellOfManyInPortionsWithoutWaiting()
    {
        for (int agentId = 1; agentId <= 1_000; agentId++)
        {
            attach(agentId);
        }
        for (int i = 0; i < 6; i++)
        {
            clock.advance(500, TimeUnit.MILLISECONDS);
            tracker.doWork();
        }
        assertEquals(256, ingress.takeTemplates().size());
        for (int agentId = 1; agentId <= 1_000; agentId++)
        {
            // Some were not told of yet, and are not then; the others are back as soon as the rest is told.
            tracker.onHeartbeat(agentId, 1, 1);
        }
        int returned = 0;
        for (int i = 0; i < 4; i++)
        {
            tracker.doWork();
            for (final int template : ingress.takeTemplates())
            {
                assertEquals(RETURNED, template);
                returned++;
            }
        }
        assertEquals(256, returned);
        assertEquals(256, counters.value(Counter.AGENTS_SUSPECTED));
    }

    @Test
    void shouldNameAgentAndConnection()
    {
        attach(9);
        pass(3);
        final UnsafeBuffer command = new UnsafeBuffer(ingress.take().get(0));
        final AgentSuspectDecoder suspect =
            new AgentSuspectDecoder().wrapAndApplyHeader(command, 0, new MessageHeaderDecoder());
        assertEquals(9, suspect.agentId());
        assertEquals(1, suspect.connection());
    }
}
