package io.plimsoll.transport.link;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.transport.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChannelsTest
{
    private static final LinkOptions OPTIONS = LinkOptions.agentDefaults();

    @TempDir
    private Path directory;

    private DownlinkRig rig;
    private ChannelEndpoint server;
    private ChannelConnector client;

    @BeforeEach
    void launch() throws IOException
    {
        rig = new DownlinkRig(directory, OPTIONS, OPTIONS);
        server = new ChannelEndpoint(rig.server);
        client = new ChannelConnector(rig.client, 3);
    }

    @AfterEach
    void close()
    {
        rig.close();
    }

    @Test
    void shouldGiveEachAgentALinkOfItsOwnOverFewConnections()
    {
        final List<Long> near = connect(7);

        assertEquals(3, client.connectionCount());
        assertEquals(3, rig.server.counters().linksOpened.sum());
        final List<Long> far = channelsAtServer();
        assertEquals(7, far.size());
        for (int i = 0; i < 7; i++)
        {
            assertTrue(server.trySend(far.get(i), 40 + i, DownlinkRig.message(16, i + 1), 0, 16));
        }
        server.flush();
        until("all answers", () -> 7 == rig.atClient.frames.size());
        for (final RecordingListener.Frame answer : rig.atClient.frames)
        {
            final int number = near.indexOf(answer.linkId());
            final long told = far.get((int)answer.agentId() - 40);
            final RecordingListener.Frame hello = rig.atServer.frames.stream()
                .filter(frame -> told == frame.linkId()).findFirst().orElseThrow();
            assertArrayEquals(DownlinkRig.message(8, number + 1).byteArray(), hello.message());
            assertEquals(0, hello.agentId());
        }
    }

    @Test
    void shouldCloseOneChannelAndLeaveTheOthers()
    {
        final List<Long> near = connect(2);
        final List<Long> far = channelsAtServer();
        server.closeLink(far.get(0), "enough");
        server.flush();
        until("both sides know", () -> rig.atClient.closed.size() == 1 && rig.atServer.closed.containsKey(far.get(0)));

        assertFalse(server.trySend(far.get(0), 1, DownlinkRig.message(8, 1), 0, 8));
        final long left = rig.atClient.closed.containsKey(near.get(0)) ? near.get(1) : near.get(0);
        final int before = rig.atServer.frames.size();
        assertTrue(client.trySend(left, 2, DownlinkRig.message(8, 9), 0, 8));
        client.flush();
        until("the other goes on", () -> rig.atServer.frames.size() > before);
        assertEquals(far.get(1), rig.atServer.frames.get(before).linkId());
    }

    @Test
    void shouldNotTakeWhatComesLateForANewChannel()
    {
        final List<Long> near = connect(2);
        final List<Long> far = channelsAtServer();
        final int opened = rig.atServer.opened.size();
        server.closeLink(far.get(0), "enough");
        // Not flushed: the client knows nothing of it yet.
        for (final long linkId : near)
        {
            assertTrue(client.trySend(linkId, 5, DownlinkRig.message(8, 9), 0, 8));
        }
        client.flush();
        until("what belongs to the other", () -> rig.atServer.frames.stream().anyMatch(frame -> 5 == frame.agentId()));
        server.flush();
        until("the client knows", () -> 1 == rig.atClient.closed.size());

        assertEquals(opened, rig.atServer.opened.size());
        assertEquals(1, rig.atServer.frames.stream().filter(frame -> 5 == frame.agentId()).count());
    }

    @Test
    void shouldTellTheServerWhenAnAgentLeavesAndOpenAnew()
    {
        final List<Long> near = connect(3);
        client.closeLink(near.get(1), "leaves");
        client.flush();
        until("it has left", () -> rig.atClient.closed.containsKey(near.get(1)) && 2 == rig.atServer.closed.size());

        connect(1);
        assertEquals(1, client.connectionCount());
        assertEquals(4, channelsAtServer().size());
    }

    @Test
    void shouldCloseAllChannelsWithTheirConnection()
    {
        final List<Long> near = connect(3);
        final long connection = rig.atServer.opened.keySet().stream().filter(id -> id > 0).findFirst().orElseThrow();
        server.closeLink(connection, "the whole of it");
        until("all are closed", () -> rig.atClient.closed.keySet().containsAll(near) &&
            rig.atServer.closed.keySet().containsAll(channelsAtServer()));

        assertEquals(0, client.connectionCount());
        assertFalse(client.trySend(near.get(0), 0, DownlinkRig.message(8, 1), 0, 8));
    }

    @Test
    void shouldPassAConnectionThroughThatNobodyShares()
    {
        final int opened = rig.atClient.opened.size();
        final long near = rig.client.tryConnect("127.0.0.1", rig.server.port());
        Await.until("open", () ->
        {
            server.poll(rig.atServer, 100);
            rig.client.poll(rig.atClient, 100);
            return rig.atClient.opened.size() > opened && !rig.atServer.opened.isEmpty();
        });
        final long far = rig.atServer.lastOpened();
        assertTrue(far > 0);
        assertTrue(rig.client.trySend(near, 77, DownlinkRig.message(8, 3), 0, 8));
        rig.client.flush();
        until("arrived", () -> 1 == rig.atServer.frames.size());
        assertEquals(far, rig.atServer.frames.get(0).linkId());
        assertEquals(77, rig.atServer.frames.get(0).agentId());
        assertTrue(rig.atServer.closed.isEmpty());
    }

    /** Agents that have said something, each a byte of its own. */
    private List<Long> connect(final int count)
    {
        final List<Long> near = new ArrayList<>();
        for (int i = 0; i < count; i++)
        {
            near.add(client.tryConnect("127.0.0.1", rig.server.port()));
        }
        until("open", () -> rig.atClient.opened.keySet().containsAll(near));
        final int before = rig.atServer.frames.size();
        for (int i = count - 1; i >= 0; i--)
        {
            final UnsafeBuffer hello = DownlinkRig.message(8, i + 1);
            assertTrue(client.trySend(near.get(i), 0, hello, 0, 8));
        }
        client.flush();
        until("all have said hello", () -> before + count == rig.atServer.frames.size());
        return near;
    }

    private List<Long> channelsAtServer()
    {
        return rig.atServer.opened.keySet().stream().filter(id -> id < 0).toList();
    }

    private void until(final String what, final BooleanSupplier condition)
    {
        Await.until(what, () ->
        {
            server.poll(rig.atServer, 100);
            client.poll(rig.atClient, 100);
            return condition.getAsBoolean();
        });
    }
}
