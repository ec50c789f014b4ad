package io.plimsoll.manager.control;

import io.plimsoll.core.pipeline.CommandIngress;
import io.plimsoll.core.sbe.MessageHeaderEncoder;
import io.plimsoll.core.sbe.RejectCode;
import io.plimsoll.core.sbe.SubmitSessionsEncoder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Encodes sessions one by one, before it is known which command they will go with. One that asks for the same launch as
 * the one before shares its bytes. One thread at a time.
 */
public final class SessionPreparer
{
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final SubmitSessionsEncoder encoder = new SubmitSessionsEncoder();
    private SubmissionEntry.EncodedSpec lastSpec;

    /**
     * Encodes a session.
     *
     * @param request  validated by the caller as far as its text goes.
     * @param callerId whom it counts for unless it names an account.
     * @return the session.
     * @throws CommandRejectedException with the field that is wrong, or if it fits no command.
     * @throws IllegalArgumentException if the spec is none; the message is for people.
     */
    public PreparedSession prepare(final SessionRequest request, final int callerId)
    {
        final SubmissionEntry entry = new SubmissionEntry(request, 0, lastSpec);
        lastSpec = entry.encodedSpec();
        final int length = entry.sessionLength();
        final int commandLength = SubmissionChunk.FIXED_LENGTH + length + entry.specLength();
        if (commandLength > CommandIngress.COMMAND_LENGTH_MAX)
        {
            throw new CommandRejectedException(
                RejectCode.OUT_OF_RANGE, "session", 0, 0, commandLength, CommandIngress.COMMAND_LENGTH_MAX);
        }
        final UnsafeBuffer scratch = new UnsafeBuffer(new byte[SubmissionChunk.FIXED_LENGTH + length]);
        encoder.wrapAndApplyHeader(scratch, 0, header).specsCount(0);
        final SubmitSessionsEncoder.SessionsEncoder sessions = encoder.sessionsCount(1);
        final int start = encoder.limit();
        entry.encode(sessions, 0);
        final byte[] session = new byte[encoder.limit() - start];
        scratch.getBytes(start, session);
        final int accountId = request.terms().accountId();
        return new PreparedSession(
            0 == accountId ? callerId : accountId, request, session, entry.spec(), entry.specHash());
    }
}
