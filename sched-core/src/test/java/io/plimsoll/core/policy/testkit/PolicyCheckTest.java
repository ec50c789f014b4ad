package io.plimsoll.core.policy.testkit;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.policy.AgentView;
import io.plimsoll.core.policy.RequestMix;
import io.plimsoll.core.policy.RequestView;
import io.plimsoll.core.policy.SelectionPolicy;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each policy in here is broken in one way, and found by its name through the service loader. */
class PolicyCheckTest
{
    private static void assertBroken(final String name, final Consumer<PolicyCheck> check, final String... words)
    {
        final PolicyCheck policy = PolicyCheck.of(name).seeds(7, 5);
        final String message = assertThrows(AssertionError.class, () -> check.accept(policy)).getMessage();
        for (final String word : words)
        {
            assertTrue(message.contains(word), message);
        }
        assertTrue(message.startsWith("policy=" + name), message);
        assertThrows(AssertionError.class, policy::all);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "best-fit", "dot-product", "gpu-packing", "gpu-clustering", "fragmentation-gradient", "plimsoll"})
    void shouldPassPoliciesThatComeWithTheProject(final String policy)
    {
        PolicyCheck.of(policy).seeds(1, 2).steps(500).all();
    }

    @Test
    void shouldSayWhereToNameAPolicyThatIsNotFound()
    {
        final String message = assertThrows(AssertionError.class, () -> PolicyCheck.of("nowhere")).getMessage();
        assertTrue(message.contains("META-INF/services/io.plimsoll.core.policy.SelectionPolicy"), message);
        assertTrue(message.contains("best-fit"), message);
    }

    @Test
    void shouldFindAnAnswerThatDependsOnEarlierOnes()
    {
        assertBroken("counting", PolicyCheck::isPure, "seed=7", "its score was", "agent{id=",
            "again: PolicyCheck.of(\"counting\").seeds(7, 1).isPure()");
    }

    @Test
    void shouldFindAnAnswerThatDependsOnTheObject()
    {
        assertBroken("by-object", PolicyCheck::isPure, "by another instance in another order");
        assertBroken("by-object", PolicyCheck::callsNothingForbidden, "java.lang.System.identityHashCode");
    }

    @Test
    void shouldFindAViewThatIsKept()
    {
        assertBroken("keeping", PolicyCheck::isPure, "used the view of an agent after the call");
    }

    @Test
    void shouldFindGarbage()
    {
        assertBroken("wasteful", PolicyCheck::allocatesNothing, "bytes in", "calls, also after a warm-up");
    }

    @Test
    void shouldFindADeviceThatHasNoRoom()
    {
        assertBroken("careless", PolicyCheck::choosesDevicesWithRoom, "which has no room", "deviceFree=");
        assertBroken("careless", PolicyCheck::holdsInTheCore, "selection=careless chose device=", "sequence=");
    }

    @Test
    void shouldFindAClock()
    {
        assertBroken("timely", PolicyCheck::callsNothingForbidden, "java.lang.System.nanoTime()", "Time arrives");
        assertBroken("timely", PolicyCheck::callsNothingForbidden, "Clock uses java.time.Instant.now()");
    }

    @Test
    void shouldSayWhatAPolicyThrew()
    {
        assertBroken("broken", PolicyCheck::isPure, "it threw planted");
        assertBroken("broken", PolicyCheck::holdsInTheCore, "selection=broken failed on agentId=", "planted");
    }

    /** Counts calls. */
    public static final class Counting extends Named
    {
        private long calls;

        public Counting()
        {
            super("counting");
        }

        @Override
        public long score(final AgentView agent, final RequestView request, final RequestMix mix)
        {
            return calls++ >> 4;
        }
    }

    /** Takes an object for what it says. */
    public static final class ByObject extends Named
    {
        public ByObject()
        {
            super("by-object");
        }

        @Override
        public long score(final AgentView agent, final RequestView request, final RequestMix mix)
        {
            return System.identityHashCode(agent);
        }
    }

    /** Keeps a view. */
    public static final class Keeping extends Named
    {
        private AgentView last;

        public Keeping()
        {
            super("keeping");
        }

        @Override
        public long score(final AgentView agent, final RequestView request, final RequestMix mix)
        {
            final long before = null == last ? 0 : last.free(AgentView.CPU);
            last = agent;
            return before;
        }
    }

    /** Leaves something behind. */
    public static final class Wasteful extends Named
    {
        private long[] scratch;

        public Wasteful()
        {
            super("wasteful");
        }

        @Override
        public long score(final AgentView agent, final RequestView request, final RequestMix mix)
        {
            scratch = new long[]{agent.free(AgentView.CPU)};
            return scratch[0];
        }
    }

    /** Takes the first device whatever is left of it. */
    public static final class Careless extends Named
    {
        public Careless()
        {
            super("careless");
        }

        @Override
        public long score(final AgentView agent, final RequestView request, final RequestMix mix)
        {
            return -agent.free(AgentView.CPU);
        }

        @Override
        public int chooseDevice(final AgentView agent, final RequestView request, final RequestMix mix)
        {
            return 0;
        }
    }

    /** Looks at clocks, one of them in a class of its own. */
    public static final class Timely extends Named
    {
        public Timely()
        {
            super("timely");
        }

        @Override
        public long score(final AgentView agent, final RequestView request, final RequestMix mix)
        {
            return System.nanoTime() + Clock.now();
        }
    }

    /** Another class of the same jar. */
    static final class Clock
    {
        private Clock()
        {
        }

        static long now()
        {
            return java.time.Instant.now().getNano();
        }
    }

    /** What all of them have. */
    abstract static class Named implements SelectionPolicy
    {
        private final String name;

        Named(final String name)
        {
            this.name = name;
        }

        @Override
        public String name()
        {
            return name;
        }
    }
}
