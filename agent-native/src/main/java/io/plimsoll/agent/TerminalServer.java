package io.plimsoll.agent;

import io.plimsoll.agent.runtime.KernelRuntime;
import io.plimsoll.agent.terminal.KernelTerminal;
import io.plimsoll.agent.terminal.TerminalException;
import io.plimsoll.agent.terminal.TerminalRequest;
import io.plimsoll.agent.terminal.TerminalSink;
import io.plimsoll.transport.link.LinkConnector;
import io.plimsoll.transport.sbe.BooleanType;
import io.plimsoll.transport.sbe.MessageHeaderDecoder;
import io.plimsoll.transport.sbe.MessageHeaderEncoder;
import io.plimsoll.transport.sbe.TerminalCloseDecoder;
import io.plimsoll.transport.sbe.TerminalCode;
import io.plimsoll.transport.sbe.TerminalCreditDecoder;
import io.plimsoll.transport.sbe.TerminalCreditEncoder;
import io.plimsoll.transport.sbe.TerminalDataDecoder;
import io.plimsoll.transport.sbe.TerminalDataEncoder;
import io.plimsoll.transport.sbe.TerminalEndEncoder;
import io.plimsoll.transport.sbe.TerminalOpenDecoder;
import io.plimsoll.transport.sbe.TerminalSizeDecoder;
import io.plimsoll.transport.sbe.TerminalStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;

/**
 * Serves commands beside kernels: what they write goes up as far as the reader's credit reaches, and they get as much
 * input as they take. They end with their kernel, with their reader, and with the link. Of the agent's thread.
 */
final class TerminalServer
{
    static final int OPEN_MAX = 64;
    static final int INPUT_CREDIT = 64 * 1024;

    private static final int STEP_LENGTH_MAX = 64 * 1024;
    private static final int CREDIT_STEP = INPUT_CREDIT / 4;
    /** Whoever is killed together with its kernel may be seen before that. */
    private static final long KERNEL_END_NS = 500_000_000L;
    private static final int SIGKILL_CODE = 137;
    private static final int DETAIL_LENGTH_MAX = 4096;

    private final LinkConnector links;
    private final KernelRuntime runtime;
    private final KernelKeeper keeper;
    private final Map<Long, Served> open = new LinkedHashMap<>();
    private final ArrayDeque<KernelTerminal> leaving = new ArrayDeque<>();
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(128);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final TerminalDataEncoder output = new TerminalDataEncoder();
    private final TerminalCreditEncoder grant = new TerminalCreditEncoder();
    private final TerminalEndEncoder end = new TerminalEndEncoder();
    private final TerminalOpenDecoder request = new TerminalOpenDecoder();
    private final TerminalDataDecoder data = new TerminalDataDecoder();
    private final TerminalCreditDecoder credit = new TerminalCreditDecoder();
    private final TerminalSizeDecoder size = new TerminalSizeDecoder();
    private final TerminalCloseDecoder close = new TerminalCloseDecoder();
    private long linkId;
    private long agentId;
    private long nowNs;

    TerminalServer(final LinkConnector links, final KernelRuntime runtime, final KernelKeeper keeper)
    {
        this.links = links;
        this.runtime = runtime;
        this.keeper = keeper;
    }

    /** The link that readers are on. */
    void connected(final long newLinkId, final long newAgentId)
    {
        disconnected();
        linkId = newLinkId;
        agentId = newAgentId;
    }

    /** Readers go with their link, and their commands with them. */
    void disconnected()
    {
        open.values().forEach(this::leave);
        open.clear();
    }

    /** The agent ends: its commands are not left to themselves. */
    void close()
    {
        disconnected();
        leaving.forEach(terminal -> terminal.pollGone(Long.MAX_VALUE));
    }

