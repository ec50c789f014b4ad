package io.plimsoll.manager.identity;

import io.plimsoll.core.sbe.AccountLevel;
import io.plimsoll.manager.control.AccountOptions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The accounts of the core that identities come to, those above before those below. Names say what kind they are of, so
 * that a project and a domain may be called the same. Stateless.
 */
public final class Accounts
{
    /** Numbers from here on are the database's; those below are given by hand. */
    public static final int FIRST_ID = 1_000_000;
    /** In front of the name of a project's account. */
    public static final String PROJECT = "project/";

    private static final Pattern TWICE = Pattern.compile("\\b(domain|project|user|keypair) \\1/");
    private static final String DOMAIN = "domain/";
    private static final String USER = "user/";
    private static final String KEYPAIR = "keypair/";

    private Accounts()
    {
    }

    static List<AccountOptions> of(final Identity identity)
    {
        final List<AccountOptions> accounts = new ArrayList<>();
        identity.domains().forEach(domain -> accounts.add(of(domain)));
        identity.projects().forEach(project -> accounts.add(of(project)));
        identity.users().forEach(user -> accounts.add(of(user)));
        identity.keypairs().forEach(keypair -> accounts.add(of(keypair)));
        final Set<String> names = new HashSet<>();
        for (final Identity.MemberAccount member : identity.memberAccounts())
        {
            accounts.add(member(identity, member, names));
        }
        return accounts;
    }

    private static AccountOptions of(final Subject subject)
    {
        if (subject instanceof Domain)
        {
            return account(subject, DOMAIN, AccountLevel.DOMAIN, 0);
        }
        if (subject instanceof final Project project)
        {
            return account(project, PROJECT, AccountLevel.PROJECT, project.domainId());
        }
        return subject instanceof final User user ?
            account(user, USER, AccountLevel.USER, user.domainId()) :
            account(subject, KEYPAIR, AccountLevel.KEYPAIR, ((Keypair)subject).userId());
    }

    /**
     * Whether the core has the account of a subject as its policy wants it, or, of one that was deleted, as that.
     *
     * @param subject as the database has it.
     * @param known   what the core has journalled of it.
     */
    public static boolean isConfirmed(final Subject subject, final AccountOptions known)
    {
        return known.equals(of(subject)) || known.equals(deleted(known));
    }

    private static AccountOptions account(
        final Subject subject, final String prefix, final AccountLevel level, final int parentId)
    {
        final Policy policy = subject.policy();
        return new AccountOptions(
            subject.accountId(),
            prefix + subject.name(),
            level,
            parentId,
            0,
            policy.weight(),
            policy.sessionsMax(),
            policy.systemSessionsMax(),
            policy.pendingMax(),
            policy.kernelsMax(),
            policy.priorityMax(),
            policy.allowedTypes(),
            policy.limits(),
            policy.pendingLimits());
    }

    /** It has no limits of its own: its keypair, user, project and domain have them. */
    private static AccountOptions member(
        final Identity identity, final Identity.MemberAccount member, final Set<String> names)
    {
        return new AccountOptions(
            member.accountId(),
            memberName(identity, member, names),
            AccountLevel.MEMBER,
            member.keypairId(),
            member.projectId(),
            Policy.WEIGHT,
            -1,
            -1,
            -1,
            -1,
            Policy.PRIORITY_MAX,
            0,
            Map.of(),
            Map.of());
    }

    /** Such as ana@vision; with the access key where there is one of this name already, or no room for it. */
    private static String memberName(
        final Identity identity, final Identity.MemberAccount member, final Set<String> names)
    {
        final String user = identity.name(identity.owner(member.keypairId()).userId());
        final String name = user + "@" + identity.name(member.projectId());
        return name.length() <= AccountOptions.NAME_LENGTH_MAX && names.add(name) ?
            name : identity.name(member.keypairId()) + "@" + identity.name(member.projectId());
    }

    /** What the core says of accounts, without saying twice what they are. */
    public static String shown(final String text)
    {
        return TWICE.matcher(text).replaceAll("$1 ");
    }

    /** What an account is that nobody has any more: it may do nothing, and its name is free. */
    static AccountOptions deleted(final AccountOptions account)
    {
        return new AccountOptions(
            account.id(), "deleted/" + account.id(), account.level(), account.parentId(), account.projectId(),
            account.weight(),
            0, 0, 0, account.kernelsMax(), account.priorityMax(), account.allowedTypes(), Map.of(), Map.of());
    }

    /** The same under a name that nobody else wants. */
    static AccountOptions setAside(final AccountOptions account)
    {
        return new AccountOptions(
            account.id(), "renamed/" + account.id(), account.level(), account.parentId(), account.projectId(),
            account.weight(),
            account.sessionsMax(), account.systemSessionsMax(), account.pendingMax(), account.kernelsMax(),
            account.priorityMax(), account.allowedTypes(), account.limits(), account.pendingLimits());
    }
}
