package io.plimsoll.manager.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.sbe.ConstraintKind;
import io.plimsoll.core.sbe.Liveness;
import io.plimsoll.manager.control.Constraint;
import io.plimsoll.manager.control.SessionRequest;
import io.plimsoll.manager.view.AgentView;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What agents say of their slots, held against what sessions ask for. */
class SlotRulesTest
{
    private final FakeView view = new FakeView();
    private final SlotRules rules = new SlotRules(view);
    private final AtomicLong agents = new AtomicLong();

    private void agent(final String group, final Map<String, Long> capacity, final Map<String, String> labels)
    {
        final int id = (int)agents.incrementAndGet();
        view.agents.put(id, new AgentView(
            id, "a" + id, "", group, "x86_64", labels, Liveness.ALIVE, true, true, false, false, 1, capacity,
            Map.of(), 0, -1, List.of()));
        view.agentsVersion++;
    }

    private static List<SessionRequest> sessions(final String slots)
    {
        return SubmitParser.parse(
            ("{\"command\": [\"x\"], \"slots\": {" + slots + "}}").getBytes(StandardCharsets.UTF_8),
            account -> 0).sessions();
    }

    private List<Constraint> constraints(final String slots)
    {
        return rules.checked(sessions(slots), true).get(0).terms().constraints();
    }

    private String refused(final String slots)
    {
        return assertThrows(ProblemException.class, () -> constraints(slots)).getMessage();
    }

    @Test
    void shouldLeaveAloneWhatNobodySaysAnythingOf()
    {
        final List<SessionRequest> before = sessions("\"npu.shares\": 373, \"license\": 7");
        assertSame(before, rules.checked(before, true));
        agent("default", Map.of("npu.device", 2L, "license", 9L), Map.of("zone", "z1"));
        assertSame(before, rules.checked(before, true));
        agent("other", Map.of("npu.device", 2L), Map.of("npu.quantum", "0.25"));
        assertSame(before, rules.checked(before, true), "that of another group is no rule of this one");
        agent("default", Map.of("npu.device", 0L), Map.of("npu.quantum", "0.25"));
        assertSame(before, rules.checked(before, true), "nor that of an agent without such devices");
        agent("default", Map.of("npu.device", 1L), Map.of("npu.quantum", "a quarter"));
        assertSame(before, rules.checked(before, true), "nor what nobody understands");
    }

    @Test
    void shouldPlaceSharesWhereTheyCanBeHad()
    {
        agent("default", Map.of("npu.device", 2L), Map.of("npu.quantum", "0.25"));
        agent("default", Map.of("npu.device", 2L), Map.of("npu.quantum", "0.1"));
        assertEquals(List.of(), constraints("\"npu.shares\": 500"));
        assertEquals(
            List.of(new Constraint(ConstraintKind.LABEL_NOT_IN, "npu.quantum", "0.25")),
            constraints("\"npu.shares\": 300"));
        assertTrue(refused("\"npu.shares\": 301").contains("ask for 300 or 400"), refused("\"npu.shares\": 301"));
        agent("default", Map.of("npu.device", 2L), Map.of());
        assertEquals(
            List.of(new Constraint(ConstraintKind.LABEL_NOT_IN, "npu.quantum", "0.1|0.25")),
            constraints("\"npu.shares\": 301"));
    }

    @Test
    void shouldGiveUniqueSlotsOneAtATime()
    {
        agent("default", Map.of("fpga.slice", 4L), Map.of("fpga.slice.unique", "1"));
        assertEquals(List.of(), constraints("\"fpga.slice\": 1"));
        final String problem = refused("\"fpga.slice\": 2");
        assertTrue(problem.contains("/slots/fpga.slice: 2 asked for, and a kernel has one at most"), problem);
        agent("default", Map.of("fpga.slice", 4L), Map.of());
        assertEquals(
            List.of(new Constraint(ConstraintKind.LABEL_ABSENT, "fpga.slice.unique", "")),
            constraints("\"fpga.slice\": 2"));
    }
}