    /** Takes a message, if it is one for terminals. */
    boolean onFrame(
        final int templateId,
        final DirectBuffer frame,
        final int offset,
        final MessageHeaderDecoder decoded,
        final AgentMemory.Cluster cluster)
    {
        switch (templateId)
        {
            case TerminalOpenDecoder.TEMPLATE_ID ->
                onOpen(request.wrapAndApplyHeader(frame, offset, decoded), cluster);
            case TerminalDataDecoder.TEMPLATE_ID -> onInput(data.wrapAndApplyHeader(frame, offset, decoded));
            case TerminalCreditDecoder.TEMPLATE_ID ->
            {
                final Served served = open.get(credit.wrapAndApplyHeader(frame, offset, decoded).requestId());
                if (null != served)
                {
                    served.credit += Math.max(0, credit.creditBytes());
                }
            }
            case TerminalSizeDecoder.TEMPLATE_ID ->
            {
                final Served served = open.get(size.wrapAndApplyHeader(frame, offset, decoded).requestId());
                if (null != served)
                {
                    served.terminal.size(size.rows(), size.columns());
                }
            }
            case TerminalCloseDecoder.TEMPLATE_ID ->
            {
                final Served served = open.remove(close.wrapAndApplyHeader(frame, offset, decoded).requestId());
                if (null != served)
                {
                    leave(served);
                }
            }
            default ->
            {
                return false;
            }
        }
        return true;
    }

    private void onOpen(final TerminalOpenDecoder message, final AgentMemory.Cluster cluster)
    {
        final long requestId = message.requestId();
        final Kernel kernel = keeper.find(cluster.idHi, cluster.idLo, message.kernelId(), message.attempt());
        final boolean tty = BooleanType.T == message.tty();
        final boolean input = BooleanType.T == message.input();
        final int rows = message.rows();
        final int columns = message.columns();
        final long creditBytes = message.creditBytes();
        final List<String> command = new ArrayList<>();
        message.arguments().forEach(argument -> command.add(argument.argument()));
        final List<String> variables = new ArrayList<>();
        message.variables().forEach(variable -> variables.add(variable.variable()));
        final TerminalRequest wanted = new TerminalRequest(
            command, variables, message.directory(), message.user(), tty, input, rows, columns);
        try
        {
            final Served served = new Served(requestId, kernel, open(kernel, wanted), creditBytes);
            final Served previous = open.put(requestId, served);
            if (null != previous)
            {
                leave(previous);
            }
            // The first grant says that it stands; without input there is nothing to be granted.
            sendCredit(requestId, input ? INPUT_CREDIT : 0);
        }
        catch (final TerminalException e)
        {
            sendEnd(requestId, e.code(), TerminalException.NOT_FOUND, e.getMessage());
        }
    }

    private KernelTerminal open(final Kernel kernel, final TerminalRequest wanted) throws TerminalException
    {
        if (null == kernel)
        {
            throw new TerminalException(TerminalCode.UNKNOWN_KERNEL, "the agent does not know the kernel");
        }
        if (kernel.isEnded())
        {
            throw TerminalException.notRunning();
        }
        if (open.size() + leaving.size() >= OPEN_MAX)
        {
            throw new TerminalException(
                TerminalCode.TOO_MANY, "the agent has " + OPEN_MAX + " open terminals already; close some");
        }
        final boolean isInput = wanted.command().isEmpty();
        if (!isInput && wanted.command().get(0).isEmpty())
        {
            throw TerminalException.cannotStart("no command is named");
        }
        final KernelTerminal terminal = isInput ?
            runtime.openInput(kernel.key, nowNs) : runtime.openTerminal(kernel.key, wanted, nowNs);
        if (null == terminal)
        {
            throw TerminalException.notRunning();
        }
        return terminal;
    }

    private void onInput(final TerminalDataDecoder message)
    {
        final Served served = open.get(message.requestId());
        if (null == served)
        {
            return;
        }
        final boolean last = BooleanType.T == message.last();
        final byte[] content = new byte[message.contentLength()];
        message.getContent(content, 0, content.length);
        served.inputCredit -= content.length;
        if (served.inputCredit < 0)
        {
            open.remove(served.requestId);
            leave(served);
            sendEnd(served.requestId, TerminalCode.FAILED, 0, "more input came than was allowed");
            return;
        }
        if (content.length > 0)
        {
            served.terminal.input(content);
        }
        if (last)
        {
            served.terminal.endInput();
        }
    }

