package io.plimsoll.manager.control;

import io.plimsoll.core.sbe.MessageHeaderEncoder;
import io.plimsoll.core.sbe.UpdateSessionsEncoder;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Writes changes of sessions as a command. Stateless. */
final class UpdateEncoder
{
    private static final int PRIORITY = 1;
    private static final int WALLTIME = 1 << 1;
    private static final int NAME = 1 << 2;

    private UpdateEncoder()
    {
    }

    /** A buffer that is as long as the command. */
    static DirectBuffer encode(
        final long correlationId, final long firstId, final long lastId, final SessionChange change)
    {
        final byte[] name = null == change.name() ? new byte[0] : change.name().getBytes(StandardCharsets.UTF_8);
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + UpdateSessionsEncoder.BLOCK_LENGTH +
            UpdateSessionsEncoder.sessionNameHeaderLength() + name.length;
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[length]);
        final int changes = (null == change.priority() ? 0 : PRIORITY) |
            (null == change.walltimeNs() ? 0 : WALLTIME) | (null == change.name() ? 0 : NAME);
        new UpdateSessionsEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
            .correlationId(correlationId)
            .source(CommandSource.API)
            .ownerId(0)
            .firstId(firstId)
            .lastId(lastId)
            .changes((short)changes)
            .priority((short)(null == change.priority() ? 0 : change.priority()))
            .walltimeNs(null == change.walltimeNs() ? 0 : change.walltimeNs())
            .putSessionName(name, 0, name.length);
        return buffer;
    }
}
