package io.plimsoll.core;

import static io.plimsoll.core.testkit.SubmitSpec.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.sbe.ConstraintKind;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.ReportKind;
import io.plimsoll.core.testkit.AgentHello;
import io.plimsoll.core.testkit.Commands;
import io.plimsoll.core.testkit.CoreHarness;
import io.plimsoll.core.testkit.SubmitSpec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConstraintTest
{
    private final CoreHarness core = CoreHarness.started();

    private List<Integer> placed(final SubmitSpec... sessions)
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

    private static AgentHello agent(final int number)
    {
        return new AgentHello(number, 4000, 4000);
    }

    private static SubmitSpec constrained(final ConstraintKind kind, final String key, final String values)
    {
        return session().constrained(kind, key, values);
    }

    @Test
    void shouldPlaceOnlyOnTheArchitectureThatIsAskedFor()
    {
        final AgentHello arm = agent(2);
        arm.arch = "aarch64";
        core.join(agent(1));
        core.join(arm);
        assertEquals(List.of(2), placed(constrained(ConstraintKind.ARCH_IN, "", "aarch64")));
        assertEquals(List.of(1), placed(constrained(ConstraintKind.ARCH_IN, "", "riscv64|x86_64")));
        placed(constrained(ConstraintKind.ARCH_IN, "", "riscv64"));
        assertEquals(
            "rejected UNSATISFIABLE entry 0 subject 0 requested 1 limit 0 field constraints", core.last().get(0));
    }

    @Test
    void shouldPlaceByLabels()
    {
        core.join(agent(1).label("zone", "a"));
        core.join(agent(2).label("zone", "b").label("disk", "fast"));
        core.join(agent(3));
        assertEquals(List.of(2), placed(constrained(ConstraintKind.LABEL_IN, "zone", "b|c")));
        assertEquals(List.of(1), placed(constrained(ConstraintKind.LABEL_NOT_IN, "zone", "b|c")));
        assertEquals(List.of(2), placed(constrained(ConstraintKind.LABEL_EXISTS, "disk", "")));
        assertEquals(List.of(3), placed(constrained(ConstraintKind.LABEL_ABSENT, "zone", "")));
        assertEquals(List.of(2), placed(constrained(ConstraintKind.LABEL_EXISTS, "zone", "")
            .constrained(ConstraintKind.LABEL_NOT_IN, "zone", "a")));
    }

    @Test
    void shouldPlaceByTheModelOfDevices()
    {
        core.join(agent(1).slot("cuda.device", 1).label("cuda.model", "V100"));
        core.join(agent(2).slot("cuda.device", 1).label("cuda.model", "A100"));
        assertEquals(
            List.of(2),
            placed(constrained(ConstraintKind.LABEL_IN, "cuda.model", "A100|H100").slot("cuda.shares", 500)));
    }

    @Test
    void shouldTellTheMissingSlotOfADesignatedAgentAndTakeAnotherIfItIsOnlyPreferred()
    {
        core.join(agent(1));
        core.join(agent(2));
        placed(constrained(ConstraintKind.AGENT_STRICT, "", "agent-1").cpu(4001));
        assertEquals(
            "rejected UNSATISFIABLE entry 0 subject 0 requested 4001 limit 4000 field cpu", core.last().get(0));
        assertEquals(List.of(2), placed(constrained(ConstraintKind.AGENT_STRICT, "", "agent-2").cpu(3000)));
        assertEquals(List.of(), placed(constrained(ConstraintKind.AGENT_STRICT, "", "agent-2").cpu(2000)));
        assertEquals(List.of(1), placed(constrained(ConstraintKind.AGENT_PREFERRED, "", "agent-2").cpu(2000)));
        assertEquals(List.of(2), placed(constrained(ConstraintKind.AGENT_PREFERRED, "", "agent-2").cpu(500)));
        assertTrue(core.report(1, ReportKind.EXITED).toString().contains("assigned 2.0 agent 2"));
    }

    @Test
    void shouldLetOthersPassWhatNoAgentCouldHoldWhereThatMayWait()
    {
        final Commands.GroupSettings settings = new Commands.GroupSettings();
        settings.acceptUnsatisfiable = true;
        core.run(core.command.configureGroup(settings));
        final AgentHello none = agent(2);
        none.kernelsMax = 0;
        core.join(agent(1));
        core.join(none);
        assertEquals(List.of(1), placed(
            constrained(ConstraintKind.ARCH_IN, "", "riscv64"),
            constrained(ConstraintKind.AGENT_STRICT, "", "agent-2"),
            session().cpu(64_000),
            session()));
        core.join(new AgentHello(3, 64_000, 4000));
        assertTrue(core.last().toString().contains("assigned 3.0 agent 3"));
    }

    @Test
    void shouldWaitForAnAgentThatMatchesOnceOneComes()
    {
        core.run(core.command.submit(constrained(ConstraintKind.LABEL_IN, "zone", "z")));
        core.join(agent(1));
        assertTrue(core.last().stream().noneMatch(event -> event.startsWith("assigned")));
        core.join(agent(2).label("zone", "z"));
        assertTrue(core.last().toString().contains("assigned 1.0 agent 2"));
    }

    @Test
    void shouldWaitForWhatAnAgentLacksOnlyForTheMoment()
    {
        core.join(agent(1).label("container.engine", "docker").label("degraded", "container.engine"));
        core.join(agent(2));
        final SubmitSpec container = constrained(ConstraintKind.LABEL_EXISTS, "container.engine", "")
            .constrained(ConstraintKind.LABEL_NOT_IN, "degraded", "container.engine");
        assertEquals(List.of(), placed(container));
        assertTrue(core.last().toString().contains("queued"), core.last().toString());
        placed(container.cpu(4001));
        assertEquals(
            "rejected UNSATISFIABLE entry 0 subject 0 requested 4001 limit 4000 field cpu", core.last().get(0));
        placed(constrained(ConstraintKind.LABEL_EXISTS, "disk", "").constrained(
            ConstraintKind.LABEL_NOT_IN, "degraded", "container.engine"));
        assertEquals(
            "rejected UNSATISFIABLE entry 0 subject 0 requested 1 limit 0 field constraints", core.last().get(0));
        core.join(agent(1).label("container.engine", "docker"));
        assertTrue(core.last().toString().contains("assigned 1.0 agent 1"), core.last().toString());
    }

    @Test
    void shouldSpreadSessionsOfAGroup()
    {
        core.join(agent(1));
        core.join(agent(2));
        final SubmitSpec apart = constrained(ConstraintKind.SPREAD_STRICT, "web", "");
        assertEquals(List.of(1, 2), placed(apart, apart, apart));
        assertTrue(core.report(2, ReportKind.EXITED).contains("assigned 3.0 agent 2 no 2 attempt 1"));
        final SubmitSpec rather = constrained(ConstraintKind.SPREAD_PREFERRED, "db", "");
        assertEquals(List.of(1, 2, 1, 2), placed(rather, rather, rather, rather));
        assertEquals(List.of(1, 2), placed(constrained(ConstraintKind.SPREAD_STRICT, "gang", "").kernels(2)));
        placed(constrained(ConstraintKind.SPREAD_STRICT, "gang", "").kernels(3));
        assertEquals(
            "rejected UNSATISFIABLE entry 0 subject 0 requested 3 limit 2 field kernels", core.last().get(0));
    }

    @Test
    void shouldPackSessionsOfAGroup()
    {
        core.join(agent(1));
        core.join(new AgentHello(2, 8000, 8000));
        final SubmitSpec together = constrained(ConstraintKind.PACK_STRICT, "mpi", "").cpu(3000);
        assertEquals(List.of(2, 2), placed(together.kernels(2)));
        assertEquals(List.of(), placed(constrained(ConstraintKind.PACK_STRICT, "mpi", "").cpu(2500)));
        assertEquals(List.of(2), placed(constrained(ConstraintKind.PACK_PREFERRED, "mpi", "")));
        assertEquals(List.of(1), placed(session().cpu(2000)));
        core.report(1, 0, ReportKind.EXITED, Reason.NONE, 0);
        assertTrue(core.last().toString().contains("assigned 2.0 agent 2"));
    }

    @Test
    void shouldTakeTheAgentThatFailedLast()
    {
        core.join(agent(1));
        core.join(agent(2));
        core.run(core.command.submit(session().cpu(3000)));
        core.report(1, 0, ReportKind.FAILED, Reason.LAUNCH_FAILED, 0);
        assertTrue(core.pass(10_000_000_000L).toString().contains("assigned 1.0 agent 2"));
    }

    @Test
    void shouldNotPreferAgainTheAgentThatFailed()
    {
        core.join(agent(1));
        core.join(agent(2));
        assertEquals(List.of(2), placed(constrained(ConstraintKind.AGENT_PREFERRED, "", "agent-2")));
        core.report(1, 0, ReportKind.FAILED, Reason.PULL_FAILED, 0);
        assertTrue(core.pass(10_000_000_000L).toString().contains("assigned 1.0 agent 1"), core.last().toString());
    }

    @Test
    void shouldForgetWhatItKnewOfConstraintsAndDecideTheSame()
    {
        core.join(agent(1).label("zone", "a"));
        core.join(agent(2).label("zone", "b"));
        final SubmitSpec apart = constrained(ConstraintKind.SPREAD_STRICT, "web", "");
        assertEquals(List.of(1), placed(apart));
        core.restart();
        core.core().dropCaches();
        assertEquals(List.of(2), placed(apart));
        assertEquals(List.of(2), placed(constrained(ConstraintKind.LABEL_IN, "zone", "b")));
    }
}
