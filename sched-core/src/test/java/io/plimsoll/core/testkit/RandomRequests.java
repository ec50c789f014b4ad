package io.plimsoll.core.testkit;

import io.plimsoll.core.sbe.AccountLevel;
import io.plimsoll.core.sbe.Backfill;
import io.plimsoll.core.sbe.ConstraintKind;
import io.plimsoll.core.sbe.FailurePolicy;
import io.plimsoll.core.sbe.OrderPolicy;
import io.plimsoll.core.sbe.PreemptionMode;
import io.plimsoll.core.sbe.SelectPolicy;
import io.plimsoll.core.sbe.SessionType;
import io.plimsoll.core.sbe.VictimScope;
import io.plimsoll.core.testkit.Commands.GroupSettings;
import java.util.Map;
import java.util.TreeMap;

/** What the people of a {@link RandomCluster} ask for: machines, accounts, settings and sessions, by its numbers. */
final class RandomRequests
{
    static final int ACCOUNTS = 9;

    private static final Backfill[] BACKFILLS = {
        Backfill.NONE, Backfill.EASY, Backfill.EASY_SJBF, Backfill.PREDICTIVE, Backfill.CONSERVATIVE,
    };
    private static final PreemptionMode[] PREEMPTIONS = {
        PreemptionMode.OFF, PreemptionMode.OFF, PreemptionMode.TERMINATE, PreemptionMode.RESCHEDULE,
    };
    private static final int[] CPU = {500, 1000, 1000, 2000, 4000};
    private static final AccountLevel[] LEVELS = {
        AccountLevel.DOMAIN, AccountLevel.PROJECT, AccountLevel.PROJECT, AccountLevel.USER, AccountLevel.USER,
        AccountLevel.KEYPAIR, AccountLevel.USER, AccountLevel.MEMBER, AccountLevel.MEMBER,
    };
    private static final int[] PROJECTS = {2, 3};
    private static final SelectPolicy[] SELECTIONS = {
        SelectPolicy.CONCENTRATED,
        SelectPolicy.DISPERSED,
        SelectPolicy.SCORED,
        SelectPolicy.SCORED,
        SelectPolicy.ROUND_ROBIN,
        SelectPolicy.RANDOM,
        SelectPolicy.TOPOLOGY,
    };
    private static final String[] POLICIES =
        {"best-fit", "dot-product", "gpu-packing", "gpu-clustering", "fragmentation-gradient", "plimsoll"};
    private static final ConstraintKind[] KINDS = ConstraintKind.values();
    private static final OrderPolicy[] ORDERS = {
        OrderPolicy.FIFO, OrderPolicy.LIFO, OrderPolicy.DRF, OrderPolicy.FAIR_SHARE,
    };
    private static final int[] SHARES = {50, 300, 300, 500, 1000, 1300, 2500};

    private final SeededRandom random;
    private final String policy;
    private final int devicesPercent;
    private final int sharesPercent;

    /** Groups select by one policy that scores, or by any that comes with the project if it is null. */
    RandomRequests(final SeededRandom random, final String policy)
    {
        this.random = random;
        this.policy = policy;
        // A policy on trial is to see many devices in use.
        devicesPercent = null == policy ? 40 : 80;
        sharesPercent = null == policy ? 20 : 50;
    }

    /** A tree of which some of the owners are part; its upper accounts change places at times. */
    AccountSettings account(final int id)
    {
        final AccountLevel level = LEVELS[id - 1];
        final AccountSettings account = AccountSettings.account(id, level, "account-" + id);
        if (AccountLevel.DOMAIN != level)
        {
            final int highest = switch (level)
            {
                case PROJECT -> 1;
                case USER -> 3;
                case KEYPAIR -> 5;
                default -> 6;
            };
            account.under(random.percent(80) ? 1 + random.below(highest) : 0);
        }
        if (AccountLevel.MEMBER == level)
        {
            account.in(random.percent(90) ? PROJECTS[random.below(PROJECTS.length)] : 0);
        }
        if (random.percent(40))
        {
            account.sessions(random.below(6)).systemSessions(random.below(3));
        }
        if (random.percent(40))
        {
            account.limit("cpu", random.between(1, 12) * 1000);
        }
        if (random.percent(20))
        {
            account.limit("cuda.device", random.below(4)).pendingLimit("cpu", random.between(5, 60) * 1000);
        }
        if (random.percent(20))
        {
            account.pending(1 + random.below(40)).kernels(1 + random.below(6)).priority(3 + random.below(98));
        }
        account.weight((1 + random.below(4)) * 500).types(random.percent(10) ? 1 : 0);
        return account;
    }

