package io.plimsoll.bench.core;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The steady load of {@link DecisionLoop} under JMH. One operation is one submission with as many ends of older
 * sessions; what is reported are the decisions in it. {@code plimsoll bench core} runs it once for each figure, in a
 * JVM of its own, so that no figure depends on what was measured before it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class DecisionBenchmark
{
    /** A policy that takes longer to fill the cluster is helped out. */
    private static final long FILL_NS = TimeUnit.SECONDS.toNanos(20);

    /** Name of a {@link Load}. */
    @Param("cpu")
    public String load;
    /** Where. */
    @Param({"concentrated", "dispersed", "round-robin", "best-fit"})
    public String select;
    /** Who is next. */
    @Param("fifo")
    public String order;
    /** Who may go before a session that does not fit. */
    @Param("greedy")
    public String backfill;
    /** Agents of the group. */
    @Param({"1000", "10000", "100000"})
    public int agents;
    /** Sessions that wait beside the load and never fit. */
    @Param("0")
    public int waiting;

    private DecisionLoop loop;

    /** Brings the cluster to its steady load. */
    @Setup(Level.Trial)
    public void fill()
    {
        final Load steady = Load.of(load);
        final CorePolicy policy = new CorePolicy(select, order, backfill);
        final CoreRig rig = new CoreRig(agents, policy);
        rig.addUsers(steady.owners());
        if (waiting > 0)
        {
            Bystanders.add(rig, agents, waiting);
            rig.configure(policy);
        }
        loop = new DecisionLoop(rig, steady, steady.live(agents));
        if (!loop.tryFill(FILL_NS))
        {
            rig.configure(CorePolicy.USUAL);
            loop.fill();
            rig.configure(policy);
        }
        if (waiting > 0 && loop.waiting() > 0)
        {
            throw new IllegalStateException("sessions that are never to start take room: " + loop.waiting() + " wait");
        }
    }

    /** Submits, and ends the oldest. */
    @Benchmark
    public int decide(final Decisions decisions, final Population population)
    {
        final int placed = loop.step();
        decisions.decisions += placed;
        return placed;
    }

    /** Kernels placed. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Decisions
    {
        /** Kernels placed since the iteration began. */
        public long decisions;
    }

    /** What is there at the end of an iteration. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Population
    {
        /** Kernels. */
        public long runningKernels;
        /** Sessions of the load. */
        public long waitingSessions;

        /** Looks at it. */
        @TearDown(Level.Iteration)
        public void look(final DecisionBenchmark benchmark)
        {
            runningKernels = benchmark.loop.running();
            waitingSessions = benchmark.loop.waiting();
        }
    }
}
