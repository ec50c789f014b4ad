package io.plimsoll.manager.identity;

import java.util.List;
import java.util.Map;

/** One domain, project, user and keypair. */
public final class TestIdentity
{
    public static final int DOMAIN = 1_000_000;
    public static final int PROJECT = 1_000_001;
    public static final int USER = 1_000_002;
    public static final int KEYPAIR = 1_000_003;
    public static final int MEMBER = 1_000_004;

    private TestIdentity()
    {
    }

    public static Policy policy(final IdlePolicy idle)
    {
        return new Policy(
            Map.of(), Map.of(), -1, -1, -1, -1, Policy.PRIORITY_MAX, 0, idle, 0, List.of(), Policy.WEIGHT, 0,
            List.of(), null);
    }

    public static Identity of(final long version, final IdlePolicy domain, final IdlePolicy project)
    {
        return new Identity(
            version,
            List.of(new Domain(DOMAIN, "research", "", true, policy(domain), null)),
            List.of(new Project(PROJECT, "vision", DOMAIN, "", true, policy(project), null)),
            List.of(new User(USER, "ana", DOMAIN, Role.USER, 0, "", true, Policy.UNLIMITED, null)),
            List.of(new Keypair(KEYPAIR, "PK1", USER, "hash", "", true, Policy.UNLIMITED, null, null)),
            List.of(new Identity.Membership(PROJECT, USER)),
            List.of(new Identity.MemberAccount(MEMBER, KEYPAIR, PROJECT)),
            List.of());
    }
}