    AgentHello hello(final int index)
    {
        final AgentHello hello = new AgentHello(index + 1, random.between(1, 6) * 1000, random.between(4, 40) * 100);
        if (random.percent(devicesPercent))
        {
            hello.slot("cuda.device", random.between(0, 4));
        }
        if (random.percent(devicesPercent / 4))
        {
            hello.slot("rocm.device", random.between(1, 3));
        }
        if (random.percent(20))
        {
            hello.slot("licences", random.between(1, 5));
        }
        if (random.percent(70))
        {
            hello.label("zone", String.valueOf((char)('a' + random.below(3))));
            hello.label("rack", "r" + random.below(2)).label("block", "b" + random.below(2));
            hello.label("cuda.model", String.valueOf((char)('a' + random.below(3))));
        }
        hello.arch = random.percent(20) ? "aarch64" : "x86_64";
        hello.kernelsMax = random.percent(30) ? 1 + random.below(4) : -1;
        return index % 4 == 3 ? hello.in("other") : hello;
    }

    /** Settings of group default. */
    GroupSettings group()
    {
        final GroupSettings settings = new GroupSettings();
        select(settings);
        settings.decisionsPerCommandMax = random.percent(50) ? 1 + random.below(4) : 1000;
        settings.pendingTimeoutNs = random.percent(30) ? 600 * Commands.SECOND_NS : 0;
        settings.attemptsMax = 1 + random.below(4);
        settings.pendingMax = 400;
        order(settings);
        return settings;
    }

    /** Makes them those of group other. */
    void otherGroup(final GroupSettings settings)
    {
        settings.name = "other";
        order(settings);
        select(settings);
    }

    private String slotsFirst(final SelectPolicy selection)
    {
        final boolean byFree = SelectPolicy.CONCENTRATED == selection || SelectPolicy.DISPERSED == selection;
        return byFree && 0 == random.below(4) ? "by-free:cuda.device:nothing:mem" : "";
    }

    private void select(final GroupSettings settings)
    {
        settings.selection = SELECTIONS[random.below(SELECTIONS.length)];
        final boolean scored = SelectPolicy.SCORED == settings.selection;
        settings.selectionName = scored ? POLICIES[random.below(POLICIES.length)] : slotsFirst(settings.selection);
        settings.selectionSeed = random.below(3);
        if (null != policy)
        {
            settings.selection = SelectPolicy.SCORED;
            settings.selectionName = policy;
        }
    }

    private void order(final GroupSettings settings)
    {
        settings.order = ORDERS[random.below(ORDERS.length)];
        settings.quarantineAfter = random.percent(30) ? 1 + random.below(3) : 0;
        settings.quarantineNs = random.between(0, 60) * Commands.SECOND_NS;
        settings.preemption = PREEMPTIONS[random.below(PREEMPTIONS.length)];
        settings.victimScope = random.percent(50) ? VictimScope.GROUP : VictimScope.USER;
        settings.preemptionMinRuntimeNs = random.percent(50) ? 0 : random.between(0, 20) * Commands.SECOND_NS;
        settings.backfill = random.percent(50) ? Backfill.GREEDY : BACKFILLS[random.below(BACKFILLS.length)];
        settings.delayMaxNs = random.between(0, random.percent(50) ? 30 : 500) * Commands.SECOND_NS;
        settings.usageHalfLifeNs = random.percent(60) ? random.between(1, 600) * Commands.SECOND_NS : 0;
        settings.ageingNs = random.percent(25) ? random.between(1, 60) * Commands.SECOND_NS : 0;
    }

