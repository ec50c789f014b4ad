package io.plimsoll.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.plimsoll.agent.Assignments;
import io.plimsoll.agent.kernel.SlotGrant;
import io.plimsoll.agent.topology.HostTopology;
import io.plimsoll.agent.topology.TopologyReader;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an agent refuses although it was placed there: the manager did not know the host yet. */
class SlotCheckTest
{
    private final HostTopology host = TopologyReader.read("""
        {"numa": [{"id": 0, "cpus": "0-3", "memory": "8g"}],
         "devices": [{"id": "npu0", "slot": "npu.device", "quantum": 0.25},
                     {"id": "npu1", "slot": "npu.device", "quantum": 0.25},
                     {"id": "gpu0", "slot": "gpu.device"},
                     {"id": "s0", "slot": "fpga.slice", "unique": true},
                     {"id": "s1", "slot": "fpga.slice", "unique": true}]}""");

    @ParameterizedTest
    @CsvSource({"npu.shares,250,1", "npu.shares,1500,3", "gpu.shares,373,1", "fpga.slice,1,0", "license,7,0"})
    void shouldTakeWhatCanBeHad(final String slot, final long amount, final long devices)
    {
        assertDoesNotThrow(() -> check(slot, amount, devices));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "npu.shares|370|1|NotMultipleOfQuantum: 370 thousandths of npu.shares, which are had in multiples of 250",
        "npu.shares|1600|3|NotMultipleOfQuantum: 1600 thousandths of npu.shares, which are had in multiples of 500",
        "fpga.slice|2|0|InvalidResourceArgument: 2 of fpga.slice, of which a kernel has one at most"})
    void shouldRefuseWhatCannot(final String slot, final long amount, final long devices, final String why)
    {
        assertEquals(
            why, assertThrows(IOException.class, () -> check(slot, amount, devices)).getMessage());
    }

    @Test
    void shouldTakeWholeDevicesOfAnyQuantum() throws IOException
    {
        SlotCheck.check(Assignments.of(1).slots(new SlotGrant("npu.device", true, 2, 3)).make(), host);
    }

    private void check(final String slot, final long amount, final long devices) throws IOException
    {
        SlotCheck.check(
            Assignments.of(1).slots(new SlotGrant(slot, 0 != devices, amount, devices)).make(), host);
    }
}
