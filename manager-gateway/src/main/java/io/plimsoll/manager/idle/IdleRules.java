package io.plimsoll.manager.idle;

import io.plimsoll.core.sbe.SessionType;
import io.plimsoll.manager.identity.Identity;
import io.plimsoll.manager.identity.IdlePolicy;
import io.plimsoll.manager.identity.Owner;
import io.plimsoll.manager.identity.Subject;
import io.plimsoll.manager.view.SessionView;
import io.plimsoll.transport.SessionNotes;

/** Which times hold for a session: the shortest of its own and those of all levels; for batch sessions only its own. */
final class IdleRules
{
    private IdleRules()
    {
    }

    /** For one session; {@link IdlePolicy#NONE} if it may do nothing for ever. */
    static IdlePolicy of(final SessionView session, final Identity identity)
    {
        final SessionNotes notes = null == session.spec() ? SessionNotes.NONE : session.spec().notes();
        IdlePolicy rules = IdlePolicy.NONE;
        final Owner owner = SessionType.BATCH == session.type() ? null : identity.owner(session.ownerId());
        if (null != owner)
        {
            for (final int id : new int[]{owner.keypairId(), owner.userId(), owner.projectId(), owner.domainId()})
            {
                final Subject level = identity.subject(id);
                rules = null == level ? rules : strictest(rules, level.policy().idle());
            }
        }
        return new IdlePolicy(
            shortest(rules.timeoutNs(), notes.idleTimeoutNs()),
            shortest(rules.windowNs(), notes.lowUseWindowNs()),
            rules.graceNs(),
            rules.cpuPercent(),
            rules.gpuPercent());
    }

    /** The level with the shortest window says what else belongs to it. */
    private static IdlePolicy strictest(final IdlePolicy one, final IdlePolicy other)
    {
        final boolean isOther = 0 != other.windowNs() && (0 == one.windowNs() || other.windowNs() < one.windowNs());
        final IdlePolicy use = isOther ? other : one;
        return new IdlePolicy(
            shortest(one.timeoutNs(), other.timeoutNs()), use.windowNs(), use.graceNs(), use.cpuPercent(),
            use.gpuPercent());
    }

    private static long shortest(final long oneNs, final long otherNs)
    {
        return 0 == oneNs ? otherNs : 0 == otherNs ? oneNs : Math.min(oneNs, otherNs);
    }

    static boolean isNone(final IdlePolicy rules)
    {
        return 0 == rules.timeoutNs() && 0 == rules.windowNs();
    }
}
