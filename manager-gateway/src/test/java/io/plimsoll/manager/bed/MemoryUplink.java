package io.plimsoll.manager.bed;

import io.plimsoll.transport.uplink.UplinkReceiver;
import io.plimsoll.transport.uplink.UplinkSender;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;

/** Manager side of the uplink in memory: delivers what admitted connections sent. One thread. */
public final class MemoryUplink implements UplinkReceiver
{
    private final Map<Integer, Long> connectionByAgentId = new HashMap<>();
    private final Map<Integer, byte[]> keyByAgentId = new HashMap<>();
    private final Deque<Message> messages = new ArrayDeque<>();

    /** An agent sends. */
    public void send(final int agentId, final long connection, final int streamId, final byte[] message)
    {
        messages.add(new Message(agentId, connection, streamId, message));
    }

    public boolean isAdmitted(final int agentId, final long connection)
    {
        return Long.valueOf(connection).equals(connectionByAgentId.get(agentId));
    }

    public boolean isAdmitted(final int agentId, final byte[] reportKey)
    {
        return Arrays.equals(reportKey, keyByAgentId.get(agentId));
    }

    /** Messages that were not taken yet. */
    public int waiting()
    {
        return messages.size();
    }

    @Override
    public String channel()
    {
        return "aeron:test";
    }

    @Override
    public void admit(
        final int agentId, final long connection, final byte[] heartbeatKey, final byte[] reportKey)
    {
        connectionByAgentId.put(agentId, connection);
        keyByAgentId.put(agentId, reportKey);
    }

    @Override
    public void dismiss(final int agentId, final long connection)
    {
        connectionByAgentId.remove(agentId, connection);
    }

    @Override
    public int poll(final Handler handler, final int limit)
    {
        int count = 0;
        while (count < limit && !messages.isEmpty())
        {
            final Message message = messages.peek();
            final boolean taken = !isAdmitted(message.agentId(), message.connection()) || handler.onMessage(
                message.agentId(),
                message.connection(),
                message.streamId(),
                new UnsafeBuffer(message.bytes()),
                0,
                message.bytes().length);
            if (!taken && UplinkSender.REPORT_STREAM == message.streamId())
            {
                break;
            }
            messages.poll();
            count++;
        }
        return count;
    }

    @Override
    public void close()
    {
        messages.clear();
    }

    private record Message(int agentId, long connection, int streamId, byte[] bytes)
    {
    }
}
