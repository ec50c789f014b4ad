package io.plimsoll.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimulateCommandTest extends CommandTester
{
    @BeforeEach
    void writeFiles() throws IOException
    {
        write(
            "two.yaml",
            "agents: [{name: a, count: 2, cpu: 4}]",
            "sessions:",
            "  - {name: s1, kernels: [{cpu: 2}], duration: 60s}",
            "  - {name: s2, at: 10s, kernels: [{cpu: 2}], duration: 30s}");
        write("bad.yaml", "agents: [{name: a, cpu: 4}]", "sessions:", "  - {name: s1, duration: long}");
        write(
            "nodes.csv", "sn,cpu_milli,memory_mib,gpu,model", "n-0,8000,1024,2,T4", "n-1,8000,1024,1,P100");
        write(
            "pods.csv",
            "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec",
            "p-0,1000,100,0,0,",
            "p-1,1000,2000,0,0,",
            "p-2,1000,100,0,0,");
        write("sequence.txt", "# ranks", "1 0", "# order", "2 1 0 2");
        write("headless.swf", "1 0 -1 100 4 -1 -1 4 200 -1 1 1 -1 -1 -1 -1 -1 -1");
        write(
            "log.swf",
            "; MaxProcs: 4",
            "1 0 -1 100 4 -1 -1 4 200 -1 1 1 -1 -1 -1 -1 -1 -1",
            "2 10 -1 50 2 -1 -1 2 50 -1 1 2 -1 -1 -1 -1 -1 -1");
    }

    @Test
    void shouldRunAScenario()
    {
        assertEquals(ExitCode.OK, run("simulate", "two.yaml", "-o", "jsonl"), err());
        final List<String> lines = out().lines().toList();
        assertEquals(3, lines.size());
        assertEquals(
            "{\"name\":\"s2\",\"state\":\"TERMINATED\",\"result\":\"success\",\"reason\":\"completed\"," +
                "\"submittedAt\":10,\"startedAt\":10,\"endedAt\":40,\"waitSeconds\":0,\"attempts\":1," +
                "\"kernels\":[{\"agent\":\"a-1\",\"cpu\":2,\"mem\":0,\"devices\":[]}]}",
            lines.get(1));
        assertTrue(lines.get(2).startsWith("{\"summary\":true,\"sessions\":2,"), lines.get(2));
    }

    @Test
    void shouldTakeAnUnknownOrderOfAScenarioAsDrfAndSaySo() throws IOException
    {
        write(
            "order.yaml",
            "groups: [{name: default, order: sokovan}]",
            "agents: [{name: a, cpu: 2}]",
            "sessions:",
            "  - {name: held, user: x, duration: 20s}",
            "  - {name: short, user: z, duration: 10s}",
            "  - {name: x, at: 1s, user: x, duration: 10s}",
            "  - {name: y, at: 5s, user: y, duration: 10s}");
        assertEquals(ExitCode.OK, run("simulate", "order.yaml", "-o", "jsonl"), err());
        assertEquals(1, err().lines().count(), err());
        assertTrue(err().contains("line 1: groups[0].order: sokovan is none of drf, fair-share, fifo, lifo"), err());
        final String unknown = out();
        assertEquals(ExitCode.OK, run("simulate", "order.yaml", "-o", "jsonl", "--order", "drf"), err());
        assertEquals(out(), unknown);
        assertEquals(ExitCode.OK, run("simulate", "order.yaml", "-o", "jsonl", "--order", "fifo"), err());
        assertNotEquals(out(), unknown);
    }

    @Test
    void shouldLeaveAJournalThatIsDecidedAgainAsItWas() throws IOException
    {
        // Managers forget sessions that ended ten minutes ago; a simulation does not, and has to say so.
        write(
            "long.yaml",
            "agents: [{name: a, cpu: 4}]",
            "sessions:",
            "  - {name: s1, kernels: [{cpu: 2}], duration: 60s}",
            "  - {name: s2, at: 30m, kernels: [{cpu: 2}], duration: 60s}",
            "  - {name: s3, at: 60m, kernels: [{cpu: 2}], duration: 60s}");
        assertEquals(ExitCode.OK, run("simulate", "long.yaml", "--journal", "j"), err());
        assertEquals(ExitCode.OK, run("journal", "verify", "j"), out() + err());
        assertEquals(ExitCode.OK, run("replay", "j", "what-if"), err());
        assertTrue(out().contains("nothing is different"), out());
    }

    @Test
    void shouldRunItUnderAnotherPolicy()
    {
        assertEquals(ExitCode.OK, run("simulate", "two.yaml", "-o", "jsonl", "--select", "dispersed"), err());
        assertTrue(out().lines().toList().get(1).contains("\"agent\":\"a-2\""), out());
    }

    @Test
    void shouldPrintTableEventsAndHash()
    {
        assertEquals(ExitCode.OK, run("simulate", "two.yaml"), err());
        assertTrue(out().startsWith("NAME  STATE"), out());
        assertEquals(ExitCode.OK, run("simulate", "two.yaml", "-o", "jsonl", "--events", "--state-hash"), err());
        assertTrue(out().contains("{\"event\":\"KernelAssigned\",\"at\":10,"), out());
        assertTrue(out().contains("\"stateHash\":\""), out());
        final String first = out();
        assertEquals(ExitCode.OK, run("simulate", "two.yaml", "-o", "jsonl", "--events", "--state-hash"), err());
        assertEquals(first, out());
    }

    @Test
    void shouldStopWhenTold()
    {
        assertEquals(ExitCode.OK, run("simulate", "two.yaml", "-o", "jsonl", "--until", "50s"), err());
        assertTrue(out().contains("\"name\":\"s1\",\"state\":\"RUNNING\""), out());
    }

    @Test
    void shouldPackPodsOfATrace() throws IOException
    {
        assertEquals(
            ExitCode.OK,
            run("simulate", "--openb-nodes", "nodes.csv", "--openb-pods", "pods.csv", "--openb-sequence",
                "sequence.txt", "--placements", "placed.csv", "--curve", "curve.csv", "-o", "jsonl"),
            err());
        // Both machines are equally good for the first pod; the second is ranked first.
        assertEquals(
            List.of("arrival_pos,pod,node,gpu_ids", "0,p-2,n-1,", "1,p-1,,", "2,p-0,n-1,", "3,p-2,n-1,"),
            Files.readAllLines(home.resolve("placed.csv")));
        assertEquals("arrived,alloc,frag", Files.readAllLines(home.resolve("curve.csv")).get(0));
        assertTrue(out().contains("\"pods\":4,\"dropped\":1,"), out());
    }

    @Test
    void shouldRunALog() throws IOException
    {
        assertEquals(
            ExitCode.OK, run("simulate", "--swf", "log.swf", "--procs", "4", "--waits", "waits.csv"), err());
        assertEquals(List.of("job,wait", "1,0", "2,90"), Files.readAllLines(home.resolve("waits.csv")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', value = {
        "simulate # give one of: a scenario",
        "simulate two.yaml --swf log.swf # give one of: a scenario",
        "simulate nowhere.yaml # nowhere.yaml: cannot be read",
        "simulate bad.yaml # bad.yaml: line 3: sessions[0].duration: long is not a duration",
        "simulate two.yaml --order random # order: random is none of drf",
        "simulate two.yaml --backfill sometimes # backfill: sometimes is none of conservative",
        "simulate two.yaml --until now # --until: now is not a duration",
        "simulate two.yaml --waits w.csv # --waits does not go with this input",
        "simulate two.yaml --select magic # magic is none of best-fit",
        "simulate two.yaml --seeds 3 # --seeds does not go with this input",
        "simulate two.yaml --mttr 3h # --mttr does not go with this input",
        "simulate two.yaml --estimates requested # --estimates does not go with this input",
        "simulate --swf headless.swf --warmup auto # --warmup does not go with this input",
        "simulate --swf headless.swf # --procs N",
        "simulate --swf nowhere.swf --procs 4 # nowhere.swf: cannot be read",
        "simulate --openb-nodes nodes.csv # go together",
        "simulate --openb-nodes pods.csv --openb-pods pods.csv # line 2: the column sn is missing"})
    void shouldExplainMisuse(final String command, final String expected)
    {
        assertEquals(ExitCode.USAGE, run(command.split(" ")), err());
        assertTrue(err().contains(expected), err());
        assertEquals(1, err().lines().count(), err());
    }

    @Test
    void shouldRefuseAScenarioThatIsNoText() throws IOException
    {
        Files.write(home.resolve("odd.yaml"), new byte[]{'a', ':', ' ', (byte)0xFF});
        assertEquals(ExitCode.USAGE, run("simulate", "odd.yaml"), err());
        assertTrue(err().contains("odd.yaml: is no text in UTF-8"), err());
    }
}
