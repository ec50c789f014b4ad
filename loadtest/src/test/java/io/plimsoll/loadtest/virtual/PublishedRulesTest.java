package io.plimsoll.loadtest.virtual;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.plimsoll.loadtest.fleet.Fleet;
import io.plimsoll.loadtest.fleet.FleetFiles;
import io.plimsoll.loadtest.fleet.Machine;
import io.plimsoll.loadtest.fleet.MachineKind;
import io.plimsoll.loadtest.jobs.Workload;
import io.plimsoll.loadtest.jobs.WorkloadFiles;
import io.plimsoll.loadtest.openb.OpenbFiles;
import io.plimsoll.loadtest.openb.OpenbRun;
import io.plimsoll.loadtest.openb.Traces;
import io.plimsoll.loadtest.simulate.GroupSpec;
import io.plimsoll.loadtest.simulate.Heuristic;
import io.plimsoll.loadtest.simulate.HeuristicRun;
import io.plimsoll.loadtest.simulate.SwfRun;
import io.plimsoll.loadtest.swf.SwfDialect;
import io.plimsoll.loadtest.swf.SwfJob;
import io.plimsoll.loadtest.swf.SwfReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The published experiments as workloads on fleets: the same results, job by job and pod by pod. */
class PublishedRulesTest
{
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int KTH_PROCESSORS = 100;
    private static final int LUBLIN_PROCESSORS = 256;
    private static final int LUBLIN_WINDOW = 1024;
    private static final List<Integer> LUBLIN_WINDOWS =
        List.of(1981, 2756, 4299, 8850, 3316, 2714, 5228, 7762, 4022, 7085);

    @ParameterizedTest
    @CsvSource({
        "easy, easy, false",
        "easy_clairvoyant, easy, true",
        "easy_sjbf_clairvoyant, easy-sjbf, true"})
    void shouldMakeEveryJobWaitAsLongAsPublished(
        final String golden, final String backfill, final boolean isRunTimeKnown) throws IOException
    {
        final Map<Long, Long> published = waits(Traces.file("swf/golden_KTH-SP2_" + golden + ".swf.gz"));
        final Map<Long, Long> waits = waits(run("KTH-SP2", KTH_PROCESSORS, backfill, isRunTimeKnown));
        assertEquals(28_481, waits.size());
        waits.forEach((job, wait) -> assertEquals(published.get(job), wait, "job " + job));
    }

    /** What has no published waits is run as the commands for logs run it. */
    @ParameterizedTest
    @CsvSource({
        "KTH-SP2, 100, conservative, false", "KTH-SP2, 100, predictive, false", "SDSC-SP2, 128, easy, false",
        "SDSC-SP2, 128, none, true", "SDSC-SP2, 32, easy, false"})
    void shouldRunLogsAsTheCommandsForThemDo(
        final String log, final int processors, final String backfill, final boolean isRunTimeKnown)
    {
        final List<SwfJob> jobs = SwfReader.jobs(
            Traces.file("swf/input_" + log + ".swf.gz"), SwfDialect.BACKFILLING, processors, SwfJob.BY_ARRIVAL);
        final long[] expected = new SwfRun(
            jobs, processors, GroupSpec.usual("g").withPolicies(null, null, backfill), isRunTimeKnown, null)
            .run().waits();
        final Map<Long, Long> waits = waits(run(log, processors, backfill, isRunTimeKnown));
        assertEquals(expected.length, waits.size());
        for (int i = 0; i < expected.length; i++)
        {
            assertEquals(expected[i], waits.get(jobs.get(i).id()), "job " + jobs.get(i));
        }
    }

