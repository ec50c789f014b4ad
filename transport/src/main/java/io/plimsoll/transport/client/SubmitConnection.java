package io.plimsoll.transport.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.plimsoll.transport.client.sbe.AcceptedDecoder;
import io.plimsoll.transport.client.sbe.AssignedDecoder;
import io.plimsoll.transport.client.sbe.BooleanType;
import io.plimsoll.transport.client.sbe.EndedDecoder;
import io.plimsoll.transport.client.sbe.HelloEncoder;
import io.plimsoll.transport.client.sbe.MessageHeaderDecoder;
import io.plimsoll.transport.client.sbe.MessageHeaderEncoder;
import io.plimsoll.transport.client.sbe.PingDecoder;
import io.plimsoll.transport.client.sbe.PingEncoder;
import io.plimsoll.transport.client.sbe.PongEncoder;
import io.plimsoll.transport.client.sbe.RefusedDecoder;
import io.plimsoll.transport.client.sbe.RejectedDecoder;
import io.plimsoll.transport.client.sbe.WelcomeDecoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;

/** The client's end of one connection; on its event loop. Whatever makes no sense closes it. */
final class SubmitConnection extends SimpleChannelInboundHandler<ByteBuf>
{
    private static final long PING_MS = 5_000;

    private final SubmitClient client;
    private final String token;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private long heardNs = System.nanoTime();
    private long pings;
    private Future<?> pinging;

    SubmitConnection(final SubmitClient client, final String token)
    {
        super(false);
        this.client = client;
        this.token = token;
    }

    boolean isSilent(final long nowNs)
    {
        return nowNs - heardNs > TimeUnit.MILLISECONDS.toNanos(ClientFrames.IDLE_TIMEOUT_MS);
    }

    @Override
    public void channelActive(final ChannelHandlerContext context)
    {
        final byte[] secret = token.getBytes(StandardCharsets.UTF_8);
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[64 + secret.length]);
        final HelloEncoder hello = new HelloEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder());
        hello.putToken(secret, 0, secret.length);
        hello.client("java");
        write(context, buffer, hello.encodedLength());
        context.flush();
        pinging = context.executor().scheduleWithFixedDelay(
            () -> ping(context), PING_MS, PING_MS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelInactive(final ChannelHandlerContext context)
    {
        if (null != pinging)
        {
            pinging.cancel(false);
        }
        client.onDisconnected(this);
    }

    @Override
    public void channelWritabilityChanged(final ChannelHandlerContext context)
    {
        client.onWritable();
    }

    @Override
    public void exceptionCaught(final ChannelHandlerContext context, final Throwable cause)
    {
        client.onTrouble(cause);
        context.close();
    }

    @Override
    protected void channelRead0(final ChannelHandlerContext context, final ByteBuf frame)
    {
        heardNs = System.nanoTime();
        final UnsafeBuffer buffer = ClientFrames.copy(frame);
        ClientFrames.wrap(header, buffer);
        switch (header.templateId())
        {
            case WelcomeDecoder.TEMPLATE_ID -> client.onWelcome(
                new WelcomeDecoder().wrapAndApplyHeader(buffer, 0, header).credits());
            case AcceptedDecoder.TEMPLATE_ID -> accepted(buffer);
            case RejectedDecoder.TEMPLATE_ID -> rejected(buffer);
            case AssignedDecoder.TEMPLATE_ID ->
            {
                final AssignedDecoder assigned = new AssignedDecoder().wrapAndApplyHeader(buffer, 0, header);
                client.onAssigned(assigned.correlationId(), assigned.sessionId(), assigned.attempt());
            }
            case EndedDecoder.TEMPLATE_ID -> ended(buffer);
            case PingDecoder.TEMPLATE_ID -> pong(
                context, new PingDecoder().wrapAndApplyHeader(buffer, 0, header).number());
            case RefusedDecoder.TEMPLATE_ID ->
            {
                final RefusedDecoder refused = new RefusedDecoder().wrapAndApplyHeader(buffer, 0, header);
                final String code = refused.code();
                final int status = "token-wrong".equals(code) ? 401 : "not-allowed".equals(code) ? 403 : 503;
                client.onRefused(new SubmitRejectedException(status, code, "", refused.detail(), 0));
                context.close();
            }
            default ->
            {
                // Pongs, and what later versions say.
            }
        }
    }

    private void accepted(final UnsafeBuffer buffer)
    {
        final AcceptedDecoder accepted = new AcceptedDecoder().wrapAndApplyHeader(buffer, 0, header);
        client.onAccepted(
            accepted.correlationId(),
            new Submitted(
                accepted.firstId(), accepted.count(), BooleanType.T == accepted.repeated(), accepted.sequence()),
            accepted.credits());
    }

    private void rejected(final UnsafeBuffer buffer)
    {
        final RejectedDecoder rejected = new RejectedDecoder().wrapAndApplyHeader(buffer, 0, header);
        final long correlationId = rejected.correlationId();
        final int credits = rejected.credits();
        final int status = rejected.status();
        final int retryAfterMs = rejected.retryAfterMs();
        final String code = rejected.code();
        final String field = rejected.field();
        client.onRejected(
            correlationId,
            new SubmitRejectedException(status, code, field, rejected.detail(), retryAfterMs),
            credits);
    }

    private void ended(final UnsafeBuffer buffer)
    {
        final EndedDecoder ended = new EndedDecoder().wrapAndApplyHeader(buffer, 0, header);
        final long correlationId = ended.correlationId();
        final long sessionId = ended.sessionId();
        final int exitCode = ended.exitCode();
        final String state = ended.state();
        client.onEnded(correlationId, sessionId, state, ended.result(), exitCode);
    }

    private void ping(final ChannelHandlerContext context)
    {
        if (context.channel().isActive())
        {
            final UnsafeBuffer buffer = new UnsafeBuffer(new byte[64]);
            final PingEncoder ping = new PingEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder());
            write(context, buffer, ping.number(++pings).encodedLength());
            context.flush();
        }
    }

    private static void pong(final ChannelHandlerContext context, final long number)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[64]);
        final PongEncoder pong = new PongEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder());
        write(context, buffer, pong.number(number).encodedLength());
        context.flush();
    }

    private static void write(
        final ChannelHandlerContext context, final UnsafeBuffer buffer, final int bodyLength)
    {
        ClientFrames.write(context.channel(), buffer, MessageHeaderEncoder.ENCODED_LENGTH + bodyLength);
    }
}
