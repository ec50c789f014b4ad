package io.plimsoll.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PlanCommandTest extends CommandTester
{
    /** Each minute one session of a core for ten minutes: ten cores are enough, and nine are not. */
    @BeforeEach
    void writeFiles() throws IOException
    {
        final List<String> jobs = new ArrayList<>(List.of("job,arrival,user,group,cpu,duration"));
        for (int i = 0; i < 240; i++)
        {
            jobs.add(i + "," + i * 60 + ",ann,night,1," + 599);
        }
        write("jobs.csv", jobs.toArray(new String[0]));
        for (final String side : List.of("better", "worse"))
        {
            final int wait = "better".equals(side) ? 10 : 20;
            write(side + ".json", "{\"perSeed\":[{\"seed\":1,\"wait\":" + wait + "},{\"seed\":2,\"wait\":" +
                (wait + 1) + "},{\"seed\":3,\"wait\":" + wait + "}]}");
        }
        write("fleet.yaml", "machines: [{name: small, count: 12, cpu: 2, mem: 8g, cost: 0.5}]");
    }

    @Test
    void shouldFindTheSmallestFleet()
    {
        assertEquals(
            ExitCode.OK,
            plan("--objective", "wait.max<1s by group", "--vary", "small.count=1..40"),
            err());
        assertEquals(
            List.of(
                "Enough: 5 small, 2.5 an hour; all objectives hold with 1 seed.",
                "Too small: 4 small: wait.max<1s by group is missed by night, with 3451."),
            out().lines().limit(2).toList());
        assertTrue(out().contains("100 % of cpu was in use"), out());
    }

    /** The last to come, so that it would have waited for nothing if the end counted. */
    @Test
    void shouldSayWhatLimitsThoseWhoWaitAndNotOthers() throws IOException
    {
        // The only GPU is always in use, by a session of another group, for which nobody waits.
        final List<String> jobs = new ArrayList<>(List.of("job,arrival,group,cpu,slots,duration"));
        jobs.add("training,0,train,1,cuda.device=1,20000");
        for (int i = 0; i < 240; i++)
        {
            jobs.add(i + "," + i * 60 + ",100%,1,,599");
        }
        write("groups.csv", jobs.toArray(new String[0]));
        write(
            "groups.yaml",
            "machines:",
            "  - {name: small, group: 100%, count: 12, cpu: 2}",
            "  - {name: gpu, group: train, cpu: 2, devices: {count: 1}}");
        assertEquals(
            ExitCode.OK,
            run("plan", "--workload", "groups.csv", "--fleet", "groups.yaml", "--objective", "wait.max<1m", "--vary",
                "small.count=1..12"),
            err());
        assertTrue(out().startsWith("Enough: 5 small, 1 gpu; "), out());
        assertTrue(out().contains("What limits it then: while sessions of 100% waited 100 % of cpu was in use"), out());
    }

    @Test
    void shouldNotTakeAFleetForEnoughThatCannotHoldAJob() throws IOException
    {
        write("gpu.csv", "job,arrival,user,cpu,slots,duration", "a,0,ann,1,,60", "b,10,ann,1,cuda.device=2,60");
        assertEquals(
            ExitCode.FAILED,
            run("plan", "--workload", "gpu.csv", "--fleet", "fleet.yaml", "--objective", "wait.max<1m", "--vary",
                "small.count=1..9"),
            err());
        assertTrue(out().contains("wait.max<1m is missed"), out());
        assertEquals(ExitCode.OK, run("simulate", "--workload", "gpu.csv", "--fleet", "fleet.yaml"), err());
        assertTrue(out().contains("note: 1 would wait for ever, the first is of job b:"), out());
    }

    @Test
    void shouldRefuseToPlanForNothing() throws IOException
    {
        write("none.csv", "job,arrival,cpu");
        for (final String command : List.of("plan --objective wait.max<1m --vary small.count=1..9", "simulate"))
        {
            assertEquals(
                ExitCode.USAGE,
                run((command + " --workload none.csv --fleet fleet.yaml").split(" ")),
                err());
            assertTrue(err().contains("none.csv: there is no job in it"), err());
        }
    }

    @Test
    void shouldSayBeforeTheWorkThatTablesCannotBeWritten() throws IOException
    {
        for (final String command : List.of("plan --objective wait.max<1m --vary small.count=1..9", "simulate"))
        {
            assertEquals(
                ExitCode.USAGE,
                run((command + " --workload gone.csv --fleet fleet.yaml --csv jobs.csv/tables").split(" ")),
                err());
            assertTrue(err().contains("--csv: " + home.resolve("jobs.csv/tables") + " cannot be written: "), err());
        }
    }

    @Test
    void shouldNotWriteOverWhatItReads() throws IOException
    {
        final String before = Files.readString(home.resolve("fleet.yaml"));
        for (final String command : List.of("plan --objective wait.max<1m --vary small.count=1..9", "simulate"))
        {
            assertEquals(
                ExitCode.USAGE,
                run((command + " --workload jobs.csv --fleet fleet.yaml --html fleet.yaml").split(" ")),
                err());
            assertTrue(err().contains("fleet.yaml is what is read, and would be lost"), err());
        }
        assertEquals(ExitCode.USAGE, run("compare", "better.json", "worse.json", "--html", "worse.json"), err());
        assertTrue(err().contains("worse.json is what is read, and would be lost"), err());
        assertEquals(before, Files.readString(home.resolve("fleet.yaml")));
    }

    @Test
    void shouldSayItAsOneObject() throws IOException
    {
        assertEquals(
            ExitCode.OK, plan("--objective", "wait.max<1s", "--vary", "small=1..40", "-o", "json"), err());
        final JsonNode plan = new ObjectMapper().readTree(out());
        assertEquals(5, plan.at("/found/machines/small").asInt());
        assertEquals(2.5, plan.at("/found/costPerHour").asDouble());
        assertEquals(240, plan.at("/found/sessions/mean").asInt());
        assertEquals(4, plan.at("/tooSmall/machines/small").asInt());
        assertEquals("cpu", plan.at("/tooSmall/whileWaiting/most").asText());
        assertEquals("wait.max<1s", plan.at("/tooSmall/misses/0/objective").asText());
    }

    @Test
    void shouldSayWhatNoFleetWillDo()
    {
        assertEquals(ExitCode.FAILED, plan("--objective", "use.gpu>50%", "--vary", "small.count=1..4"), err());
        assertTrue(
            out().startsWith("The smallest that is enough for the rest is 1 small: use.gpu>50% is missed"), out());
        assertEquals(ExitCode.FAILED, plan("--objective", "wait.max<1s", "--vary", "small.count=1..2"), err());
        assertTrue(out().startsWith("Not even with 2 small: wait.max<1s is missed"), out());
    }

    @Test
    void shouldSayHowMuchMoreAFleetCarriesAndForHowLong()
    {
        assertEquals(ExitCode.OK, plan("--objective", "wait.p50<1m", "--growth", "10%"), err());
        assertTrue(out().startsWith("12 small carries 2."), out());
        assertTrue(out().contains("Headroom: 1"), out());
        assertTrue(out().matches("(?s).*Growing by 10 % a month it is used up on 20\\d\\d-\\d\\d-\\d\\d\\.\\R"), out());
    }

    @Test
    void shouldSayWhatIsWrong()
    {
        assertUsage("objective: 'wait.p96' is not known: use wait.mean, ", "--objective", "wait.p96<1s");
        assertUsage(
            "vary: the fleet has no machines of kind large", "--objective", "wait.max<1s", "--vary", "large=1..2");
        assertUsage(
            "vary: small.cpu does not vary, only how many machines there are: small.count=FROM..TO",
            "--objective", "wait.max<1s", "--vary", "small.cpu=1..2");
        assertUsage(
            "--growth goes without --vary", "--objective", "wait.max<1s", "--vary", "small=1..2", "--growth", "5");
        assertEquals(ExitCode.USAGE, run("plan", "--objective", "wait.max<1s", "--workload", "jobs.csv"));
        assertTrue(err().startsWith("plimsoll: --fleet is missing"), err());
        assertUsage("--seeds: 0 is not from 1", "--objective", "wait.max<1s", "--seeds", "0");
        assertUsage("--growth: 'much' is no percentage", "--objective", "wait.max<1s", "--growth", "much");
        assertUsage("--growth: 0% is no percentage", "--objective", "wait.max<1s", "--growth", "0%");
        assertUsage("objective: use.cpu>50% no load is too much for", "--objective", "use.cpu>50%");
        assertUsage("--vary: small.count is given twice", "--objective", "wait.max<1s", "--vary", "small=1..2",
            "--vary", "small.count=1..3");
        assertUsage("warmup: nothing would count", "--objective", "wait.max<1s", "--warmup", "90d");
        assertUsage("--mtbf: ", "--objective", "wait.max<1s", "--mtbf", "soon");
        assertUsage("--select: ", "--objective", "wait.max<1s", "--select", "nowhere");
    }

    @Test
    void shouldSimulateTheSameWithSeveralSeeds() throws IOException
    {
        assertEquals(
            ExitCode.OK,
            run("simulate", "--workload", "jobs.csv", "--fleet", "fleet.yaml", "--seeds", "3", "--mtbf", "2h", "--mttr",
                "10m", "-o", "jsonl", "--state-hash", "--waits", "waits.csv"),
            err());
        final JsonNode runs = new ObjectMapper().readTree(out());
        assertEquals(3, runs.at("/seeds").asInt());
        assertEquals(240, runs.at("/sessions/mean").asInt());
        assertTrue(runs.at("/attempts/mean").asDouble() > 1, out());
        assertTrue(runs.at("/attempts/plusMinus").asDouble() > 0, out());
        assertEquals(240, runs.at("/waitSecondsByGroup/night/sessions").asInt());
        assertEquals(241, Files.readAllLines(home.resolve("waits.csv")).size());
        final String first = out();
        run("simulate", "--workload", "jobs.csv", "--fleet", "fleet.yaml", "--seeds", "3", "--mtbf", "2h", "--mttr",
            "10m", "-o", "jsonl", "--state-hash", "--threads", "1");
        assertEquals(first, out());
    }

    /** Nine sessions run when the only machine fails, for ten minutes in all: what overlaps does not end the other. */
    @Test
    void shouldFailMachinesAsALogSays() throws IOException
    {
        write("one.yaml", "machines: [{name: small, cpu: 20}]");
        write("outages.csv", "machine,at,down", "small,1h,10m", "small,3605s,1s");
        assertEquals(ExitCode.OK, simulate("one.yaml", "--failures", "outages.csv"), err());
        JsonNode told = new ObjectMapper().readTree(out());
        assertEquals(1 + 9 / 240.0, told.at("/attempts/mean").asDouble(), 1e-6, out());
        // Nobody waits but those who come while it is away: the first of them for ten minutes.
        assertEquals(600, told.at("/waitSecondsByGroup/night/max").asDouble(), 1, out());

        write("outages.csv", "machine,at,down", "small,2h,");
        assertEquals(ExitCode.OK, simulate("one.yaml", "--failures", "outages.csv"), err());
        told = new ObjectMapper().readTree(out());
        assertEquals(120, told.at("/unstarted/mean").asInt(), out());

        write("outages.csv", "machine,at,down", "smal,2h,1h");
        assertEquals(ExitCode.USAGE, simulate("one.yaml", "--failures", "outages.csv"));
        assertTrue(err().contains("outages.csv, line 2, machine: smal is none of the fleet; did you mean"), err());
        write("outages.csv", "machine,at,down", "small,2h,soon");
        assertEquals(ExitCode.USAGE, simulate("one.yaml", "--failures", "outages.csv"));
        assertTrue(err().contains("outages.csv, line 2, down: soon is not a duration"), err());
        write("outages.csv", "machine,at,down", "small,2026-11-23T10:00:00Z,1h");
        assertEquals(ExitCode.USAGE, simulate("one.yaml", "--failures", "outages.csv"));
        assertTrue(err().contains("does not tell when it began"), err());
        assertEquals(ExitCode.USAGE, simulate("one.yaml", "--failures", "outages.csv", "--mtbf", "2h"));
        assertUsage("--failures: goes without --vary", "--objective", "wait.max<1s", "--vary", "small=1..2",
            "--failures", "outages.csv");
        assertUsage("--mttr: goes with --mtbf", "--objective", "wait.max<1s", "--mttr", "1h");
        assertUsage("--repair-shape: 0.0 is not above 0", "--objective", "wait.max<1s", "--mtbf", "9h",
            "--repair-shape", "0");
    }

    /** Who has run for 50 s of 100 s yields for 10 s: all anew, or 40 s are kept and a restart costs 5 s. */
    @Test
    void shouldTellWhatYieldingCosts() throws IOException
    {
        write("prior.csv", "job,arrival,priority,duration", "low,0,0,100", "high,50,50,10");
        write("core.yaml", "machines: [{name: m, cpu: 1}]");
        final int[] ends = new int[3];
        for (int i = 0; i < ends.length; i++)
        {
            final String[] options = 0 == i ? new String[0] :
                1 == i ? new String[]{"--preemption", "reschedule"} :
                    new String[]{"--preemption", "reschedule", "--checkpoint", "20s", "--restart-cost", "5s"};
            final String[] all = {"simulate", "--workload", "prior.csv", "--fleet", "core.yaml", "-o", "json"};
            final String[] args = Arrays.copyOf(all, all.length + options.length);
            System.arraycopy(options, 0, args, all.length, options.length);
            assertEquals(ExitCode.OK, run(args), err());
            ends[i] = new ObjectMapper().readTree(out()).at("/endSeconds/mean").asInt();
        }
        assertEquals("[110, 160, 125]", Arrays.toString(ends));
        assertEquals(
            ExitCode.OK,
            run("simulate", "--workload", "prior.csv", "--fleet", "core.yaml", "--against", "preemption=terminate"),
            err());
        assertTrue(out().contains("With preemption=terminate instead:"), out());
        assertUsage("--preemption: perhaps is none of off, ", "--objective", "wait.max<1s", "--preemption", "perhaps");
        assertEquals(
            ExitCode.USAGE, run("simulate", "--workload", "prior.csv", "--fleet", "core.yaml", "--rules", "packing",
                "--preemption", "terminate"));
        assertTrue(err().contains("--preemption does not go with this input"), err());
    }

    private int simulate(final String fleet, final String... options)
    {
        final String[] all = {"simulate", "--workload", "jobs.csv", "--fleet", fleet, "-o", "json"};
        final String[] args = Arrays.copyOf(all, all.length + options.length);
        System.arraycopy(options, 0, args, all.length, options.length);
        return run(args);
    }

    @Test
    void shouldShowWhatWasTriedAsAPageAndAsTables() throws IOException
    {
        assertEquals(
            ExitCode.OK,
            plan("--objective", "wait.max<1s", "--vary", "small=1..40", "--html", "plan.html", "--csv", "tables", "-o",
                "json"),
            err());
        final JsonNode plan = new ObjectMapper().readTree(out());
        assertEquals("plimsoll-plan", plan.at("/format").asText());
        assertEquals(plan.at("/trials").asInt(), plan.at("/tried").size());
        assertTrue(plan.at("/series/waiting").size() > 10, out());
        assertTrue(Files.readString(home.resolve("plan.html")).contains("plimsoll-plan"));
        assertEquals(
            plan.at("/trials").asInt() + 1, Files.readAllLines(home.resolve("tables").resolve("trials.csv")).size());
        assertTrue(Files.readString(home.resolve("tables").resolve("series.csv")).startsWith("from_s,arrived,"));
        assertEquals("", err());
    }

    /** A job of the whole cluster waits for nobody who could pass it only if passing is not allowed. */
    @Test
    void shouldTellWhatAnotherPolicyWouldDo() throws IOException
    {
        final List<String> jobs = new ArrayList<>(List.of("job,arrival,cpu,limit,duration"));
        for (int i = 0; i < 400; i++)
        {
            jobs.add(i + "," + i * 200 + "," + (0 == i % 4 ? 2 : 1) + ",9000," + (600 + i % 7 * 60));
        }
        write("mixed.csv", jobs.toArray(new String[0]));
        write("pairs.yaml", "machines: [{name: pair, count: 2, cpu: 2}]");
        assertEquals(
            ExitCode.OK,
            run("plan", "--workload", "mixed.csv", "--fleet", "pairs.yaml", "--backfill", "none", "--against",
                "group.backfill=greedy", "--objective", "wait.p95<5m", "--vary", "pair=1..20", "--seeds", "4", "-o",
                "json"),
            err());
        final JsonNode against = new ObjectMapper().readTree(out()).at("/against");
        assertEquals(
            "no interval: nothing was left to chance, all runs of a side are the same",
            against.at("/same/method").asText(),
            "a workload of one day is the same for all seeds");
        assertEquals(4, against.at("/perSeed").size());
        assertTrue(
            against.at("/best/secondMachines/pair").asInt() <= against.at("/best/firstMachines/pair").asInt(), out());
        assertEquals(
            ExitCode.OK,
            run("simulate", "--workload", "mixed.csv", "--fleet", "pairs.yaml", "--backfill", "none", "--against",
                "backfill=greedy", "--seeds", "4"),
            err());
        assertTrue(out().contains("With backfill=greedy instead:"), out());
        assertTrue(out().contains("waitSeconds.mean"), out());
    }

    @Test
    void shouldCompareWhatWasWritten() throws IOException
    {
        for (final String backfill : List.of("none", "greedy"))
        {
            run("simulate", "--workload", "jobs.csv", "--fleet", "fleet.yaml", "--seeds", "3", "--mtbf", "2h", "--mttr",
                "none".equals(backfill) ? "40m" : "5m", "-o", "json");
            write(backfill + ".json", out());
        }
        assertEquals(ExitCode.OK, run("compare", "none.json", "greedy.json", "-o", "json"), err());
        final JsonNode told = new ObjectMapper().readTree(out());
        assertEquals("paired by seed, 3 seeds: Student's t of the differences", told.at("/method").asText());
        assertEquals("none", told.at("/first").asText());
        assertEquals(ExitCode.OK, run("compare", "none.json", "none.json", "--fail-if-worse"), err());
        assertTrue(out().contains("figures are the same on both sides"), out());
        assertEquals(ExitCode.FAILED, run("compare", "better.json", "worse.json", "--fail-if-worse"));
    }

    @Test
    void shouldSayWhatCannotBeComparedOrShown()
    {
        assertUsage("--against: ", "--objective", "wait.max<1s", "--against", "backfill=soon");
        assertUsage("is what it is compared with", "--objective", "wait.max<1s", "--against", "backfill=greedy");
        assertUsage("--against: ", "--objective", "wait.max<1s", "--against", "size=3");
        assertUsage("--csv: ", "--objective", "wait.max<1s", "--csv", "jobs.csv");
        assertUsage("--html: ", "--objective", "wait.max<1s", "--html", "nowhere/page.html");
        assertEquals(ExitCode.USAGE, run("compare", "jobs.csv", "fleet.yaml"));
        assertTrue(err().contains("is no JSON, as -o json prints it"), err());
        assertEquals(ExitCode.USAGE, run("compare", "missing.json", "missing.json"));
        assertTrue(err().contains("missing.json: cannot be read"), err());
        assertEquals(ExitCode.USAGE, run("simulate", "x.yaml", "--html", "page.html"));
        assertTrue(err().contains("--html does not go with this input"), err());
    }

    /** At 10 both come while the first ends; in a log they come first, and what is over by then is free. */
    @Test
    void shouldRunUnderTheRulesOfExperiments() throws IOException
    {
        write("log.csv", "job,arrival,cpu,duration,limit", "1,0,4,10,20", "2,10,4,5,5", "3,10,1,5,5");
        write("four.yaml", "machines: [{name: m, cpu: 4}]");
        final String[] waits = new String[2];
        for (int i = 0; i < waits.length; i++)
        {
            assertEquals(
                ExitCode.OK,
                run("simulate", "--workload", "log.csv", "--fleet", "four.yaml", "--rules", 0 == i ? "log" : "cluster",
                    "--order", "lifo", "--backfill", "none", "--waits", "waits.csv"),
                err());
            waits[i] = String.join(" ", Files.readAllLines(home.resolve("waits.csv")));
        }
        assertEquals("job,wait 1,0 2,5 3,0", waits[0]);
        assertEquals("job,wait 1,0 2,0 3,5", waits[1]);
        assertEquals(
            ExitCode.OK,
            run("simulate", "--workload", "log.csv", "--fleet", "four.yaml", "--rules", "packing", "--placements",
                "placements.csv", "-o", "json"),
            err());
        assertEquals(2, new ObjectMapper().readTree(out()).at("/dropped").asInt(), out());
        assertEquals(4, Files.readAllLines(home.resolve("placements.csv")).size());
        assertUsage("--rules: packing is for simulate", "--objective", "wait.max<1s", "--rules", "packing");
    }

    private void assertUsage(final String problem, final String... options)
    {
        assertEquals(ExitCode.USAGE, plan(options));
        assertTrue(err().contains(problem), err());
    }

    private int plan(final String... options)
    {
        final String[] all = {"plan", "--workload", "jobs.csv", "--fleet", "fleet.yaml"};
        final String[] args = Arrays.copyOf(all, all.length + options.length);
        System.arraycopy(options, 0, args, all.length, options.length);
        return run(args);
    }
}
