package io.plimsoll.ops.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkloadCommandTest extends CommandTester
{
    @BeforeEach
    void writeFiles() throws IOException
    {
        write(
            "jobs.csv",
            "# origin: 2026-11-23T10:00:00Z",
            "job,arrival,user,group,cpu,mem,slots,duration,limit",
            "a,0,alice,g1,4,8g,cuda.device=1,600,3600",
            "b,60,bob,g2,2,4g,cuda.shares=500,1200,",
            "c,60,alice,g2,1,,,forever,");
        write(
            "workload.yaml",
            "workload:",
            "  duration: 2d",
            "  arrivals: {rate: 20/h}",
            "  shapes: [{cpu: 2, duration: {exponential: 10m}}]",
            "  users: {count: 3}");
        write("fleet.yaml", "machines: [{name: a100, count: 2, cpu: 64, mem: 512g, devices: {model: A100, count: 8},",
            "  cost: 20}]");
        write("twice.csv", "# name: twice", "job,arrival,cpu", "a,0,1", "b,0,1", "a,5,1");
        write("rare.yaml", "workload: {duration: 1s, arrivals: {rate: 0.001/d}, shapes: [{duration: 1m}]}");
        write("none.csv", "job,arrival");
        write("key", "0123456789abcdef");
        write("short", "0123");
    }

    @Test
    void shouldDescribeAWorkload() throws IOException
    {
        assertEquals(ExitCode.OK, run("workload", "describe", "jobs.csv", "--html", "page.html"), err());
        assertTrue(out().startsWith("jobs: 3 jobs from 2026-11-23T10:00:00Z over 1m"), out());
        assertTrue(out().contains("1 run without end"), out());
        assertTrue(Files.readString(home.resolve("page.html")).contains("\"format\":\"plimsoll-workload\""));
        assertEquals(ExitCode.OK, run("workload", "describe", "jobs.csv", "-o", "json"), err());
        final JsonValue json = json();
        assertEquals(3, json.number("jobs", 0));
        assertEquals("2", json.field("tenants").field("users").items().get(0).text("jobs"));
    }

    @Test
    void shouldGenerateTheSameForTheSameSeed() throws IOException
    {
        assertEquals(ExitCode.OK, run("workload", "generate", "workload.yaml", "--to", "one.csv.gz"), err());
        assertEquals(ExitCode.OK, run("workload", "convert", "workload.yaml", "--to", "two.csv.gz"), err());
        assertArrayEquals(
            Files.readAllBytes(home.resolve("one.csv.gz")), Files.readAllBytes(home.resolve("two.csv.gz")));
        assertEquals(ExitCode.OK, run("workload", "fit", "one.csv.gz", "--to", "again.yaml"), err());
        assertEquals(
            ExitCode.OK, run("workload", "generate", "again.yaml", "--seed", "2", "--to", "three.csv"), err());
        assertTrue(out().matches("\\d{3,4} jobs\\R"), out());
    }

    @Test
    void shouldConvertWorkloads() throws IOException
    {
        assertEquals(
            List.of("a,0,alice,,,g1,,,,1,4,8g,cuda.device=1,,600,,3600,,", "c,60,alice,,,g2,,,,1,1,0,,,forever,,,,"),
            rows("jobs.csv", "--filter", "user=alice"));
        assertEquals(
            List.of("a,0,alice,,,g1,,,,1,10,20g,cuda.device=3,,300,,1800,,"),
            rows("jobs.csv", "--filter", "cpu>=4", "--scale-size", "2.5", "--scale-duration", "0.5"));
        assertEquals(
            List.of("b,0,bob,,,g2,,,,1,4,8g,cuda.device=1,,1200,,,,"),
            rows("jobs.csv", "--filter", "(user=b* or user=carol) and arrival>=2026-11-23T10:00:30Z",
                "--scale-size", "2"));
        assertEquals(6, rows("jobs.csv", "--scale-rate", "2").size());
        assertEquals(6, rows("jobs.csv", "jobs.csv").size());
        final List<String> hidden = rows("jobs.csv", "--anonymise", "key");
        assertEquals(hidden, rows("jobs.csv", "--anonymise", "key"));
        assertFalse(String.join("", hidden).matches(".*(alice|bob|g1|g2).*"), hidden::toString);
        assertTrue(hidden.get(0).matches("job-[0-9a-f]{16},0,user-[0-9a-f]{16},,,group-[0-9a-f]{16},.*"));
    }

    /** What was scaled has copies, of which scaling again makes further ones. */
    @Test
    void shouldReadAgainWhatItHasScaledTwice() throws IOException
    {
        assertEquals(6, rows("jobs.csv", "--scale-rate", "2").size());
        Files.move(home.resolve("to.csv"), home.resolve("once.csv"));
        assertEquals(12, rows("once.csv", "--scale-rate", "2").size());
        Files.move(home.resolve("to.csv"), home.resolve("again.csv"));
        assertEquals(ExitCode.OK, run("workload", "describe", "again.csv"), err());
        assertTrue(out().contains(": 12 jobs"), out());
    }

    @Test
    void shouldLeaveWhatItReadsAsItIs() throws IOException
    {
        final String before = Files.readString(home.resolve("jobs.csv"));
        run("workload", "convert", "jobs.csv", "--scale-rate", "2", "--to", "jobs.csv");
        run("workload", "describe", "jobs.csv", "--html", "jobs.csv");
        assertEquals(before, Files.readString(home.resolve("jobs.csv")));
        assertFalse(Files.exists(home.resolve("jobs.csv.part")));
    }

    private List<String> rows(final String... args) throws IOException
    {
        final String[] all = new String[args.length + 4];
        System.arraycopy(new String[]{"workload", "convert", "--to", "to.csv"}, 0, all, 0, 4);
        System.arraycopy(args, 0, all, 4, args.length);
        assertEquals(ExitCode.OK, run(all), err());
        return Files.readAllLines(home.resolve("to.csv")).stream()
            .filter(line -> !line.startsWith("#") && !line.startsWith("job,")).toList();
    }

    @Test
    void shouldDescribeAFleet() throws IOException
    {
        assertEquals(ExitCode.OK, run("fleet", "describe", "fleet.yaml"), err());
        assertTrue(out().startsWith(
            "fleet: 2 machines of 1 kind, 128 cores, 1 TiB of memory, 16 GPUs, 40 an hour"), out());
        assertEquals(ExitCode.OK, run("fleet", "describe", "fleet.yaml", "-o", "json"), err());
        assertEquals(16, json().number("gpus", 0));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '"', value = {
        "workload # a command is missing",
        "workload describe gone.csv # gone.csv: cannot be read; is it there, and yours to read?",
        "workload describe fleet.yaml # its first line is of no workload that is known",
        "workload convert jobs.csv --scale-size nan --to x.csv # 'nan' is no factor: use a number such as 1.5",
        "workload describe jobs.csv --format csv # --format: 'csv' is not known: use plimsoll,",
        "workload fit jobs.csv # --to",
        "workload generate jobs.csv --to x.csv # it holds one already (plimsoll); plimsoll workload fit makes a",
        "workload generate fleet.yaml --to x.csv # fleet.yaml, line 1: ",
        "workload generate rare.yaml --to x.csv # rare.yaml: with this seed no job comes in the time that it tells",
        "workload convert none.csv --to x.csv # none.csv: there is no job in it; nothing is written",
        "workload convert jobs.csv --filter cpu>99 --to x.csv # --filter: 'cpu>99' is so of no job, of 3; nothing is",
        "workload convert jobs.csv --scale-rate 0.0001 --to x.csv # --scale-rate: by chance 0.0001 times 3 jobs are",
        "workload convert jobs.csv --to x.txt # --to: x.txt must end with .csv or .csv.gz",
        "workload convert jobs.csv --to x.csv --scale-rate 0 # --scale-rate: 0 is no factor: use one above 0",
        "workload convert jobs.csv --to x.csv --filter users=a # --filter: 'users=a': there is no field users",
        "workload convert jobs.csv --to x.csv --filter user>a # texts are compared with = and !=, not with >",
        "workload convert jobs.csv --to x.csv --filter (user=a # a parenthesis is not closed",
        "workload convert jobs.csv workload.yaml --by-clock --to x.csv # workload.yaml does not tell when it began",
        "workload convert jobs.csv --to x.csv --anonymise short # --anonymise: the key has 5 bytes; it needs 16",
        "workload describe twice.csv # twice.csv, line 5, job: 'a' is the name of the job in line 3 already",
        "workload describe jobs.csv --html jobs.csv # jobs.csv is what is read, and would be lost; name another file",
        "workload fit jobs.csv --to ./jobs.csv # jobs.csv is what is read, and would be lost; name another file",
        "workload convert workload.yaml jobs.csv --to jobs.csv # jobs.csv is what is read, and would be lost",
        "fleet describe jobs.csv # its first line is of no fleet that is known"})
    void shouldExplainMisuse(final String command, final String expected)
    {
        assertEquals(ExitCode.USAGE, run(command.split(" ")), err());
        assertTrue(err().contains(expected), err());
        assertEquals(1, err().lines().count(), err());
        assertFalse(Files.exists(home.resolve("x.csv")) || Files.exists(home.resolve("x.csv.part")));
    }
}
