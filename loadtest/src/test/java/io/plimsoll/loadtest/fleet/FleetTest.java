package io.plimsoll.loadtest.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.plimsoll.loadtest.simulate.AgentSpec;
import io.plimsoll.loadtest.simulate.Scenario.SlotAmount;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FleetTest
{
    private static final MachineKind CPU = MachineKind.of("cpu", 32_000, 1L << 36, List.of());
    private static final MachineKind GPU = new MachineKind(
        "a100", "train", "aarch64", 96_000, 1L << 38, List.of(new Devices("cuda", "A100", 8)),
        List.of(new SlotAmount("rdma", 1000)), Map.of("zone", "z1"), new BigDecimal("12.50"), 100);

    private static final Fleet FLEET = new Fleet("f", List.of(
        new Machine("cpu-1", "r1", CPU),
        new Machine("a100-1", "r1", GPU),
        new Machine("a100-3", "r2", GPU)), List.of());

    @Test
    void shouldGrowAndShrinkByKind()
    {
        final Fleet grown = FLEET.withCount(GPU, 5);
        assertEquals(List.of("cpu-1", "a100-1", "a100-3", "a100-2", "a100-4", "a100-5"), names(grown));
        assertEquals(List.of("r1", "r1", "r2", "r1", "r2", "r1"), racks(grown));
        assertEquals(List.of("cpu-1", "a100-1"), names(FLEET.withCount(GPU, 1)));
        assertEquals(List.of("a100-1", "a100-3"), names(FLEET.withCount(CPU, 0)));
        assertEquals(Map.of(CPU, 1, GPU, 5), grown.kinds());
    }

    @Test
    void shouldSumWhatIsKnownOfCosts()
    {
        assertEquals(new BigDecimal("25.00"), FLEET.costPerHour());
        assertNull(FLEET.withCount(GPU, 0).costPerHour());
    }

    @Test
    void shouldBecomeAgentsOfAScenario()
    {
        final AgentSpec agent = FLEET.toAgents("default").get(1);
        assertEquals("a100-1", agent.name());
        assertEquals("train", agent.group());
        assertEquals(Map.of("zone", "z1", "cuda.model", "A100", "rack", "r1"), agent.labels());
        assertEquals(100, agent.kernelsMax());
        assertEquals(
            "[Capacity[name=cpu, kind=COUNT, amount=96000], Capacity[name=mem, kind=COUNT, amount=274877906944], " +
            "Capacity[name=cuda.device, kind=DEVICE, amount=8], Capacity[name=rdma, kind=COUNT, amount=1000]]",
            agent.slots().toString());
        assertEquals("default", FLEET.toAgents("default").get(0).group());
    }

    private static List<String> names(final Fleet fleet)
    {
        final List<String> names = new ArrayList<>();
        fleet.machines().forEach(machine -> names.add(machine.name()));
        return names;
    }

    private static List<String> racks(final Fleet fleet)
    {
        final List<String> racks = new ArrayList<>();
        fleet.machines().forEach(machine -> racks.add(machine.rack()));
        return racks;
    }
}
