package io.plimsoll.manager.ingress;

import io.plimsoll.manager.control.SubmitReply;
import io.plimsoll.manager.http.IngressRules;
import io.plimsoll.transport.client.ClientFrames;
import io.plimsoll.transport.client.sbe.AcceptedEncoder;
import io.plimsoll.transport.client.sbe.AssignedEncoder;
import io.plimsoll.transport.client.sbe.BooleanType;
import io.plimsoll.transport.client.sbe.EndedEncoder;
import io.plimsoll.transport.client.sbe.MessageHeaderEncoder;
import io.plimsoll.transport.client.sbe.PongEncoder;
import io.plimsoll.transport.client.sbe.RefusedEncoder;
import io.plimsoll.transport.client.sbe.RejectedEncoder;
import io.plimsoll.transport.client.sbe.WelcomeEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;

/** Encodes what a connection says, into one buffer that is used again for the next message. One thread. */
final class IngressPublisher
{
    private static final int TEXT_LENGTH_MAX = 4 * 1024;

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[16 * 1024]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final AcceptedEncoder accepted = new AcceptedEncoder();
    private final AssignedEncoder assigned = new AssignedEncoder();
    private final EndedEncoder ended = new EndedEncoder();
    private final Message message = new Message(buffer);

    Message welcome(final int credits, final int idleTimeoutMs, final long term, final String clusterId)
    {
        final WelcomeEncoder welcome = new WelcomeEncoder().wrapAndApplyHeader(buffer, 0, header)
            .credits(credits)
            .frameLengthMax(ClientFrames.FRAME_LENGTH_MAX)
            .idleTimeoutMs(idleTimeoutMs)
            .term(term)
            .clusterId(clusterId);
        return message.of(welcome.encodedLength());
    }

    Message refused(final String code, final String detail)
    {
        final RefusedEncoder refused = new RefusedEncoder().wrapAndApplyHeader(buffer, 0, header).code(code);
        final byte[] text = text(detail);
        refused.putDetail(text, 0, text.length);
        return message.of(refused.encodedLength());
    }

    Message accepted(final long correlationId, final SubmitReply reply)
    {
        accepted.wrapAndApplyHeader(buffer, 0, header)
            .correlationId(correlationId)
            .firstId(reply.firstId())
            .count(reply.count())
            .repeated(reply.repeated() ? BooleanType.T : BooleanType.F)
            .sequence(reply.sequence())
            .credits(1);
        return message.of(accepted.encodedLength());
    }

    Message rejected(final long correlationId, final IngressRules.Refusal refusal)
    {
        final RejectedEncoder rejected = new RejectedEncoder().wrapAndApplyHeader(buffer, 0, header)
            .correlationId(correlationId)
            .status(refusal.status())
            .retryAfterMs((int)TimeUnit.SECONDS.toMillis(refusal.retryAfterSeconds()))
            .credits(1);
        final byte[] field = text(refusal.field());
        final byte[] detail = text(refusal.detail());
        rejected.code(refusal.code());
        rejected.putField(field, 0, field.length);
        rejected.putDetail(detail, 0, detail.length);
        return message.of(rejected.encodedLength());
    }

    Message assigned(final long correlationId, final long sessionId, final int attempt)
    {
        assigned.wrapAndApplyHeader(buffer, 0, header)
            .correlationId(correlationId)
            .sessionId(sessionId)
            .attempt(attempt);
        return message.of(assigned.encodedLength());
    }

    Message ended(
        final long correlationId,
        final long sessionId,
        final int attempt,
        final int exitCode,
        final String state,
        final String result)
    {
        ended.wrapAndApplyHeader(buffer, 0, header)
            .correlationId(correlationId)
            .sessionId(sessionId)
            .attempt(attempt)
            .exitCode(exitCode)
            .state(state)
            .result(result);
        return message.of(ended.encodedLength());
    }

    Message pong(final long number)
    {
        return message.of(new PongEncoder().wrapAndApplyHeader(buffer, 0, header).number(number).encodedLength());
    }

    private static byte[] text(final String text)
    {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return bytes.length <= TEXT_LENGTH_MAX ? bytes : Arrays.copyOf(bytes, TEXT_LENGTH_MAX);
    }

    /** The message that was encoded last. */
    static final class Message
    {
        private final UnsafeBuffer buffer;
        private int length;

        private Message(final UnsafeBuffer buffer)
        {
            this.buffer = buffer;
        }

        private Message of(final int bodyLength)
        {
            length = MessageHeaderEncoder.ENCODED_LENGTH + bodyLength;
            return this;
        }

        UnsafeBuffer buffer()
        {
            return buffer;
        }

        int length()
        {
            return length;
        }
    }
}
