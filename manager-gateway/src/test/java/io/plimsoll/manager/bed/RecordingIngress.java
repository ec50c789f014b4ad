package io.plimsoll.manager.bed;

import io.plimsoll.core.pipeline.CommandIngress;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Remembers commands instead of deciding them; refuses them when told to. */
public final class RecordingIngress implements CommandIngress
{
    private final List<byte[]> commands = new ArrayList<>();
    private boolean full;

    public void full(final boolean value)
    {
        full = value;
    }

    @Override
    public boolean trySubmit(final DirectBuffer buffer, final int offset, final int length)
    {
        return tryPublish(buffer, offset, length);
    }

    @Override
    public boolean tryPublish(final DirectBuffer buffer, final int offset, final int length)
    {
        if (!full)
        {
            final byte[] bytes = new byte[length];
            buffer.getBytes(offset, bytes);
            commands.add(bytes);
        }
        return !full;
    }

    public int size()
    {
        return commands.size();
    }

    /** Commands since it was asked last. */
    public List<byte[]> take()
    {
        final List<byte[]> taken = new ArrayList<>(commands);
        commands.clear();
        return taken;
    }

    /** Templates of the commands since it was asked last. */
    public List<Integer> takeTemplates()
    {
        final List<Integer> templates = new ArrayList<>();
        for (final byte[] command : take())
        {
            templates.add(new MessageHeaderDecoder().wrap(new UnsafeBuffer(command), 0).templateId());
        }
        return templates;
    }
}
