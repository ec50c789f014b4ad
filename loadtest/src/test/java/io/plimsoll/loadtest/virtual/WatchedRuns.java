package io.plimsoll.loadtest.virtual;

import io.plimsoll.loadtest.fleet.Fleet;
import io.plimsoll.loadtest.fleet.FleetFiles;
import io.plimsoll.loadtest.jobs.Distribution.Exponential;
import io.plimsoll.loadtest.jobs.Generator;
import io.plimsoll.loadtest.jobs.GeneratorYaml;
import io.plimsoll.loadtest.jobs.Workload;
import io.plimsoll.loadtest.simulate.GroupSpec;
import io.plimsoll.loadtest.virtual.MachineFaults.Renewal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A busy cluster of two kinds of machines, some of which fail, for pages of runs and of plans. */
public final class WatchedRuns
{
    private WatchedRuns()
    {
    }

    /**
     * What comes.
     *
     * @param name  of users and groups.
     * @param start with a comma, or nothing.
     */
    public static Workload workload(final String name, final String start, final long seed)
    {
        return Generator.generate(GeneratorYaml.parse("week", "w.yaml", "workload: {name: '" + name + "', " + start +
            "duration: 5d, longest: 1d, arrivals: {rate: 28/h, bursts: {factor: 6, on: 40m, off: 5h}}, shapes: [" +
            "{name: a, weight: 3, group: '" + name + "', cpu: 8, mem: 64g, gpu: 1, " +
            "duration: {lognormal: {median: 50m, sigma: 1.2}}}, " +
            "{name: b, group: night, cpu: 16, mem: 64g, gpu: 4, duration: {lognormal: {median: 1h, sigma: 1}}}, " +
            "{name: c, cpu: 4, mem: 8g, gpu: 0.5, duration: {exponential: 30m}}], " +
            "users: {list: [{name: '" + name + "'}, {name: bob}]}}"), seed);
    }

    /** What it comes to. */
    public static Fleet fleet(final Path directory, final int count) throws IOException
    {
        return FleetFiles.read(Files.writeString(directory.resolve("fleet.yaml"), "machines:\n" +
            "  - {name: v100, count: " + count + ", cpu: 32, mem: 256g, cost: 4, devices: " +
            "{kind: cuda, model: V100, count: 4}}\n" +
            "  - {name: a100, count: " + count / 2 + ", cpu: 64, mem: 512g, cost: 10, devices: " +
            "{kind: cuda, model: A100, count: 8}}\n"));
    }

    /** Machines that fail. */
    public static RunSetup setup()
    {
        return new RunSetup(
            List.of(), StartDelays.NONE, new Renewal(new Exponential(400_000), new Exponential(14_400)), Rework.ALL, 0,
            ClusterRun.TO_THE_END);
    }

    /** Some seeds of it. */
    public static SimulationReport report(
        final String name, final String start, final Fleet fleet, final int seeds)
    {
        final ClusterRun first = new ClusterRun(workload(name, start, 0), fleet, setup()).watched().run();
        final List<RunFigures> runs = new ArrayList<>(List.of(RunFigures.of(first, 0)));
        for (int seed = 1; seed < seeds; seed++)
        {
            runs.add(RunFigures.of(
                new ClusterRun(workload(name, start, seed), fleet, setup().withSeed(seed)).run(), 0));
        }
        return new SimulationReport(
            first, fleet, GroupSpec.usual(name).told(), runs, 0, RunSeries.of(first, 0), null, null);
    }
}
