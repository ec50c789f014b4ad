package io.plimsoll.transport.uplink;

import io.plimsoll.transport.Await;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A receiver, and senders with a media driver of their own, on loopback. */
final class UplinkRig implements AutoCloseable, UplinkReceiver.Handler
{
    static final byte[] HEARTBEAT_KEY = "heartbeat key 16".getBytes(StandardCharsets.US_ASCII);
    static final byte[] REPORT_KEY = "report key of 16".getBytes(StandardCharsets.US_ASCII);
    private static final int POLL_LIMIT = 10;

    final MediaDriverHost managerDriver;
    final MediaDriverHost agentDriver;
    final AeronUplinkReceiver receiver;
    final AeronUplinks uplinks;
    final List<Message> messages = new ArrayList<>();
    boolean isRefusing;
    int refused;

    UplinkRig(final UplinkSenderOptions senderOptions) throws IOException
    {
        managerDriver = MediaDriverHost.launch(MediaDriverOptions.embedded());
        agentDriver = null == senderOptions.channelOverride() ?
            MediaDriverHost.launch(MediaDriverOptions.embedded()) : managerDriver;
        receiver = AeronUplinkReceiver.launch(managerDriver, UplinkReceiverOptions.of("127.0.0.1", 0));
        uplinks = new AeronUplinks(agentDriver, senderOptions);
    }

    static UnsafeBuffer message(final int length, final int fill)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[length]);
        buffer.setMemory(0, length, (byte)fill);
        return buffer;
    }

    UplinkGrant grant(final int agentId, final long connection)
    {
        return new UplinkGrant(receiver.channel(), "127.0.0.1", agentId, connection, HEARTBEAT_KEY, REPORT_KEY);
    }

    /** Admits an agent and opens its uplink. */
    AeronUplinkSender connect(final int agentId, final long connection)
    {
        receiver.admit(agentId, connection, HEARTBEAT_KEY, REPORT_KEY);
        return open(grant(agentId, connection));
    }

    AeronUplinkSender open(final UplinkGrant grant)
    {
        final AeronUplinkSender sender = uplinks.open(grant);
        until("uplink stands", sender::isConnected);
        return sender;
    }

    void send(final UplinkSender sender, final int streamId, final DirectBuffer message)
    {
        until("sent", () -> sender.trySend(streamId, message, 0, message.capacity()));
    }

    /** Heartbeats may be lost: sends those of everybody who has not been heard again, until all have been. */
    void hear(final UplinkSender... senders)
    {
        until("everybody is heard", () ->
        {
            final Set<Integer> heard = new HashSet<>();
            messages.stream()
                .filter(message -> UplinkSender.HEARTBEAT_STREAM == message.streamId())
                .forEach(message -> heard.add(message.agentId()));
            for (int i = 0; i < senders.length; i++)
            {
                if (!heard.contains(i + 1))
                {
                    final DirectBuffer heartbeat = message(40, 1);
                    senders[i].trySend(UplinkSender.HEARTBEAT_STREAM, heartbeat, 0, heartbeat.capacity());
                }
            }
            return heard.size() >= senders.length;
        });
    }

    /** Reports that have arrived: none of them is lost. */
    long reports()
    {
        return messages.stream().filter(message -> UplinkSender.REPORT_STREAM == message.streamId()).count();
    }

    void until(final String what, final BooleanSupplier condition)
    {
        Await.until(what, () ->
        {
            receiver.poll(this, POLL_LIMIT);
            return condition.getAsBoolean();
        });
    }

    @Override
    public boolean onMessage(
        final int agentId, final long connection, final int streamId, final DirectBuffer buffer, final int offset,
        final int length)
    {
        if (isRefusing)
        {
            refused++;
            return false;
        }
        final byte[] content = new byte[length];
        buffer.getBytes(offset, content);
        messages.add(new Message(agentId, connection, streamId, content));
        return true;
    }

    void assertNoErrors()
    {
        if (managerDriver.errorCount() + agentDriver.errorCount() > 0)
        {
            throw new AssertionError("errors: " + managerDriver.errors() + agentDriver.errors());
        }
    }

    @Override
    public void close()
    {
        uplinks.close();
        receiver.close();
        if (agentDriver != managerDriver)
        {
            agentDriver.close();
        }
        managerDriver.close();
    }

    record Message(int agentId, long connection, int streamId, byte[] content)
    {
    }
}