    /**
     * What a user may ask for.
     *
     * @param made  sessions made so far.
     * @param nowNs the time.
     */
    SubmitSpec session(final int made, final long nowNs)
    {
        final SubmitSpec session = SubmitSpec.session()
            .cpu(CPU[random.below(CPU.length)])
            .mem(random.between(0, 8) * 100)
            .priority(random.percent(40) ? random.below(4) * 10 : 10)
            .spec(random.below(5));
        if (random.percent(20))
        {
            session.kernels(1 + random.below(6));
        }
        if (random.percent(15))
        {
            addParts(session);
        }
        if (random.percent(20))
        {
            session.arrayOf(1 + random.below(20));
        }
        if (random.percent(25))
        {
            session.restart();
        }
        askFurther(session);
        if (random.percent(15) && made > 0)
        {
            session.after(recentId(made), random.percent(50) ? recentId(made) : anyId(made));
            session.anyEnd = random.percent(40);
        }
        if (random.percent(5))
        {
            session.startsAt(nowNs + random.between(-5, 60) * Commands.SECOND_NS);
        }
        if (random.percent(5))
        {
            session.type(SessionType.SYSTEM);
        }
        if (random.percent(50))
        {
            session.preemptible();
        }
        if (random.percent(20))
        {
            session.failurePolicy(random.percent(50) ? FailurePolicy.BOOT_ALL : FailurePolicy.TOLERANT);
        }
        if (random.percent(40))
        {
            session.walltime(random.between(10, 100) * Commands.SECOND_NS);
        }
        if (random.percent(25))
        {
            constrain(session);
        }
        return random.percent(20) ? session.in("other") : session;
    }

    private void askFurther(final SubmitSpec session)
    {
        if (random.percent(15))
        {
            session.slot("cuda.device", 1 + random.below(2));
        }
        if (random.percent(sharesPercent))
        {
            session.slot("cuda.shares", SHARES[random.below(SHARES.length)]);
        }
        if (random.percent(4))
        {
            session.slot("rocm.device", 1);
        }
        if (random.percent(5))
        {
            session.slot("licences", 1);
        }
        if (random.percent(3))
        {
            session.slot("asked-" + random.below(8), 1);
        }
    }

    /** Kernels that ask for something else than the first ones, or by chance for the same. */
    private void addParts(final SubmitSpec session)
    {
        for (int i = random.percent(25) ? 3 : 1; i > 0; i--)
        {
            final Map<String, Long> slots = new TreeMap<>();
            if (random.percent(25))
            {
                slots.put("cuda.device", 1L + random.below(2));
            }
            if (random.percent(25))
            {
                slots.put("cuda.shares", (long)SHARES[random.below(SHARES.length)]);
            }
            session.part(
                1 + random.below(3), CPU[random.below(CPU.length)], random.between(0, 8) * 100, slots);
        }
    }

    private void constrain(final SubmitSpec session)
    {
        for (int i = random.percent(30) ? 2 : 1; i > 0; i--)
        {
            final ConstraintKind kind = KINDS[random.below(ConstraintKind.PACK_PREFERRED.value() + 1)];
            switch (kind)
            {
                case ARCH_IN -> session.constrained(kind, "", random.percent(50) ? "x86_64" : "aarch64|x86_64");
                case AGENT_STRICT, AGENT_PREFERRED ->
                    session.constrained(kind, "", "agent-" + (1 + random.below(6)) + "|agent-" + random.below(8));
                case LABEL_IN, LABEL_NOT_IN, LABEL_EXISTS, LABEL_ABSENT -> session.constrained(
                    kind, random.percent(50) ? "zone" : "cuda.model", random.percent(50) ? "a" : "b|c");
                default -> session.constrained(kind, "team-" + random.below(3), "");
            }
        }
    }

    /** Any session ever made. */
    long anyId(final int made)
    {
        return 1 + random.below(Math.max(1, made));
    }

    /** One that is likely to be known still. */
    private long recentId(final int made)
    {
        return Math.max(1, made - random.below(60));
    }
}
