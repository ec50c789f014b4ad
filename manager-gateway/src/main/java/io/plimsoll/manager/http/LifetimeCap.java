package io.plimsoll.manager.http;

import io.plimsoll.manager.ManagerServices;
import io.plimsoll.manager.identity.Caller;
import io.plimsoll.manager.identity.Identity;
import io.plimsoll.manager.identity.Owner;
import io.plimsoll.manager.identity.Role;
import io.plimsoll.manager.identity.Subject;
import io.plimsoll.transport.Amounts;
import java.util.Set;

/**
 * What policies say about the limits that sessions may be given after they were submitted: the least lifetime of all
 * levels, as at submission. Superadmins are not held to it. Stateless.
 */
final class LifetimeCap
{
    private LifetimeCap()
    {
    }

    /**
     * A limit within the policies.
     *
     * @param services   with identities.
     * @param caller     who asks.
     * @param owners     accounts that the sessions count for.
     * @param walltimeNs wanted; 0: none; null: it is not to be changed.
     * @return the limit, which is the least that any policy allows where none was wanted.
     * @throws ProblemException 422 that names the level if it is too long.
     */
    static Long within(
        final ManagerServices services, final Caller caller, final Set<Integer> owners, final Long walltimeNs)
    {
        if (null == walltimeNs || Role.SUPERADMIN == caller.role())
        {
            return walltimeNs;
        }
        final Identity identity = services.identities().identity();
        long leastNs = Long.MAX_VALUE;
        for (final int ownerId : owners)
        {
            final Owner owner = identity.owner(ownerId);
            if (null != owner)
            {
                for (final int id : new int[]{owner.keypairId(), owner.userId(), owner.projectId(), owner.domainId()})
                {
                    leastNs = Math.min(leastNs, checked(identity.subject(id), walltimeNs));
                }
            }
        }
        return 0 == walltimeNs && Long.MAX_VALUE != leastNs ? leastNs : walltimeNs;
    }

    private static long checked(final Subject level, final long walltimeNs)
    {
        final long maxNs = null == level ? 0 : level.policy().lifetimeMaxNs();
        if (0 != maxNs && walltimeNs > maxNs)
        {
            throw new Problem(
                422, "lifetime-exceeded", "timeout: given " + Amounts.formatDuration(walltimeNs) + " > limit " +
                    Amounts.formatDuration(maxNs) + " of " + SubjectJson.kind(level) + " " + level.name())
                .field("timeout")
                .asException();
        }
        return 0 == maxNs ? Long.MAX_VALUE : maxNs;
    }
}