    /** Of the comparison of RLScheduler: mean bounded slowdowns over ten windows. */
    @ParameterizedTest
    @CsvSource({
        "fcfs, 7273.77, 235.82", "wfp3, 19753.53, 133.87", "unicep, 22274.74, 307.23", "sjf, 277.35, 73.31",
        "f1, 258.37, 75.07"})
    void shouldSlowWindowsDownAsMuchAsPublished(final String order, final double alone, final double passing)
    {
        final Workload workload = WorkloadFiles.read(Traces.file("lublin/lublin_256.swf.gz"));
        final List<SwfJob> jobs = HeuristicJobs.of(workload, LUBLIN_PROCESSORS);
        double sumAlone = 0;
        double sumPassing = 0;
        for (final int first : LUBLIN_WINDOWS)
        {
            final List<SwfJob> window = jobs.subList(first, first + LUBLIN_WINDOW);
            final Heuristic heuristic = Heuristic.byName().get(order);
            sumAlone += new HeuristicRun(window, LUBLIN_PROCESSORS, heuristic, false, null).run().boundedSlowdown();
            sumPassing += new HeuristicRun(window, LUBLIN_PROCESSORS, heuristic, true, null).run().boundedSlowdown();
        }
        assertEquals(alone, sumAlone / LUBLIN_WINDOWS.size(), 0.005);
        assertEquals(passing, sumPassing / LUBLIN_WINDOWS.size(), 0.005);
    }

    private static ClusterRun run(
        final String log, final int processors, final String backfill, final boolean isRunTimeKnown)
    {
        final Workload workload = WorkloadFiles.read(Traces.file("swf/input_" + log + ".swf.gz"), null, 0);
        final MachineKind kind =
            MachineKind.of("machine", processors * 1000L, MachineKind.UNLIMITED, List.of());
        final GroupSpec policies = GroupSpec.usual(RunSetup.OTHERS).withPolicies(null, null, backfill);
        return new ClusterRun(
            workload,
            new Fleet("machine", List.of(new Machine("machine", "", kind)), List.of()),
            RunSetup.PLAIN.withPolicies(List.of(policies)).withRules(new RunSetup.Rules(true, isRunTimeKnown))).run();
    }

    private static Map<Long, Long> waits(final ClusterRun run)
    {
        final SessionLog log = run.sessions();
        final Map<Long, Long> waits = new HashMap<>();
        for (int session = 0; session < log.size(); session++)
        {
            waits.put(
                Long.valueOf(run.workload().job(log.job(session)).name()),
                (log.startNs(session) - log.arrivalNs(session)) / SECOND_NS);
        }
        return waits;
    }

    private static Map<Long, Long> waits(final Path golden) throws IOException
    {
        final Map<Long, Long> waits = new HashMap<>();
        lines(golden).stream().filter(line -> !line.startsWith(";")).map(line -> line.strip().split("\\s+"))
            .forEach(fields -> waits.put(Long.valueOf(fields[0]), Long.valueOf(fields[2])));
        return waits;
    }

    private static List<String> lines(final Path file) throws IOException
    {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
            new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8)))
        {
            return reader.lines().toList();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "default, 42, FGD, fragmentation-gradient, true",
        "default, 42, BestFit, best-fit, true",
        "default, 42, GpuPacking, gpu-packing, true",
        "gpushare40, 44, BestFit, best-fit, false",
        "multigpu20, 43, GpuClustering, gpu-clustering, false"})
    void shouldPackAsPublished(
        final String workload, final int seed, final String published, final String policy, final boolean isEach)
        throws Exception
    {
        final OpenbRun run = Packing.of(
            WorkloadFiles.read(Traces.file("openb/openb_pod_list_" + workload + ".csv.gz"), null, 0),
            FleetFiles.read(Traces.file("openb/openb_node_list_gpu_node.csv")),
            OpenbFiles.sequence(Traces.file("openb/sequences/" + workload + "_" + seed + ".txt.gz")),
            policy,
            null).run();
        if (isEach)
        {
            assertEquals(
                lines(Traces.file("openb/placements_default_42_" + published + ".csv.gz")), run.placements());
        }
        Traces.assertCurve(run.state().curve(), workload, published, seed);
    }
}
