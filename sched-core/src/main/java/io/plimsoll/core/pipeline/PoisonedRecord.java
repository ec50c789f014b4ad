package io.plimsoll.core.pipeline;

import io.plimsoll.core.sbe.AcceptLossDecoder;
import io.plimsoll.core.sbe.AgentConnectedDecoder;
import io.plimsoll.core.sbe.CancelSessionsDecoder;
import io.plimsoll.core.sbe.ConfigureGroupDecoder;
import io.plimsoll.core.sbe.DrainAgentDecoder;
import io.plimsoll.core.sbe.EndSessionDecoder;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.MessageHeaderEncoder;
import io.plimsoll.core.sbe.PoisonedEncoder;
import io.plimsoll.core.sbe.SubmitSessionsDecoder;
import io.plimsoll.core.sbe.UpdateSessionsDecoder;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes {@code Poisoned} in place of a command on which the core threw. Commands of a source name themselves by
 * (source, correlation id); of the others (what agents report, ticks) the recorded bytes are the name.
 */
final class PoisonedRecord
{
    /** Longest description of an exception, in bytes. */
    static final int EXCEPTION_LENGTH_MAX = 1024;
    /** Room that the record needs beyond the command. */
    static final int OVERHEAD = EXCEPTION_LENGTH_MAX + 128;

    private static final int FRAMES_MAX = 6;

    private final ExpandableArrayBuffer command = new ExpandableArrayBuffer(1024);
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final PoisonedEncoder encoder = new PoisonedEncoder();

    /**
     * Overwrites a command.
     *
     * @param buffer that holds the command, with {@link #OVERHEAD} more room.
     * @param offset of the command.
     * @param length of the command.
     * @param cause  what the core threw.
     * @return length of what stands there now.
     */
    int replace(final UnsafeBuffer buffer, final int offset, final int length, final Throwable cause)
    {
        command.putBytes(0, buffer, offset, length);
        header.wrap(command, 0);
        final int templateId = header.templateId();
        final boolean named = hasSource(templateId) && header.blockLength() >= Long.BYTES + Integer.BYTES;
        final int body = MessageHeaderDecoder.ENCODED_LENGTH;
        final byte[] exception = describe(cause);
        encoder.wrapAndApplyHeader(buffer, offset, headerEncoder)
            .templateId(templateId)
            .source(named ? command.getInt(body + Long.BYTES, ByteOrder.LITTLE_ENDIAN) : 0)
            .correlationId(named ? command.getLong(body, ByteOrder.LITTLE_ENDIAN) : 0)
            .putException(exception, 0, exception.length)
            .putCommand(command, 0, length);
        return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
    }

    private static boolean hasSource(final int templateId)
    {
        return switch (templateId)
        {
            case SubmitSessionsDecoder.TEMPLATE_ID,
                CancelSessionsDecoder.TEMPLATE_ID,
                UpdateSessionsDecoder.TEMPLATE_ID,
                EndSessionDecoder.TEMPLATE_ID,
                AgentConnectedDecoder.TEMPLATE_ID,
                DrainAgentDecoder.TEMPLATE_ID,
                ConfigureGroupDecoder.TEMPLATE_ID,
                AcceptLossDecoder.TEMPLATE_ID -> true;
            default -> false;
        };
    }

    private static byte[] describe(final Throwable cause)
    {
        final StringBuilder text = new StringBuilder(256).append(cause);
        final StackTraceElement[] frames = cause.getStackTrace();
        for (int i = 0; i < Math.min(FRAMES_MAX, frames.length); i++)
        {
            text.append("\n at ").append(frames[i]);
        }
        // Whole characters only: cutting bytes could leave half of one.
        int length = Math.min(text.length(), EXCEPTION_LENGTH_MAX);
        byte[] bytes = text.substring(0, length).getBytes(StandardCharsets.UTF_8);
        while (bytes.length > EXCEPTION_LENGTH_MAX)
        {
            length -= (bytes.length - EXCEPTION_LENGTH_MAX + 2) / 3;
            bytes = text.substring(0, length).getBytes(StandardCharsets.UTF_8);
        }
        return bytes;
    }
}
