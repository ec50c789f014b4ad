package io.plimsoll.agent;

import io.plimsoll.agent.kernel.KernelDirectory;
import io.plimsoll.transport.link.LinkConnector;
import io.plimsoll.transport.sbe.BooleanType;
import io.plimsoll.transport.sbe.LogDataEncoder;
import io.plimsoll.transport.sbe.LogEnd;
import io.plimsoll.transport.sbe.LogOpenDecoder;
import io.plimsoll.transport.sbe.LogStream;
import io.plimsoll.transport.sbe.MessageHeaderEncoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.agrona.ExpandableArrayBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the output of kernels from their files, whether they run or have ended, in this life of the agent or an
 * earlier one. The reader's credit bounds what is under way; each step sends at most so much. Of the agent's thread.
 */
final class LogServer
{
    private static final Logger LOG = LoggerFactory.getLogger(LogServer.class);
    private static final int OPEN_MAX = 1024;
    private static final int CHUNK_LENGTH = 32 * 1024;
    private static final int STEP_LENGTH_MAX = 256 * 1024;

    private final LinkConnector links;
    private final Path kernels;
    private final KernelKeeper keeper;
    private final Map<Long, LogReader> readers = new LinkedHashMap<>();
    /** Grown by the first that reads: thousands of virtual agents never do. */
    private byte[] chunk = new byte[0];
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(128);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final LogDataEncoder encoder = new LogDataEncoder();
    private long linkId;
    private long agentId;

    LogServer(final LinkConnector links, final Path kernels, final KernelKeeper keeper)
    {
        this.links = links;
        this.kernels = kernels;
        this.keeper = keeper;
    }

    /** The link that readers are on. */
    void connected(final long newLinkId, final long newAgentId)
    {
        disconnected();
        linkId = newLinkId;
        agentId = newAgentId;
    }

    /** Readers go with their link. */
    void disconnected()
    {
        readers.values().forEach(LogReader::close);
        readers.clear();
    }

    void onOpen(final LogOpenDecoder open, final AgentMemory.Cluster cluster)
    {
        final long requestId = open.requestId();
        final Kernel kernel = keeper.find(cluster.idHi, cluster.idLo, open.kernelId(), open.attempt());
        if (null == kernel)
        {
            send(requestId, open.stream(), LogEnd.UNKNOWN_KERNEL, 0, 0);
            return;
        }
        if (null == kernels)
        {
            send(requestId, open.stream(), LogEnd.COMPLETE, 0, 0);
            return;
        }
        if (readers.size() >= OPEN_MAX || readers.containsKey(requestId))
        {
            send(requestId, open.stream(), LogEnd.FAILED, 0, 0);
            return;
        }
        final String name = LogStream.STDERR == open.stream() ? KernelDirectory.STDERR : KernelDirectory.STDOUT;
        final LogReader reader = new LogReader(
            KernelDirectory.of(kernels, kernel.key).resolve(name), open.stream(), kernel,
            BooleanType.T == open.follow(), open.fromOffset(), open.tailLines());
        reader.credit(open.creditBytes());
        chunk = 0 == chunk.length ? new byte[CHUNK_LENGTH] : chunk;
        readers.put(requestId, reader);
    }

    void onCredit(final long requestId, final int bytes)
    {
        final LogReader reader = readers.get(requestId);
        if (null != reader)
        {
            reader.credit(bytes);
        }
    }

    void onClose(final long requestId)
    {
        final LogReader reader = readers.remove(requestId);
        if (null != reader)
        {
            reader.close();
        }
    }

    int doWork()
    {
        int sent = 0;
        int workCount = 0;
        for (int i = readers.size(); i > 0 && sent < STEP_LENGTH_MAX; i--)
        {
            // Whoever has had its turn is the last to have it again.
            final long requestId = readers.keySet().iterator().next();
            final LogReader reader = readers.remove(requestId);
            final LogEnd end = step(requestId, reader);
            if (LogEnd.OPEN == end)
            {
                readers.put(requestId, reader);
            }
            else
            {
                reader.close();
            }
            sent += reader.lastLength();
            workCount += reader.lastLength() > 0 || LogEnd.OPEN != end ? 1 : 0;
        }
        return workCount;
    }

    private LogEnd step(final long requestId, final LogReader reader)
    {
        LogEnd end;
        try
        {
            end = reader.read(chunk);
        }
        catch (final IOException e)
        {
            LOG.warn("cannot read output: {}", e.toString());
            end = LogEnd.FAILED;
        }
        if (reader.lastLength() > 0 || LogEnd.OPEN != end)
        {
            send(requestId, reader.stream(), end, reader.lastOffset(), reader.lastLength());
        }
        return end;
    }

    private void send(
        final long requestId, final LogStream stream, final LogEnd end, final long offset, final int length)
    {
        encoder.wrapAndApplyHeader(buffer, 0, header)
            .requestId(requestId)
            .stream(stream)
            .end(end)
            .startOffset(offset)
            .putContent(chunk, 0, length);
        links.trySend(linkId, agentId, buffer, 0, MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength());
    }
}
