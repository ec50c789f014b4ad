package io.plimsoll.bench.core;

import io.plimsoll.core.sbe.SelectPolicy;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The steady load of {@link DecisionLoop} under JMH, for its profilers ({@code -prof gc}, {@code -prof perfasm}) and
 * its forks. One operation is one submission with the end of an older session.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DecisionBenchmark
{
    /** Agents of the group. */
    @Param({"1000", "10000", "100000"})
    public int agents;
    /** How an agent is chosen. */
    @Param({"CONCENTRATED", "DISPERSED"})
    public SelectPolicy selection;

    private DecisionLoop loop;

    /** Brings the cluster to its steady load. */
    @Setup(Level.Trial)
    public void fill()
    {
        loop = new DecisionLoop(
            new CoreRig(agents, selection), (int)(agents * ShapeMix.KERNELS_PER_AGENT), 1, false);
        loop.fill();
    }

    /** Submits a session and ends the oldest. */
    @Benchmark
    public int decide()
    {
        return loop.step();
    }
}
