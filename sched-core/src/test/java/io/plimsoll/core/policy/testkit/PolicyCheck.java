package io.plimsoll.core.policy.testkit;

import com.sun.management.ThreadMXBean;
import io.plimsoll.core.AgreeingCores;
import io.plimsoll.core.policy.PolicyLoadException;
import io.plimsoll.core.policy.SelectionPolicies;
import io.plimsoll.core.policy.SelectionPolicy;
import io.plimsoll.core.testkit.RandomCluster;
import io.plimsoll.core.testkit.SeededRandom;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Holds a policy of one's own to what the core expects of it: {@code PolicyCheck.of("small-machines-first").all()} in
 * a test. What does not hold is thrown as an {@link AssertionError} that says what broke, on which seed, and how to see
 * it again. Needs no test library.
 *
 * <p>What no test can show, that equal arguments give equal scores for ever and on any machine, is looked for in three
 * ways: in the bytecode (clocks, randomness, hash maps, threads, I/O, functions of {@link Math} that differ between
 * machines), by asking in different orders and through different objects that say the same, and by having whole
 * histories decided several times by real cores.
 */
public final class PolicyCheck
{
    private static final long NO_SEED = Long.MIN_VALUE;
    private static final int CASES = 200;
    private static final int TRIES = 200;
    private static final int AGENTS = 6;
    private static final int WARM_UP_ROUNDS = 100;
    private static final int ROUNDS = 50;

    private final String name;
    private long firstSeed = 1;
    private int seeds = 4;
    private int steps = 1000;

    /** A question that may be asked of a policy: the agent fits. */
    private record Case(SampleAgent agent, SampleRequest request, SampleMix mix)
    {
        Case copy()
        {
            return new Case(agent.copy(), request.copy(), mix);
        }

        @Override
        public String toString()
        {
            return agent + " " + request + " mix{entries=" + mix.size() + "}";
        }
    }

    private PolicyCheck(final String name)
    {
        this.name = name;
    }

    /**
     * A check of the policy of a name, which must be where the core will look for it.
     *
     * @param name as a group's {@code select} will have it.
     */
    public static PolicyCheck of(final String name)
    {
        final PolicyCheck check = new PolicyCheck(name);
        check.policy();
        return check;
    }

    /** Other seeds than 1 to 4. */
    public PolicyCheck seeds(final long first, final int count)
    {
        firstSeed = first;
        seeds = count;
        return this;
    }

    /** Another length of the histories than 1,000 steps. */
    public PolicyCheck steps(final int count)
    {
        steps = count;
        return this;
    }

    /** All that follows. */
    public void all()
    {
        callsNothingForbidden();
        isPure();
        choosesDevicesWithRoom();
        allocatesNothing();
        holdsInTheCore();
    }

    /** An instance of its own, as each core has one, from where cores have theirs. */
    private SelectionPolicy policy()
    {
        final SelectionPolicies policies;
        try
        {
            policies = new SelectionPolicies();
        }
        catch (final PolicyLoadException ex)
        {
            throw broken(NO_SEED, "of", ex.getMessage(), ex);
        }
        final SelectionPolicy policy = policies.find(name);
        if (null == policy)
        {
            throw broken(NO_SEED, "of", "not found; its class must stand in META-INF/services/" +
                SelectionPolicy.class.getName() + ", and name() must say '" + name + "'; found are " +
                SelectionPolicies.names(), null);
        }
        return policy;
    }

    /** Neither it nor the classes that came with it call what the core must not call. */
    public void callsNothingForbidden()
    {
        final Set<String> found = ForbiddenCalls.of(policy().getClass());
        if (!found.isEmpty())
        {
            throw broken(NO_SEED, "callsNothingForbidden", String.join("; ", found), null);
        }
    }

    /**
     * Equal arguments give equal answers: asked again, in another order, through other objects that say the same, and
     * by another instance; and views are not kept beyond the call.
     */
    public void isPure()
    {
        eachSeed("isPure", seed ->
        {
            final List<Case> cases = cases(seed);
            final SelectionPolicy policy = policy();
            final long[] scores = new long[cases.size()];
            for (int i = 0; i < scores.length; i++)
            {
                scores[i] = score(policy, cases.get(i));
            }
            final SelectionPolicy other = policy();
            for (int i = scores.length - 1; i >= 0; i--)
            {
                final Case equal = cases.get(i).copy();
                checkScore(scores[i], score(other, equal), "by another instance in another order", equal);
                checkScore(scores[i], score(policy, equal), "when asked again after others", equal);
                checkScore(scores[i], score(policy, equal), "when asked twice in a row", equal);
                if (!policy.mindsRequestedMem())
                {
                    final Case less = new Case(equal.agent, equal.request.withoutMem(), equal.mix);
                    checkScore(scores[i], score(policy, less), "without mem, which it does not mind", less);
                }
                if (!policy.mindsMix())
                {
                    final Case mixed = new Case(equal.agent, equal.request, cases.get((i + 1) % scores.length).mix);
                    checkScore(scores[i], score(policy, mixed), "with another mix, which it does not mind", mixed);
                }
            }
        });
    }

    private static void checkScore(final long first, final long again, final String when, final Case asked)
    {
        if (first != again)
        {
            throw new AssertionError("its score was " + first + ", and " + again + " " + when + "; " + asked);
        }
    }

