package io.plimsoll.manager.http;

import io.plimsoll.manager.ManagerServices;
import io.plimsoll.manager.identity.Accounts;
import io.plimsoll.manager.identity.Caller;
import io.plimsoll.manager.identity.Identity;
import io.plimsoll.manager.identity.Keypair;
import io.plimsoll.manager.identity.Owner;
import io.plimsoll.manager.identity.Project;
import io.plimsoll.manager.identity.Role;
import io.plimsoll.manager.identity.Subject;
import io.plimsoll.manager.view.AccountView;
import io.plimsoll.transport.NearMatch;
import java.util.List;

/**
 * Whom the sessions of a submission count for, by the name that they give: an account, or a project, which for somebody
 * with a keypair is what that keypair does in the project. Made for each request.
 */
final class Owners implements SubmissionNames
{
    private final ManagerServices services;
    private final Caller caller;
    private final Identity identity;

    Owners(final ManagerServices services, final Caller caller)
    {
        this.services = services;
        this.caller = caller;
        identity = services.identities().identity();
    }

    /** Number of an account by its name or number; 422 if it is none of the caller's. */
    @Override
    public int applyAsInt(final String idOrName)
    {
        if (idOrName.startsWith(Accounts.PROJECT))
        {
            return project(idOrName.substring(Accounts.PROJECT.length()));
        }
        if (Role.SUPERADMIN == caller.role())
        {
            return account(AccountRoutes.id(services, idOrName, "account"));
        }
        final AccountView account = services.view().account(idOrName);
        final Owner owner = null == account ? null : identity.owner(account.options().id());
        final boolean isManaged =
            null != owner && Role.ADMIN == caller.role() && owner.domainId() == caller.domainId();
        final boolean isOfProject = null != owner && 0 == owner.userId() && 0 != owner.projectId() &&
            identity.projectsOf(caller.userId()).stream()
                .anyMatch(project -> project.accountId() == owner.projectId());
        if (isOfProject || isManaged)
        {
            return account(account.options().id());
        }
        if (null == owner || owner.userId() != caller.userId())
        {
            // Whether it is somebody else's is nobody's business.
            throw new Problem(422, "unknown-account", "there is no account \"" + idOrName + "\" for " + caller.name())
                .field("account")
                .asException();
        }
        return own(idOrName, account.options().id(), owner);
    }

    /** By number, of those that somebody may name; a project stands for what the caller does in it. */
    private int account(final int id)
    {
        final Owner owner = identity.owner(id);
        if (null != owner && 0 != owner.projectId() && 0 == owner.userId())
        {
            return project(identity.name(id));
        }
        return id;
    }

    /**
     * What somebody submits counts for the keypair that it is submitted with, and for a project if there is one:
     * otherwise whoever is at a limit of theirs would name another account of its own, for which that limit is none.
     */
    private int own(final String idOrName, final int id, final Owner owner)
    {
        final Keypair keypair = identity.keypair(caller.accessKey());
        final boolean isWithin = null != keypair && owner.keypairId() == keypair.accountId() &&
            (0 != owner.projectId() || identity.projectsOf(caller.userId()).isEmpty());
        if (!isWithin)
        {
            throw new Problem(
                422, "account-not-allowed", "account: sessions of " + caller.name() + " count for the keypair that" +
                    " they are submitted with, and for one of its projects (field project), not for " + idOrName +
                    " alone").field("account").asException();
        }
        return id;
    }

    @Override
    public Found template(final String name, final String project)
    {
        return new TemplateFinder(new Visibility(services), caller, identity).found(name, project);
    }

    private int project(final String name)
    {
        final Project project = identity.project(name);
        final Keypair keypair = identity.keypair(caller.accessKey());
        if (null == project || null != keypair && !isForCaller(project, keypair))
        {
            final List<String> names = projects(keypair);
            final String there = null == keypair ? "" : names.isEmpty() ?
                "; " + caller.name() + " is in no project" :
                "; " + caller.name() + " is in " + String.join(", ", names);
            throw new Problem(
                422, "unknown-project", "there is no project \"" + name + "\"" + there +
                    NearMatch.hint(NearMatch.find(name, names))).field("project").asException();
        }
        if (!project.active())
        {
            throw inactive(name).asException();
        }
        return null == keypair ?
            project.accountId() : identity.memberAccount(keypair.accountId(), project.accountId());
    }

    static Problem inactive(final String name)
    {
        return new Problem(422, "project-inactive", "the project " + name + " takes no sessions now").field("project");
    }

    private boolean isForCaller(final Project project, final Keypair keypair)
    {
        return 0 != identity.memberAccount(keypair.accountId(), project.accountId());
    }

    private List<String> projects(final Keypair keypair)
    {
        return (null == keypair ? identity.projects() : identity.projectsOf(caller.userId())).stream()
            .map(Subject::name)
            .toList();
    }
}
