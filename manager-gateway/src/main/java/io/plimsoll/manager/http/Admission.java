package io.plimsoll.manager.http;

import io.plimsoll.core.sbe.RejectCode;
import io.plimsoll.manager.ManagerServices;
import io.plimsoll.manager.callback.CallbackUrl;
import io.plimsoll.manager.callback.CallbackView;
import io.plimsoll.manager.control.CommandRejectedException;
import io.plimsoll.manager.control.GroupOption;
import io.plimsoll.manager.control.SessionRequest;
import io.plimsoll.manager.identity.Caller;
import io.plimsoll.manager.identity.Identity;
import io.plimsoll.manager.identity.Owner;
import io.plimsoll.manager.identity.Project;
import io.plimsoll.manager.identity.Subject;
import io.plimsoll.manager.view.GroupView;
import io.plimsoll.manager.view.LiveView;
import io.plimsoll.transport.Amounts;
import java.util.ArrayList;
import java.util.List;

/**
 * What the policies of a submitter say that the core does not know: in which resource groups, for how long, and after
 * which others. All levels are asked, and the least of their lifetimes holds, also for a session that asks for none.
 * Made for each request.
 */
final class Admission
{
    private final Caller caller;
    private final Identity identity;
    private final CallbackView callbacks;
    private final LiveView view;
    private final Visibility visibility;

    Admission(final ManagerServices services, final Caller caller)
    {
        this.caller = caller;
        identity = services.identities().identity();
        callbacks = services.facts().callbacks();
        view = services.view();
        visibility = new Visibility(services);
    }

    /**
     * The sessions as they may run.
     *
     * @throws ProblemException 422 that names the level and the field if one may not.
     */
    List<SessionRequest> admitted(final List<SessionRequest> sessions)
    {
        sessions.forEach(this::checkCallback);
        sessions.forEach(this::checkCount);
        for (int i = 0; i < sessions.size(); i++)
        {
            checkDependencies(i, sessions.get(i).dependencies());
            checkDependencies(i, sessions.get(i).terms().afterAny());
        }
        if (!caller.isKeypair() && identity.version() < 0)
        {
            return sessions;
        }
        final List<SessionRequest> admitted = new ArrayList<>(sessions.size());
        for (final SessionRequest session : sessions)
        {
            admitted.add(admitted(session));
        }
        return admitted;
    }

    /**
     * An array of more than may ever wait together would be told to try again for ever. Of what may wait in a group a
     * user gets half at most where nothing else waits; what counts for nobody is not held to that.
     */
    private void checkCount(final SessionRequest session)
    {
        final GroupView group = 1 == session.count() ? null : view.group(session.group());
        if (null == group)
        {
            return;
        }
        final long pendingMax = group.options().get(GroupOption.PENDING_MAX);
        final boolean isOfNobody = 0 == caller.ownerId() && 0 == session.terms().accountId();
        final long most = isOfNobody ? pendingMax : (pendingMax + 1) / 2;
        if (session.count() > most)
        {
            throw new Problem(
                422, "array-too-large", "count: given " + session.count() + ", but at most " + most + " of " +
                    (isOfNobody ? "them" : "one user") + " may wait in group " + session.group() + " (pendingMax " +
                    pendingMax + "); submit it in parts").field("count").asException();
        }
    }

    private void checkCallback(final SessionRequest session)
    {
        final String url = session.spec().notes().callback();
        final String objection = null == url ? null : callbacks.objection(CallbackUrl.parse(url));
        if (null != objection)
        {
            throw new Problem(422, "callback-forbidden", "callback: given " + url + ", but " + objection)
                .field("callback")
                .asException();
        }
    }

    /** Another's session is not there, or whoever waits for it would learn that it is, and how it ends. */
    private void checkDependencies(final int index, final List<Long> ids)
    {
        if (ids.isEmpty() || Visibility.seesAll(caller))
        {
            return;
        }
        for (final Long id : ids)
        {
            final int ownerId = view.ownerOf(id);
            // What the view does not know the core may, a moment before; if not, it says the same.
            if (ownerId >= 0 && !visibility.sees(caller, ownerId))
            {
                throw new CommandRejectedException(
                    RejectCode.UNKNOWN_DEPENDENCY, "dependencies", index, id, 0, 0);
            }
        }
    }

    private SessionRequest admitted(final SessionRequest session)
    {
        final int named = session.terms().accountId();
        if (0 == named)
        {
            requireProject();
        }
        final int ownerId = 0 == named ? caller.ownerId() : named;
        final Owner owner = identity.owner(ownerId);
        if (null == owner)
        {
            return session;
        }
        checkProject(ownerId, owner);
        long walltimeNs = session.walltimeNs();
        for (final int id : new int[]{owner.keypairId(), owner.userId(), owner.projectId(), owner.domainId()})
        {
            final Subject level = identity.subject(id);
            if (null != level)
            {
                checkGroup(session, level);
                walltimeNs = limited(walltimeNs, session, level);
            }
        }
        return walltimeNs == session.walltimeNs() ? session : session.withWalltimeNs(walltimeNs);
    }

    /** Somebody in several projects has to say which, or its sessions would count for none of them. */
    private void requireProject()
    {
        final Owner owner = identity.owner(caller.ownerId());
        if (null == owner || 0 != owner.projectId())
        {
            return;
        }
        final List<String> names =
            identity.projectsOf(caller.userId()).stream().map(Subject::name).toList();
        if (!names.isEmpty())
        {
            throw new Problem(
                422, "project-missing", "project: say which of " + String.join(", ", names) + " this is for, or give " +
                    caller.name() + " a default: plimsoll admin user update " + caller.name() +
                    " defaultProject=" + names.get(0)).field("project").asException();
        }
    }

    /** However the project was named: it takes sessions, and of whom they would count for is a member of it. */
    private void checkProject(final int ownerId, final Owner owner)
    {
        if (0 == owner.projectId())
        {
            return;
        }
        if (!(identity.subject(owner.projectId()) instanceof final Project project) || !project.active())
        {
            throw Owners.inactive(identity.name(owner.projectId())).asException();
        }
        if (0 != owner.keypairId() && ownerId != identity.memberAccount(owner.keypairId(), owner.projectId()))
        {
            throw new Problem(
                422, "not-a-member", "account: " + identity.name(owner.userId()) + " is no member of the project " +
                    project.name() + " any more").field("account").asException();
        }
    }

    private static void checkGroup(final SessionRequest session, final Subject level)
    {
        final List<String> groups = level.policy().allowedGroups();
        if (!groups.isEmpty() && !groups.contains(session.group()))
        {
            throw new Problem(
                422, "group-not-allowed", "group: given " + session.group() + ", but " + SubjectJson.kind(level) + " " +
                    level.name() + " may use " + String.join(", ", groups)).field("group").asException();
        }
    }

    private static long limited(final long walltimeNs, final SessionRequest session, final Subject level)
    {
        final long maxNs = level.policy().lifetimeMaxNs();
        if (0 == maxNs)
        {
            return walltimeNs;
        }
        if (session.walltimeNs() > maxNs)
        {
            throw new Problem(
                422, "lifetime-exceeded", "timeout: given " + Amounts.formatDuration(session.walltimeNs()) +
                    " > limit " + Amounts.formatDuration(maxNs) + " of " + SubjectJson.kind(level) + " " +
                    level.name()).field("timeout").asException();
        }
        return 0 == walltimeNs ? maxNs : Math.min(walltimeNs, maxNs);
    }
}
