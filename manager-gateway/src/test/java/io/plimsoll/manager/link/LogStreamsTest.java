package io.plimsoll.manager.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.manager.bed.ManagerBed;
import io.plimsoll.manager.bed.TestAgent;
import io.plimsoll.manager.view.LogSource;
import io.plimsoll.transport.sbe.LogEnd;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LogStreamsTest
{
    private final ManagerBed bed = new ManagerBed().start();
    private final List<String> read = new ArrayList<>();
    private TestAgent agent;
    private long kernelId;

    @BeforeEach
    void placeKernel()
    {
        agent = bed.join("a");
        bed.submit(ManagerBed.session("s", 1, 1, false));
        agent.receive();
        kernelId = agent.assigned.get(0).kernelId();
    }

    private LogSource.Stream open(final int attempt)
    {
        return bed.stages.logs().open(
            kernelId,
            attempt,
            true,
            true,
            -1,
            10,
            new LogSource.Listener()
            {
                @Override
                public void onData(final long offset, final byte[] content)
                {
                    read.add(offset + ":" + new String(content, StandardCharsets.UTF_8));
                }

                @Override
                public void onEnd(final String error)
                {
                    read.add("end:" + error);
                }
            });
    }

    @Test
    void shouldReadAsMuchAsAsked()
    {
        final LogSource.Stream stream = open(1);
        stream.request(10);
        agent.receive();
        assertEquals(1, agent.logRequests.size());
        final TestAgent.LogRequest request = agent.logRequests.get(0);
        assertTrue(request.stderr());
        assertEquals(kernelId, request.kernelId());
        assertEquals(10, agent.creditBytes);
        agent.logData(request.requestId(), 0, "hello", LogEnd.OPEN);
        agent.logData(request.requestId(), 5, "world", LogEnd.OPEN);
        bed.run();
        assertEquals(List.of("0:hello", "5:world"), read);
        stream.request(5);
        agent.logData(request.requestId(), 10, "!", LogEnd.COMPLETE);
        bed.run();
        assertEquals("end:null", read.get(3));
        assertEquals(0, bed.stages.logs().size());
        stream.close();
        agent.receive();
        assertEquals(List.of(), agent.closedLogs, "it is over on both sides already");
    }

    @Test
    void shouldCloseLinkOfAgentThatSendsMoreThanAsked()
    {
        open(1).request(4);
        agent.receive();
        agent.logData(agent.logRequests.get(0).requestId(), 0, "hello", LogEnd.OPEN);
        bed.run();
        assertFalse(bed.links.isOpen(agent.linkId));
        assertEquals(List.of("end:agent-unreachable"), read);
    }

    @Test
    void shouldEndWhenLinkCloses()
    {
        open(1);
        bed.links.drop(agent.linkId);
        bed.run();
        assertEquals(List.of("end:agent-unreachable"), read);
        read.clear();
        open(1);
        assertEquals(List.of("end:agent-unreachable"), read);
    }

    @Test
    void shouldSayUnknownKernel()
    {
        open(2);
        assertEquals(List.of("end:unknown-kernel"), read);
        assertEquals(0, bed.stages.logs().size());
    }

    @Test
    void shouldTellAgentWhenReaderLeaves()
    {
        final LogSource.Stream stream = open(1);
        stream.close();
        stream.close();
        agent.receive();
        assertEquals(List.of(agent.logRequests.get(0).requestId()), agent.closedLogs);
        agent.logData(agent.logRequests.get(0).requestId(), 0, "late", LogEnd.OPEN);
        bed.run();
        assertTrue(bed.links.isOpen(agent.linkId), "data that was on its way is no offence");
        assertEquals(List.of(), read);
    }
}
