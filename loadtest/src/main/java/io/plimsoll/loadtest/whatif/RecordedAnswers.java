package io.plimsoll.loadtest.whatif;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.sbe.AgentAttachedDecoder;
import io.plimsoll.core.sbe.BooleanType;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.SubmissionAcceptedDecoder;

/** What a record says in answer to its command. */
final class RecordedAnswers
{
    private RecordedAnswers()
    {
    }

    /** First id of the sessions that a submission made, {@link IdMap#NONE} if it was refused or made none. */
    static long firstId(final RecordFlyweight record)
    {
        final long[] found = {IdMap.NONE};
        final MessageHeaderDecoder header = new MessageHeaderDecoder();
        record.forEachEvent((buffer, offset, length) ->
        {
            header.wrap(buffer, offset);
            if (SubmissionAcceptedDecoder.TEMPLATE_ID == header.templateId())
            {
                final SubmissionAcceptedDecoder accepted =
                    new SubmissionAcceptedDecoder().wrapAndApplyHeader(buffer, offset, header);
                found[0] = BooleanType.T == accepted.repeated() ? IdMap.NONE : accepted.firstId();
            }
        });
        return found[0];
    }

    /** Whether an agent that connected had seen more than the journal held. */
    static boolean isLostTail(final RecordFlyweight record)
    {
        final boolean[] found = {false};
        final MessageHeaderDecoder header = new MessageHeaderDecoder();
        record.forEachEvent((buffer, offset, length) ->
        {
            header.wrap(buffer, offset);
            found[0] |= AgentAttachedDecoder.TEMPLATE_ID == header.templateId() && BooleanType.T ==
                new AgentAttachedDecoder().wrapAndApplyHeader(buffer, offset, header).lostTail();
        });
        return found[0];
    }
}
