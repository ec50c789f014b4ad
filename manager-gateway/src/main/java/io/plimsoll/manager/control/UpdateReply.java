package io.plimsoll.manager.control;

/**
 * What became of changes to sessions.
 *
 * @param updated      changed.
 * @param alreadyEnded that stay as they were.
 * @param unknown      ids of no session, or of a forgotten one.
 * @param nextId       from which on it was too much for one command; 0: all is done.
 * @param sequence     of the journal.
 */
public record UpdateReply(long updated, long alreadyEnded, long unknown, long nextId, long sequence)
{
    UpdateReply plus(final UpdateReply next)
    {
        return new UpdateReply(
            updated + next.updated, alreadyEnded + next.alreadyEnded, unknown + next.unknown, next.nextId,
            next.sequence);
    }
}