    int doWork(final long now)
    {
        nowNs = now;
        int workCount = 0;
        if (!open.isEmpty())
        {
            for (final Served served : open.values().toArray(new Served[0]))
            {
                workCount += step(served);
            }
        }
        for (int i = leaving.size(); i > 0; i--)
        {
            final KernelTerminal terminal = leaving.poll();
            if (terminal.pollGone(nowNs))
            {
                workCount++;
            }
            else
            {
                leaving.add(terminal);
            }
        }
        return workCount;
    }

    private int step(final Served served)
    {
        if (served.kernel.isEnded())
        {
            finish(served, TerminalCode.KERNEL_ENDED, 0, "the kernel has ended");
            return 1;
        }
        if (served.exited)
        {
            return finishExited(served);
        }
        final int workCount = served.terminal.poll(
            served, (int)Math.max(0, Math.min(served.credit, STEP_LENGTH_MAX)), nowNs);
        if (served.inputTaken >= CREDIT_STEP)
        {
            served.inputCredit += served.inputTaken;
            sendCredit(served.requestId, served.inputTaken);
            served.inputTaken = 0;
        }
        if (null != served.failure)
        {
            finish(served, served.failure.code(), TerminalException.NOT_FOUND, served.failure.getMessage());
        }
        else if (served.exited)
        {
            served.exitedNs = nowNs;
            finishExited(served);
        }
        return workCount;
    }

    private int finishExited(final Served served)
    {
        if (SIGKILL_CODE == served.exitCode && nowNs - served.exitedNs < KERNEL_END_NS)
        {
            return 0;
        }
        finish(served, TerminalCode.EXITED, served.exitCode, "");
        return 1;
    }

    private void finish(final Served served, final TerminalCode code, final int exitCode, final String detail)
    {
        open.remove(served.requestId);
        leave(served);
        sendEnd(served.requestId, code, exitCode, detail);
    }

    private void leave(final Served served)
    {
        served.terminal.close(nowNs);
        leaving.add(served.terminal);
    }

    private void sendCredit(final long requestId, final int bytes)
    {
        grant.wrapAndApplyHeader(buffer, 0, header).requestId(requestId).creditBytes(bytes);
        send(grant.encodedLength());
    }

    private void sendEnd(final long requestId, final TerminalCode code, final int exitCode, final String detail)
    {
        end.wrapAndApplyHeader(buffer, 0, header)
            .requestId(requestId)
            .code(code)
            .exitCode(exitCode)
            .detail(detail.substring(0, Math.min(DETAIL_LENGTH_MAX, detail.length())));
        send(end.encodedLength());
    }

    private void send(final int bodyLength)
    {
        links.trySend(linkId, agentId, buffer, 0, MessageHeaderEncoder.ENCODED_LENGTH + bodyLength);
    }

    private final class Served implements TerminalSink
    {
        private final long requestId;
        private final Kernel kernel;
        private final KernelTerminal terminal;
        private long credit;
        private long inputCredit = INPUT_CREDIT;
        private int inputTaken;
        private boolean exited;
        private int exitCode;
        private long exitedNs;
        private TerminalException failure;

        Served(final long requestId, final Kernel kernel, final KernelTerminal terminal, final long creditBytes)
        {
            this.requestId = requestId;
            this.kernel = kernel;
            this.terminal = terminal;
            credit = Math.max(0, creditBytes);
        }

        @Override
        public void onOutput(final boolean stderr, final byte[] content, final int length)
        {
            credit -= length;
            output.wrapAndApplyHeader(buffer, 0, header)
                .requestId(requestId)
                .stream(stderr ? TerminalStream.STDERR : TerminalStream.STDOUT)
                .last(BooleanType.F)
                .putContent(content, 0, length);
            send(output.encodedLength());
        }

        @Override
        public void onInputTaken(final int bytes)
        {
            inputTaken += bytes;
        }

        @Override
        public void onExit(final int code)
        {
            exited = true;
            exitCode = code;
        }

        @Override
        public void onFailure(final TerminalException why)
        {
            failure = why;
        }
    }
}
