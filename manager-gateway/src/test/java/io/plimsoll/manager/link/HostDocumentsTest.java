package io.plimsoll.manager.link;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.manager.Counters;
import io.plimsoll.manager.Counters.Counter;
import io.plimsoll.manager.bed.ManagerBed;
import io.plimsoll.manager.bed.TestAgent;
import io.plimsoll.transport.HostDocument;
import io.plimsoll.transport.sbe.BooleanType;
import io.plimsoll.transport.sbe.HostPartEncoder;
import io.plimsoll.transport.sbe.MessageHeaderEncoder;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Descriptions of hosts, as they come in on links. */
class HostDocumentsTest
{
    private final ManagerBed bed = new ManagerBed().start();
    private final TestAgent agent = bed.join("a");

    @AfterEach
    void shouldNotHaveFailed()
    {
        assertNull(bed.fatal);
    }

    private byte[] document()
    {
        return bed.stages.hosts().document(agent.agentId);
    }

    @Test
    void shouldKeepTheLatestOfAnAgent()
    {
        agent.hostPart(0, false, new byte[]{1, 2});
        bed.run();
        assertNull(document(), "half of it is nothing");
        agent.hostPart(1, true, new byte[]{3});
        bed.run();
        assertArrayEquals(new byte[]{1, 2, 3}, document());
        agent.hostPart(0, true, new byte[]{4});
        bed.run();
        assertArrayEquals(new byte[]{4}, document());
        assertTrue(bed.links.isOpen(agent.linkId));
    }

    @Test
    void shouldBeginAnewOnANewLink()
    {
        agent.hostPart(0, false, new byte[]{1, 2});
        bed.run();
        bed.links.drop(agent.linkId);
        bed.attach(agent);
        agent.hostPart(0, true, new byte[]{7});
        bed.run();
        assertArrayEquals(new byte[]{7}, document());
    }

    @Test
    void shouldCloseALinkWhosePartsMakeNoSense()
    {
        agent.hostPart(1, true, new byte[]{1});
        bed.run();
        assertFalse(bed.links.isOpen(agent.linkId));

        bed.attach(agent);
        agent.hostPart(0, true, new byte[0]);
        bed.run();
        assertFalse(bed.links.isOpen(agent.linkId));
        assertNull(document());
    }

    @Test
    void shouldTakeNoMoreThanItsBoundOfOneAgent()
    {
        final int parts = HostDocument.DEFLATED_MAX / HostDocument.PART_MAX;
        for (int i = 0; i <= parts; i++)
        {
            assertTrue(bed.links.isOpen(agent.linkId), "part " + i);
            agent.hostPart(i, false, new byte[HostDocument.PART_MAX]);
            bed.run();
        }
        assertFalse(bed.links.isOpen(agent.linkId));
        assertNull(document());
    }

    @Test
    void shouldTakeNoMoreThanItsBoundOfAll()
    {
        final Counters counters = new Counters();
        final HostDocuments hosts = new HostDocuments(counters, 10);
        assertTrue(whole(hosts, 1, 8));
        assertTrue(whole(hosts, 2, 8));
        assertNull(hosts.document(2));
        assertEquals(1, counters.value(Counter.HOST_DOCUMENTS_DROPPED));
        assertTrue(whole(hosts, 1, 10), "in the place of what it sent before");
        assertEquals(10, hosts.document(1).length);
    }

    private static boolean whole(final HostDocuments hosts, final int agentId, final int length)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[256]);
        final HostPartEncoder encoder = new HostPartEncoder();
        encoder.wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
            .part(0).last(BooleanType.T).putContent(new byte[length], 0, length);
        return hosts.onPart(
            agentId, agentId, buffer, 0, MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength());
    }
}
