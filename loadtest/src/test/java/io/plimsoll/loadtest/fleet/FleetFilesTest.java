package io.plimsoll.loadtest.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.plimsoll.loadtest.simulate.Scenario.SlotAmount;
import io.plimsoll.loadtest.simulate.ScenarioException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FleetFilesTest
{
    @TempDir
    private Path directory;

    private Fleet read(final String text) throws IOException
    {
        return FleetFiles.read(Files.writeString(directory.resolve("fleet.yaml"), text));
    }

    private String problem(final String text) throws IOException
    {
        return assertThrows(ScenarioException.class, () -> read(text)).getMessage()
            .replace(directory.resolve("fleet.yaml").toString(), "FILE");
    }

    @Test
    void shouldReadOurOwnDescription() throws IOException
    {
        final Fleet fleet = read("""
            name: spring
            machines:
              - {name: a100, count: 3, group: train, arch: aarch64, cpu: 96, mem: 1t,
                 devices: {kind: cuda, model: A100, count: 8}, slots: {rdma: 100}, labels: {zone: z1}, racks: 2,
                 cost: 12.50, maxContainers: 100}
              - {name: login, cpu: 500m, rack: r9}
            """);
        assertEquals("spring", fleet.name());
        assertEquals(
            List.of("a100-1 a100-r1", "a100-2 a100-r2", "a100-3 a100-r1", "login r9"),
            fleet.machines().stream().map(machine -> machine.name() + " " + machine.rack()).toList());
        final MachineKind a100 = fleet.kind("a100");
        assertEquals(
            new MachineKind("a100", "train", "aarch64", 96_000, 1L << 40, List.of(new Devices("cuda", "A100", 8)),
                List.of(new SlotAmount("rdma", 100)), Map.of("zone", "z1"), new BigDecimal("12.50"), 100),
            a100);
        assertEquals(MachineKind.UNLIMITED, fleet.kind("login").memoryBytes());
        assertEquals(new BigDecimal("37.50"), fleet.costPerHour());
    }

    @Test
    void shouldReadTheAgentsOfAScenario() throws IOException
    {
        final Fleet fleet = read("agents: [{name: a, count: 2, cpu: 8, at: 5s}]\nsessions: [{name: s}]\n");
        assertEquals(2, fleet.machines().size());
        assertEquals("fleet", fleet.name());
    }

    @Test
    void shouldNameFileLineAndFieldOfWhatIsWrong() throws IOException
    {
        assertEquals(
            "FILE, line 1: machines[0].cost: cheap is no cost: use an amount an hour, such as 12.50",
            problem("machines: [{name: a, cpu: 8, cost: cheap}]\n"));
        assertEquals(
            "FILE, line 2: machines[1]: there is a kind of machine of the name a already",
            problem("machines: [{name: a, cpu: 8},\n {name: a, cpu: 9}]\n"));
        assertEquals(
            "FILE, line 1: machines[0].cpus: there is no such field here; did you mean \"cpu\"?",
            problem("machines: [{name: a, cpus: 8}]\n"));
        assertEquals(
            "FILE, line 2: machines[1]: b has no cpu: say how many cores it has, such as cpu: 8, or cpu: 0 if nobody " +
            "asks for any",
            problem("machines: [{name: a, cpu: 0},\n {name: b, mem: 8g}]\n"));
        assertEquals(
            "FILE, line 2, gpu: 'x' is not a whole number from 0 to 1000",
            problem("sn,cpu_milli,memory_mib,gpu,model\nn1,1000,5,x,\n"));
        assertEquals(
            "FILE, line 2, cap_gpu: '5000' is not a whole number from 0 to 1000",
            problem("m1,T4,96,512,2\nm2,T4,96,512,5000\n"));
        assertEquals(
            "FILE, line 1, memory: '0' is not a whole number from 1 to 8796093022208",
            problem("0\tzewura\t20\t80\t1\t0\n"));
        assertEquals("FILE, line 3, sn: there are two machines of the name n1",
            problem("sn,cpu_milli,memory_mib,gpu,model\nn1,1000,5,0,\nn1,1000,5,0,\n"));
        assertEquals("FILE, line 3: there are two machines of the name node-n1",
            problem("gpu_model,gpu_capacity_num,cpu_num,node_name\nA,1,4,n1\nA,1,4,n1\n"));
        assertEquals("FILE, line 2: there are two machines of the name m1",
            problem("m1,T4,96,512,2\nm1,T4,96,512,2\n"));
        assertEquals("FILE, line 2: there are two machines of the name zewura-1",
            problem("0\tzewura\t20\t80\t1\t529426432\n1\tzewura\t2\t80\t1\t529426432\n"));
        assertEquals(
            "FILE: its first line is of no fleet that is known; --format says what it is: plimsoll, openb-nodes, " +
            "spot-nodes, pai-machines, machines or swf", problem("hello\n"));
    }

    @Test
    void shouldSayThatAnArchiveIsBrokenOff() throws IOException
    {
        final byte[] machines = ("m".repeat(5_000) + ",T4,96,512,2\n").getBytes(StandardCharsets.UTF_8);
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes))
        {
            final TarArchiveEntry entry = new TarArchiveEntry("machines.csv");
            entry.setSize(machines.length);
            tar.putArchiveEntry(entry);
            tar.write(machines);
            tar.closeArchiveEntry();
        }
        final Path half = Files.write(directory.resolve("half.tar"), Arrays.copyOf(bytes.toByteArray(), 600));
        assertEquals(
            half + ": is an archive, but broken off or damaged",
            assertThrows(ScenarioException.class, () -> FleetFiles.read(half)).getMessage());
    }
}
