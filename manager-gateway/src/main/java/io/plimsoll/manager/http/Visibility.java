package io.plimsoll.manager.http;

import io.plimsoll.manager.ManagerServices;
import io.plimsoll.manager.history.Scope;
import io.plimsoll.manager.identity.Caller;
import io.plimsoll.manager.identity.Owner;
import io.plimsoll.manager.identity.Role;
import io.plimsoll.manager.identity.Subject;
import io.plimsoll.manager.view.SessionView;
import java.util.function.IntPredicate;

/**
 * The one place that says who may see and change what. What somebody may not see is not there for it; what it may see
 * and not change is refused. Any thread.
 */
final class Visibility
{
    private final ManagerServices services;

    Visibility(final ManagerServices services)
    {
        this.services = services;
    }

    /** Whether a caller sees whatever there is. */
    static boolean seesAll(final Caller caller)
    {
        return Role.SUPERADMIN == caller.role() || Role.MONITOR == caller.role();
    }

    /** Whether a caller sees what counts for an account. */
    boolean sees(final Caller caller, final int ownerId)
    {
        if (seesAll(caller))
        {
            return true;
        }
        final Owner owner = services.identities().identity().owner(ownerId);
        if (null == owner)
        {
            return false;
        }
        return Role.ADMIN == caller.role() ?
            owner.domainId() == caller.domainId() : owner.userId() == caller.userId();
    }

    /** What a caller sees of what was; the same as of what is. */
    static Scope scope(final Caller caller)
    {
        if (seesAll(caller))
        {
            return Scope.ALL;
        }
        // Nobody's number is below 1, so whoever has none sees nothing.
        return Role.ADMIN == caller.role() ?
            new Scope(Math.max(1, caller.domainId()), 0) : new Scope(0, Math.max(1, caller.userId()));
    }

    /** For lists; null: all. */
    IntPredicate owners(final Caller caller)
    {
        return seesAll(caller) ? null : ownerId -> sees(caller, ownerId);
    }

    /** Whether a caller sees a domain, project, user or keypair: that of its own, and what it is in. */
    boolean sees(final Caller caller, final Subject subject)
    {
        if (seesAll(caller))
        {
            return true;
        }
        final Owner owner = services.identities().identity().owner(subject.accountId());
        if (null == owner || owner.domainId() != caller.domainId())
        {
            return false;
        }
        return Role.ADMIN == caller.role() ||
            owner.userId() == caller.userId() ||
            0 == owner.userId() && (0 == owner.projectId() || isMember(caller, owner.projectId()));
    }

    private boolean isMember(final Caller caller, final int projectId)
    {
        return services.identities().identity().projectsOf(caller.userId()).stream()
            .anyMatch(project -> project.accountId() == projectId);
    }

    /** The session of a path, or 404 for one that is not there for the caller. */
    SessionView session(final Exchange exchange)
    {
        final SessionView session = SessionRoutes.session(services, exchange);
        if (!sees(exchange.caller(), session.ownerId()))
        {
            throw SessionRoutes.unknownSession(Long.toString(session.id())).asException();
        }
        return session;
    }

    static Problem notAllowed(final Caller caller, final String why)
    {
        return new Problem(
            403, "not-allowed", why + "; " + caller.name() + " is " + caller.role().label()).field("role");
    }
}
