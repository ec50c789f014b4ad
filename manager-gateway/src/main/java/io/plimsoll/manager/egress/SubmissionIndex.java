package io.plimsoll.manager.egress;

import io.plimsoll.core.sbe.SubmitSessionsDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.agrona.DirectBuffer;

/**
 * Where the specs and the names of a submission lie. Events name them by number, and the message can only be read from
 * its start to its end, so one pass remembers the places.
 */
public final class SubmissionIndex
{
    private final SubmitSessionsDecoder decoder = new SubmitSessionsDecoder();
    private DirectBuffer buffer;
    private int specCount;
    private int[] specOffsets = new int[16];
    private int[] specLengths = new int[16];
    private int sessionCount;
    private int[] nameOffsets = new int[64];
    private int[] nameLengths = new int[64];

    /** Looks at a submission; returns this. */
    public SubmissionIndex read(
        final DirectBuffer commandBuffer, final int bodyOffset, final int blockLength, final int version)
    {
        buffer = commandBuffer;
        specCount = 0;
        sessionCount = 0;
        decoder.wrap(commandBuffer, bodyOffset, blockLength, version);
        for (final SubmitSessionsDecoder.SpecsDecoder spec : decoder.specs())
        {
            addSpec(spec);
        }
        for (final SubmitSessionsDecoder.SessionsDecoder session : decoder.sessions())
        {
            addSession(session);
        }
        return this;
    }

    private void addSpec(final SubmitSessionsDecoder.SpecsDecoder spec)
    {
        if (specCount == specOffsets.length)
        {
            specOffsets = Arrays.copyOf(specOffsets, specCount * 2);
            specLengths = Arrays.copyOf(specLengths, specCount * 2);
        }
        specLengths[specCount] = spec.specLength();
        specOffsets[specCount] = decoder.limit() + SubmitSessionsDecoder.SpecsDecoder.specHeaderLength();
        specCount++;
        spec.skipSpec();
    }

    private void addSession(final SubmitSessionsDecoder.SessionsDecoder session)
    {
        if (sessionCount == nameOffsets.length)
        {
            nameOffsets = Arrays.copyOf(nameOffsets, sessionCount * 2);
            nameLengths = Arrays.copyOf(nameLengths, sessionCount * 2);
        }
        for (final SubmitSessionsDecoder.SessionsDecoder.SlotsDecoder slot : session.slots())
        {
            slot.skipSlotName();
        }
        final SubmitSessionsDecoder.SessionsDecoder.DependenciesDecoder dependencies = session.dependencies();
        while (dependencies.hasNext())
        {
            dependencies.next();
        }
        for (final SubmitSessionsDecoder.SessionsDecoder.ConstraintsDecoder constraint : session.constraints())
        {
            constraint.skipKey();
            constraint.skipValues();
        }
        session.skipGroupName();
        nameLengths[sessionCount] = session.sessionNameLength();
        nameOffsets[sessionCount] =
            decoder.limit() + SubmitSessionsDecoder.SessionsDecoder.sessionNameHeaderLength();
        sessionCount++;
        session.skipSessionName();
        session.skipParts();
    }

    /** Copy of a launch spec. */
    public byte[] spec(final int index)
    {
        if (index >= specCount)
        {
            throw new IllegalStateException("specIndex=" + index + " specCount=" + specCount);
        }
        final byte[] bytes = new byte[specLengths[index]];
        buffer.getBytes(specOffsets[index], bytes);
        return bytes;
    }

    /** Name of a session for people. */
    public String name(final int index)
    {
        final byte[] bytes = nameBytes(index);
        return 0 == bytes.length ? "" : new String(bytes, StandardCharsets.UTF_8);
    }

    /** The same in UTF-8. */
    public byte[] nameBytes(final int index)
    {
        if (index >= sessionCount)
        {
            throw new IllegalStateException("entryIndex=" + index + " sessionCount=" + sessionCount);
        }
        final byte[] bytes = new byte[nameLengths[index]];
        buffer.getBytes(nameOffsets[index], bytes);
        return bytes;
    }
}
