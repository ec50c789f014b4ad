package io.plimsoll.core;

import static io.plimsoll.core.testkit.SubmitSpec.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.policy.AgentView;
import io.plimsoll.core.policy.RequestMix;
import io.plimsoll.core.policy.RequestView;
import io.plimsoll.core.policy.SelectionPolicy;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.ReportKind;
import io.plimsoll.core.sbe.SelectPolicy;
import io.plimsoll.core.testkit.AgentHello;
import io.plimsoll.core.testkit.Commands;
import io.plimsoll.core.testkit.CoreHarness;
import io.plimsoll.core.testkit.SubmitSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SelectionTest
{
    private final Commands.GroupSettings settings = new Commands.GroupSettings();

    private CoreHarness with(final SelectPolicy selection)
    {
        settings.selection = selection;
        return CoreHarness.started(CoreOptions.defaults(), settings);
    }

    private CoreHarness scored(final String policy)
    {
        settings.selectionName = policy;
        return with(SelectPolicy.SCORED);
    }

    private static List<Integer> placed(final CoreHarness core, final SubmitSpec... sessions)
    {
        final List<Integer> agents = new ArrayList<>();
        for (final String event : core.run(core.command.submit(sessions)))
        {
            if (event.startsWith("assigned"))
            {
                agents.add(Integer.parseInt(event.split(" ")[3]));
            }
        }
        return agents;
    }

    private static SubmitSpec[] sessions(final int count)
    {
        final SubmitSpec[] sessions = new SubmitSpec[count];
        Arrays.fill(sessions, session().cpu(10).mem(1));
        return sessions;
    }

    @Test
    void shouldTakeAgentsInTurnWhateverTheyHaveFree()
    {
        final CoreHarness core = with(SelectPolicy.ROUND_ROBIN);
        core.join(1, 64_000, 9000);
        core.join(2, 1000, 9000);
        core.join(3, 8000, 9000);
        assertEquals(List.of(1, 2, 3, 1, 2), placed(core, sessions(5)));
        assertEquals(List.of(3, 1, 3, 1), placed(core, session().cpu(2000).kernels(4)));
        core.restart();
        assertEquals(List.of(2, 3, 1), placed(core, sessions(3)));
    }

    @Test
    void shouldTakeEachOfFiveAgentsEquallyOften()
    {
        final CoreHarness core = with(SelectPolicy.ROUND_ROBIN);
        for (int agent = 1; agent <= 5; agent++)
        {
            core.join(agent, 4000, 9000);
        }
        final int[] picks = new int[6];
        placed(core, sessions(20)).forEach(agent -> picks[agent]++);
        assertEquals(List.of(4, 4, 4, 4, 4), Arrays.stream(picks).skip(1).boxed().toList());
    }

    @Test
    void shouldTakeTheNextInTurnThatFits()
    {
        final CoreHarness core = with(SelectPolicy.ROUND_ROBIN);
        core.join(1, 4000, 9000);
        core.join(2, 500, 9000);
        core.join(new AgentHello(3, 4000, 9000).slot("cuda.device", 1));
        assertEquals(List.of(1, 3, 1), placed(core, session(), session(), session()));
        assertEquals(List.of(3), placed(core, session().cpu(100).slot("cuda.device", 1)));
        assertEquals(List.of(1, 2), placed(core, sessions(2)));
    }

    @Test
    void shouldCompareThoseSlotsFirstThatTheGroupNames()
    {
        settings.selectionName = "concentrated:mem:cpu";
        final CoreHarness least = with(SelectPolicy.CONCENTRATED);
        settings.selectionName = "dispersed:cuda.device";
        final CoreHarness most = with(SelectPolicy.DISPERSED);
        for (final CoreHarness core : List.of(least, most))
        {
            core.join(new AgentHello(1, 2000, 9000).slot("cuda.device", 2));
            core.join(new AgentHello(2, 6000, 4000).slot("cuda.device", 1));
            core.join(new AgentHello(3, 4000, 9000).slot("cuda.device", 4));
        }
        assertEquals(List.of(2), placed(least, session()));
        assertEquals(List.of(3), placed(most, session().slot("cuda.device", 1)));
        settings.selectionName = "";
        settings.selection = SelectPolicy.CONCENTRATED;
        least.run(least.command.configureGroup(settings));
        assertEquals(List.of(1), placed(least, session()), "cpu comes first again");
    }

    @Test
    void shouldCompareDevicesThatAreAskedForBeforeCpuAndMem()
    {
        for (final boolean most : new boolean[] {false, true})
        {
            final CoreHarness core = with(most ? SelectPolicy.DISPERSED : SelectPolicy.CONCENTRATED);
            core.join(new AgentHello(1, 2000, 9000).slot("cuda.device", 6));
            core.join(new AgentHello(2, 8000, 9000).slot("cuda.device", 2));
            core.join(new AgentHello(3, 64_000, 9000));
            assertEquals(List.of(most ? 1 : 2), placed(core, session().slot("cuda.shares", 500)), "shares in all");
            assertEquals(List.of(most ? 1 : 2), placed(core, session().slot("cuda.device", 1)));
            assertEquals(List.of(3), placed(core, session()), "without devices where none are");
        }
    }

    @Test
    void shouldLeaveTheFewestKindsOfResourcesUnused()
    {
        for (final SelectPolicy selection : List.of(SelectPolicy.CONCENTRATED, SelectPolicy.DISPERSED))
        {
            final CoreHarness core = with(selection);
            core.join(new AgentHello(1, 2000, 9000).slot("cuda.device", 2).slot("tpu.device", 1).slot("fpga", 1));
            core.join(new AgentHello(2, 9000, 9000).slot("cuda.device", 8).slot("tpu.device", 1));
            core.join(new AgentHello(3, 5000, 9000).slot("cuda.device", 4));
            assertEquals(List.of(3), placed(core, session().slot("cuda.device", 1)));
            assertEquals(List.of(3, 3), placed(core, session().slot("cuda.shares", 500).kernels(2)));
            assertEquals(List.of(3), placed(core, session()), "as long as cpu is left");
            assertEquals(List.of(3, 2), placed(core, session().kernels(2)), selection.name());
            assertEquals(List.of(2), placed(core, session().slot("tpu.device", 1)), "shares of devices are no kind");
        }
    }

    @Test
    void shouldCompareAFamilyFirstThatTheGroupNames()
    {
        settings.selectionName = "concentrated:mem:cuda:cpu";
        final CoreHarness core = with(SelectPolicy.CONCENTRATED);
        core.join(new AgentHello(1, 2000, 9000).slot("cuda.device", 4));
        core.join(new AgentHello(2, 8000, 9000).slot("cuda.device", 2));
        assertEquals(List.of(2), placed(core, session()));
    }

    @Test
    void shouldTakeAgentsAtRandomEquallyOftenAndTheSameForTheSameSeed()
    {
        settings.selectionSeed = 42;
        final CoreHarness core = with(SelectPolicy.RANDOM);
        final CoreHarness other = with(SelectPolicy.RANDOM);
        settings.selectionSeed = 43;
        final CoreHarness seededOtherwise = with(SelectPolicy.RANDOM);
        for (int agent = 1; agent <= 4; agent++)
        {
            core.join(agent, agent == 4 ? 1 : 64_000, 9000);
            other.join(agent, agent == 4 ? 1 : 64_000, 9000);
            seededOtherwise.join(agent, agent == 4 ? 1 : 64_000, 9000);
        }
        final List<Integer> agents = placed(core, sessions(600));
        assertEquals(agents, placed(other, sessions(600)));
        assertNotEquals(agents, placed(seededOtherwise, sessions(600)));
        for (int agent = 1; agent <= 3; agent++)
        {
            final int number = agent;
            final long times = agents.stream().filter(picked -> number == picked).count();
            assertTrue(times > 150 && times < 250, "agentId=" + agent + " times=" + times);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "best-fit", "dot-product", "gpu-packing", "gpu-clustering", "fragmentation-gradient", "plimsoll"})
    void shouldPlaceByTheScoresOfAPolicy(final String policy)
    {
        final CoreHarness core = scored(policy);
        core.join(new AgentHello(1, 64_000, 9000).slot("cuda.device", 8));
        core.join(new AgentHello(2, 64_000, 9000).slot("cuda.device", 2));
        final SubmitSpec share = session().cpu(1000).mem(1).slot("cuda.shares", 500);
        final List<Integer> agents = placed(core, share, share, share, share);
        assertEquals(4, agents.size());
        assertEquals(1, agents.stream().distinct().count(), "shares of few devices: " + agents);
        core.report(1, ReportKind.EXITED);
        core.restart();
        core.core().dropCaches();
        assertEquals(1, placed(core, session().slot("cuda.device", 4)).size());
    }

    @Test
    void shouldRefuseAPolicyThatIsNotThere()
    {
        settings.selection = SelectPolicy.SCORED;
        settings.selectionName = "guesswork";
        final CoreHarness core = CoreHarness.started();
        assertEquals(
            "rejected UNKNOWN_POLICY entry 0 subject 0 requested 0 limit 0 field guesswork",
            core.run(core.command.configureGroup(settings)).get(0));
    }

    @Test
    void shouldSayWhichPolicyBroke()
    {
        final CoreHarness core = scored("broken");
        core.join(1, 4000, 9000);
        final IllegalStateException exception = assertThrows(
            IllegalStateException.class, () -> core.run(core.command.submit(session())));
        assertEquals("selection=broken failed on agentId=1", exception.getMessage());
    }

    @Test
    void shouldLearnWhatAGroupIsUsedToGet()
    {
        final CoreHarness core = scored("fragmentation-gradient");
        core.join(new AgentHello(1, 64_000, 9000).slot("cuda.device", 2).label("cuda.model", "V100"));
        placed(core, session().cpu(2000).slot("cuda.shares", 500).arrayOf(3), session().cpu(1000));
        final RequestMix mix = core.core().state().requests.of(0);
        assertEquals(2, mix.size());
        assertEquals(2000, mix.cpuMillis(0));
        assertEquals(500, mix.deviceShare(0));
        assertEquals(0.75, mix.weight(0));
        assertEquals(core.core().stateHash(), core.restored().stateHash());
    }

    @Test
    void shouldTakeTheAgentThatFailedBeforeLast()
    {
        for (final SelectPolicy selection : List.of(SelectPolicy.ROUND_ROBIN, SelectPolicy.RANDOM,
            SelectPolicy.TOPOLOGY, SelectPolicy.SCORED))
        {
            settings.selectionName = SelectPolicy.SCORED == selection ? "best-fit" : "";
            final CoreHarness core = with(selection);
            core.join(1, 4000, 9000);
            core.join(2, 4000, 9000);
            core.run(core.command.submit(session().cpu(3000)));
            final int first = core.assignments.agent(1 << 10);
            core.report(1, 0, ReportKind.FAILED, Reason.LAUNCH_FAILED, 0);
            core.pass(10_000_000_000L);
            assertEquals(3 - first, core.assignments.agent(1 << 10), selection.name());
            core.report(1, 0, ReportKind.EXITED, Reason.NONE, 0);
        }
    }

    @Test
    void shouldFailWithoutAgents()
    {
        for (final SelectPolicy selection : List.of(SelectPolicy.ROUND_ROBIN, SelectPolicy.RANDOM,
            SelectPolicy.TOPOLOGY, SelectPolicy.SCORED))
        {
            settings.selectionName = SelectPolicy.SCORED == selection ? "best-fit" : "";
            final CoreHarness core = with(selection);
            assertEquals(List.of(), placed(core, session(), session().kernels(3)), selection.name());
            core.join(1, 1000, 9000);
            assertTrue(core.last().toString().contains("assigned 1.0"), selection.name());
            assertFalse(core.last().toString().contains("assigned 2.0"), selection.name());
        }
    }

    /** One that the service loader finds. */
    public static final class Broken implements SelectionPolicy
    {
        @Override
        public String name()
        {
            return "broken";
        }

        @Override
        public long score(
            final AgentView agent,
            final RequestView request,
            final RequestMix mix)
        {
            throw new ArithmeticException("planted");
        }
    }
}