    /** The device that it chooses for a share is there and has room, and is the same when asked again. */
    public void choosesDevicesWithRoom()
    {
        eachSeed("choosesDevicesWithRoom", seed ->
        {
            final SelectionPolicy policy = policy();
            for (final Case asked : cases(seed))
            {
                if (asked.request.isOneShare())
                {
                    final int device = device(policy, asked);
                    if (!asked.agent.hasRoom(device, asked.request))
                    {
                        throw new AssertionError("it chose device " + device + ", which has no room; " + asked);
                    }
                    final int again = device(policy(), asked.copy());
                    if (device != again)
                    {
                        throw new AssertionError("it chose device " + device + ", then " + again + "; " + asked);
                    }
                }
            }
        });
    }

    /** After a warm-up its calls leave nothing on the heap as long as the mix stays the same. */
    public void allocatesNothing()
    {
        if (!(ManagementFactory.getThreadMXBean() instanceof final ThreadMXBean threads))
        {
            return;
        }
        eachSeed("allocatesNothing", seed ->
        {
            final SelectionPolicy policy = policy();
            final SampleMix mix = new SampleMix(8, seed, new SeededRandom(seed));
            final Case[] cases = cases(seed).stream()
                .map(asked -> new Case(asked.agent, asked.request, mix))
                .toArray(Case[]::new);
            long least = Long.MAX_VALUE;
            for (int round = 0; round < WARM_UP_ROUNDS + ROUNDS && least > 0; round++)
            {
                final long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
                askAll(policy, cases);
                final long bytes = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
                least = round < WARM_UP_ROUNDS ? least : Math.min(least, bytes);
            }
            if (least > 0)
            {
                throw new AssertionError(
                    "it allocates " + least + " bytes in " + cases.length + " calls, also after a warm-up");
            }
        });
    }

    private static void askAll(final SelectionPolicy policy, final Case[] cases)
    {
        for (final Case asked : cases)
        {
            score(policy, asked);
            if (asked.request.isOneShare())
            {
                device(policy, asked);
            }
        }
    }

    /**
     * Whole histories of random clusters, decided by real cores that select by it: caches dropped and state restored at
     * random points, all decided twice, and every placement compared with what a look at every agent finds. No agent is
     * ever over-committed, and no device.
     */
    public void holdsInTheCore()
    {
        eachSeed("holdsInTheCore", seed ->
        {
            final AgreeingCores cores = new AgreeingCores(seed);
            final RandomCluster cluster = new RandomCluster(seed, cores, name);
            try
            {
                cluster.start(AGENTS);
                for (int i = 0; i < steps; i++)
                {
                    cluster.step();
                }
                cores.checkDecidedTwice();
            }
            catch (final RuntimeException | AssertionError failure)
            {
                throw new AssertionError("sequence=" + cluster.sequence() + ": " + withCauses(failure), failure);
            }
        });
    }

    private static String withCauses(final Throwable failure)
    {
        final StringBuilder text = new StringBuilder(Objects.toString(failure.getMessage(), failure.toString()));
        for (Throwable cause = failure.getCause(); null != cause; cause = cause.getCause())
        {
            text.append(": ").append(cause);
        }
        return text.toString();
    }

    private static List<Case> cases(final long seed)
    {
        final SeededRandom random = new SeededRandom(seed);
        final List<Case> cases = new ArrayList<>();
        SampleMix mix = new SampleMix(0, 0, random);
        for (int i = 0; i < CASES; i++)
        {
            mix = 0 == i % 50 ? new SampleMix(random.below(12), i, random) : mix;
            final SampleRequest request = new SampleRequest(random);
            final SampleAgent agent = fitting(request, random);
            if (null != agent)
            {
                cases.add(new Case(agent, request, mix));
            }
        }
        return cases;
    }

    private static SampleAgent fitting(final SampleRequest request, final SeededRandom random)
    {
        for (int i = 0; i < TRIES; i++)
        {
            final SampleAgent agent = new SampleAgent(1 + random.below(1000), random);
            if (agent.fits(request))
            {
                return agent;
            }
        }
        return null;
    }

    private static long score(final SelectionPolicy policy, final Case asked)
    {
        try
        {
            return policy.score(asked.agent.open(), asked.request.open(), asked.mix);
        }
        finally
        {
            asked.agent.close();
            asked.request.close();
        }
    }

    private static int device(final SelectionPolicy policy, final Case asked)
    {
        try
        {
            return policy.chooseDevice(asked.agent.open(), asked.request.open(), asked.mix);
        }
        finally
        {
            asked.agent.close();
            asked.request.close();
        }
    }

    /** Something that is done for a seed. */
    private interface Seeded
    {
        void run(long seed);
    }

    private void eachSeed(final String check, final Seeded body)
    {
        for (long seed = firstSeed; seed < firstSeed + seeds; seed++)
        {
            try
            {
                body.run(seed);
            }
            catch (final AssertionError failure)
            {
                throw broken(seed, check, failure.getMessage(), failure);
            }
            catch (final RuntimeException failure)
            {
                throw broken(seed, check, "it threw " + withCauses(failure), failure);
            }
        }
    }

    private AssertionError broken(final long seed, final String check, final String what, final Throwable cause)
    {
        final String again = NO_SEED == seed ? "" :
            "; again: PolicyCheck.of(\"" + name + "\").seeds(" + seed + ", 1)." + check + "()";
        return new AssertionError(
            "policy=" + name + (NO_SEED == seed ? "" : " seed=" + seed) + " " + check + ": " + what + again, cause);
    }
}
