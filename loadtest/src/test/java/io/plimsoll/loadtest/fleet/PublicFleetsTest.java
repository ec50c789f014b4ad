package io.plimsoll.loadtest.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.plimsoll.loadtest.openb.Traces;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is in the public fleets, against numbers that were counted without this code. */
class PublicFleetsTest
{
    @ParameterizedTest
    @CsvSource({
        "openb/openb_node_list_gpu_node.csv, OPENB_NODES, 1213, 6212, 107018",
        "openb/openb_node_list_all_node.csv, OPENB_NODES, 1523, 6212, 0",
        "fleets/alibaba_2026_spot_nodes.csv, SPOT_NODES, 4278, 10412, 0",
        "fleets/alibaba_2020_pai_machines.tar.gz, PAI_MACHINES, 1897, 6742, 156576",
        "swf/wagap-2013.swf.machines, MACHINES, 68, 0, 2176",
        "swf/input_KTH-SP2.swf.gz, SWF, 1, 0, 100"})
    void shouldRead(
        final String name, final FleetFormat format, final int machines, final long gpus, final long cores)
    {
        assertEquals(format, FleetFiles.formatOf(Traces.file(name)));
        final Fleet fleet = FleetFiles.read(Traces.file(name));
        assertEquals(machines, fleet.machines().size());
        assertEquals(gpus, fleet.machines().stream().mapToLong(machine -> machine.kind().gpuMilli()).sum() / 1000);
        if (cores > 0)
        {
            assertEquals(
                cores, fleet.machines().stream().mapToLong(machine -> machine.kind().cpuMillis()).sum() / 1000);
        }
    }

    @Test
    void shouldNameKindsAfterWhatTheyAre()
    {
        final Map<String, Integer> kinds = new TreeMap<>();
        FleetFiles.read(Traces.file("fleets/alibaba_2020_pai_machines.tar.gz")).kinds()
            .forEach((kind, count) -> kinds.put(kind.name(), count));
        assertEquals(
            Map.of("cpu96", 83, "miscx8-cpu96", 280, "p100x2-cpu64", 798, "t4x2-cpu96", 497, "v100m32x8-cpu96", 135,
                "v100x8-cpu96", 45, "v100x8-cpu96-mem512", 59), kinds);
    }
}
