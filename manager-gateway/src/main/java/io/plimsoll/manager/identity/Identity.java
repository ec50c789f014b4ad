package io.plimsoll.manager.identity;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * All that is known of who is who, at one moment. Immutable, and replaced as a whole by what the database says after a
 * change; kept as it is while the database is away.
 */
public final class Identity
{
    /** Nobody. */
    public static final Identity EMPTY =
        new Identity(-1, List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

    private final Content content;
    private final long version;
    private final Map<String, Domain> domainByName = new TreeMap<>();
    private final Map<String, Project> projectByName = new TreeMap<>();
    private final Map<String, User> userByName = new TreeMap<>();
    private final Map<String, Keypair> keypairByName = new HashMap<>();
    private final Map<Integer, Subject> subjectById = new TreeMap<>();
    private final Map<Integer, List<Project>> projectsByUser = new HashMap<>();
    private final Map<Integer, List<User>> membersByProject = new HashMap<>();
    private final Map<Integer, MemberAccount> memberById = new TreeMap<>();
    private final Map<Long, Integer> memberIdByPair = new HashMap<>();
    private final Map<Integer, Owner> ownerById = new HashMap<>();
    private final Map<Integer, NavigableMap<String, NavigableMap<Integer, Template>>> templatesByProject =
        new HashMap<>();

    Identity(
        final long version,
        final List<Domain> domains,
        final List<Project> projects,
        final List<User> users,
        final List<Keypair> keypairs,
        final List<Membership> memberships,
        final List<MemberAccount> accounts,
        final List<Template> templates)
    {
        this(new Content(version, domains, projects, users, keypairs, memberships, accounts, templates));
    }

    /**
     * Out of what was kept.
     *
     * @throws RuntimeException of any kind if it does not fit together.
     */
    Identity(final Content content)
    {
        this.content = content;
        version = content.version();
        for (final Domain domain : content.domains())
        {
            domainByName.put(domain.name(), domain);
            add(domain, new Owner(domain.accountId(), 0, 0, 0));
        }
        for (final Project project : content.projects())
        {
            projectByName.put(project.name(), project);
            add(project, new Owner(project.domainId(), project.accountId(), 0, 0));
        }
        for (final User user : content.users())
        {
            userByName.put(user.name(), user);
            add(user, new Owner(user.domainId(), 0, user.accountId(), 0));
        }
        for (final Keypair keypair : content.keypairs())
        {
            keypairByName.put(keypair.name(), keypair);
            final Owner user = ownerById.get(keypair.userId());
            add(keypair, new Owner(user.domainId(), 0, keypair.userId(), keypair.accountId()));
        }
        for (final Membership membership : content.memberships())
        {
            projectsByUser.computeIfAbsent(membership.userId(), key -> new ArrayList<>())
                .add((Project)subjectById.get(membership.projectId()));
            membersByProject.computeIfAbsent(membership.projectId(), key -> new ArrayList<>())
                .add((User)subjectById.get(membership.userId()));
        }
        for (final Template template : content.templates())
        {
            templatesByProject.computeIfAbsent(template.projectId(), key -> new TreeMap<>())
                .computeIfAbsent(template.name(), key -> new TreeMap<>())
                .put(template.version(), template);
        }
        membersByProject.values().forEach(members -> members.sort(Comparator.comparing(User::name)));
        for (final MemberAccount account : content.accounts())
        {
            memberById.put(account.accountId(), account);
            final Owner keypair = ownerById.get(account.keypairId());
            // Of somebody who has left, what was submitted stays visible, and nothing more can be.
            if (projectsOf(keypair.userId()).contains((Project)subjectById.get(account.projectId())))
            {
                memberIdByPair.put(pair(account.keypairId(), account.projectId()), account.accountId());
            }
            ownerById.put(
                account.accountId(),
                new Owner(keypair.domainId(), account.projectId(), keypair.userId(), account.keypairId()));
        }
    }

    private void add(final Subject subject, final Owner owner)
    {
        subjectById.put(subject.accountId(), subject);
        ownerById.put(subject.accountId(), owner);
    }

    private static long pair(final int keypairId, final int projectId)
    {
        return (long)keypairId << Integer.SIZE | projectId;
    }

    /** All there is. */
    Content content()
    {
        return content;
    }

    /** Rises with every change; -1: nothing was ever read. */
    public long version()
    {
        return version;
    }

    /** By name; null if there is none. */
    public Domain domain(final String name)
    {
        return domainByName.get(name);
    }

    /** By name; null if there is none. */
    public Project project(final String name)
    {
        return projectByName.get(name);
    }

    /** By name; null if there is none. */
    public User user(final String name)
    {
        return userByName.get(name);
    }

    /** By access key; null if there is none. */
    public Keypair keypair(final String accessKey)
    {
        return keypairByName.get(accessKey);
    }

    /** By number of the account; null if there is none. */
    public Subject subject(final int accountId)
    {
        return subjectById.get(accountId);
    }

    /** Name by number of the account; empty if there is none. */
    public String name(final int accountId)
    {
        final Subject subject = subjectById.get(accountId);
        return null == subject ? "" : subject.name();
    }

    /** In order of the names. */
    public Collection<Domain> domains()
    {
        return domainByName.values();
    }

    /** In order of the names. */
    public Collection<Project> projects()
    {
        return projectByName.values();
    }

    /** In order of the names. */
    public Collection<User> users()
    {
        return userByName.values();
    }

    /** In order of their numbers, which is that in which they were made. */
    public List<Keypair> keypairs()
    {
        final List<Keypair> keypairs = new ArrayList<>();
        for (final Subject subject : subjectById.values())
        {
            if (subject instanceof final Keypair keypair)
            {
                keypairs.add(keypair);
            }
        }
        return keypairs;
    }

    /** Projects that a user belongs to, in order of the names. */
    public List<Project> projectsOf(final int userId)
    {
        return projectsByUser.getOrDefault(userId, List.of());
    }

    /** Users of a project, in order of the names. */
    public List<User> membersOf(final Project project)
    {
        return membersByProject.getOrDefault(project.accountId(), List.of());
    }

    /** Accounts of keypairs in projects. */
    public Collection<MemberAccount> memberAccounts()
    {
        return memberById.values();
    }

    /** Account of a keypair in a project; 0: its user is no member. */
    public int memberAccount(final int keypairId, final int projectId)
    {
        return memberIdByPair.getOrDefault(pair(keypairId, projectId), 0);
    }

    /** Whether anybody's policy says that somebody is told of sessions. */
    public boolean hasCallbacks()
    {
        return subjectById.values().stream().anyMatch(subject -> null != subject.policy().callback());
    }

    /** URL that is told of the sessions of an account by policy: that of the nearest level; null: none. */
    public String callbackOf(final int accountId)
    {
        final Owner owner = ownerById.get(accountId);
        if (null != owner)
        {
            for (final int id : new int[]{owner.keypairId(), owner.userId(), owner.projectId(), owner.domainId()})
            {
                final Subject level = subjectById.get(id);
                if (null != level && null != level.policy().callback())
                {
                    return level.policy().callback();
                }
            }
        }
        return null;
    }

    /** Templates of a project by name, each by version; the last is the one in use. */
    public NavigableMap<String, NavigableMap<Integer, Template>> templates(final int projectId)
    {
        return templatesByProject.getOrDefault(projectId, Collections.emptyNavigableMap());
    }

    /** Whom an account stands for; null if that is nobody whom the database knows. */
    public Owner owner(final int accountId)
    {
        return ownerById.get(accountId);
    }

    /** Project that the sessions of a user count for unless they say so; null: there is none, or more than one. */
    public Project defaultProject(final User user)
    {
        final List<Project> projects = projectsOf(user.accountId());
        for (final Project project : projects)
        {
            if (project.accountId() == user.defaultProjectId())
            {
                return project;
            }
        }
        return 1 == projects.size() ? projects.get(0) : null;
    }

    /**
     * Who holds a keypair that may be used.
     *
     * @param keypair that was proven.
     * @param now     for its expiry.
     * @return null if it, its user or its domain may not come in.
     */
    public Caller caller(final Keypair keypair, final Instant now)
    {
        final User user = (User)subjectById.get(keypair.userId());
        final boolean expired = null != keypair.expiresAt() && !now.isBefore(keypair.expiresAt());
        if (expired || !keypair.active() || !user.active() || !subjectById.get(user.domainId()).active())
        {
            return null;
        }
        final Project project = defaultProject(user);
        final int member = null == project ? 0 : memberAccount(keypair.accountId(), project.accountId());
        return new Caller(
            user.role(),
            user.name(),
            keypair.name(),
            0 == member ? keypair.accountId() : member,
            user.accountId(),
            user.domainId(),
            Caller.Access.of(subjectById.get(user.domainId()).policy(), user.policy(), keypair.policy()));
    }

    /**
     * All there is, as it is stored.
     *
     * @param version     rises with every change.
     * @param domains     in order of the names.
     * @param projects    in order of the names.
     * @param users       in order of the names.
     * @param keypairs    in order of their numbers.
     * @param memberships of users in projects.
     * @param accounts    of keypairs in projects.
     * @param templates   all versions.
     */
    record Content(
        long version,
        List<Domain> domains,
        List<Project> projects,
        List<User> users,
        List<Keypair> keypairs,
        List<Membership> memberships,
        List<MemberAccount> accounts,
        List<Template> templates)
    {
    }

    /**
     * That a user belongs to a project.
     *
     * @param projectId account of the project.
     * @param userId    account of the user.
     */
    record Membership(int projectId, int userId)
    {
    }

    /**
     * What one keypair does in one project.
     *
     * @param accountId of the account in the core.
     * @param keypairId account of the keypair.
     * @param projectId account of the project.
     */
    public record MemberAccount(int accountId, int keypairId, int projectId)
    {
    }
}
