package io.plimsoll.transport;

/**
 * What a submission says that is for the manager alone: it is kept with the launch spec, and agents do not look at it.
 *
 * @param idleTimeoutNs   ends the session when nothing has gone in or out for as long; 0: only as policies say.
 * @param lowUseWindowNs  ends the session when it has used next to nothing for as long; 0: only as policies say.
 * @param callback        URL that is told of its states; null: that of its project, if that has one.
 * @param template        name of the template that it was made from; null: none.
 * @param templateVersion of the template; 0: none.
 */
public record SessionNotes(
    long idleTimeoutNs, long lowUseWindowNs, String callback, String template, int templateVersion)
{
    /** Nothing said. */
    public static final SessionNotes NONE = new SessionNotes(0, 0, null, null, 0);
}
