package io.plimsoll.bench.core;

import io.plimsoll.core.sbe.KernelReportEncoder;
import io.plimsoll.core.sbe.MessageHeaderEncoder;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.ReportKind;
import io.plimsoll.loadtest.workload.CommandEncoder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A cluster at a steady load: sessions come, are placed, and the ones that have run for longest end. A decision is one
 * kernel placed, with its submission and its end inside the measured time. As many sessions end as come, so there are
 * always as many; when more are asked for than fit, the others wait. Commands are encoded beforehand, so that the loop
 * around the core is a few copies of numbers. One thread.
 */
public final class DecisionLoop
{
    private static final int BLOCK = 64;
    private static final ReportKind[] END_ONLY = {ReportKind.EXITED};
    private static final ReportKind[] WHOLE_LIFE =
        {ReportKind.ACKNOWLEDGED, ReportKind.PREPARING, ReportKind.RUNNING, ReportKind.EXITED};

    private final CoreRig rig;
    private final PlacedKernels placed;
    private final int liveTarget;
    private final int chunk;
    private final UnsafeBuffer[] submissions;
    private final ReportKind[] steps;
    private final UnsafeBuffer report;
    private final int reportLength;
    private final KernelReportEncoder reportEncoder = new KernelReportEncoder();
    private int nextSubmission;
    private int live;
    private long reportNo;

    /**
     * Prepares; the cluster is still empty.
     *
     * @param rig        with agents.
     * @param liveTarget sessions that are there in the steady state.
     */
    public DecisionLoop(final CoreRig rig, final int liveTarget)
    {
        this(rig, new Load(ShapeMix.sessions().stream().map(Job::of).toList(), 0, 0, 0, 1, false), liveTarget);
    }

    DecisionLoop(final CoreRig rig, final Load load, final int liveTarget)
    {
        this.rig = rig;
        this.liveTarget = liveTarget;
        chunk = load.chunk();
        placed = new PlacedKernels(liveTarget + 64 * 1_024);
        steps = load.wholeLife() ? WHOLE_LIFE : END_ONLY;
        submissions = submissions(rig, load);
        final CommandEncoder encoder = rig.encoder();
        reportLength = encoder.kernelReport(
            1, 1, 1, 1, 1, 1, new CommandEncoder.Step(ReportKind.EXITED, Reason.COMPLETED, 0));
        report = new UnsafeBuffer(new byte[reportLength]);
        report.putBytes(0, encoder.buffer(), 0, reportLength);
    }

    /** Submits until as many sessions are there as in the steady state. */
    public void fill()
    {
        tryFill(Long.MAX_VALUE);
    }

    /** The same for a time at most; returns whether it was enough. */
    boolean tryFill(final long durationNs)
    {
        final long startNs = System.nanoTime();
        while (live < liveTarget)
        {
            for (int i = 0; i < BLOCK && live < liveTarget; i++)
            {
                submit();
            }
            if (System.nanoTime() - startNs > durationNs)
            {
                return false;
            }
        }
        return true;
    }

    /** Kernels that run now. */
    public int running()
    {
        return placed.size();
    }

    /** Sessions that wait now. */
    int waiting()
    {
        return live - placed.size();
    }

    /**
     * Goes on for a time.
     *
     * @param durationNs of it.
     * @return decisions and the time that they took.
     */
    public Outcome run(final long durationNs)
    {
        final long startNs = System.nanoTime();
        long decisions = 0;
        long nowNs = startNs;
        while (nowNs - startNs < durationNs)
        {
            for (int i = 0; i < BLOCK; i++)
            {
                decisions += step();
            }
            nowNs = System.nanoTime();
        }
        return new Outcome(decisions, nowNs - startNs);
    }

    /** One submission, and as many ends; returns the kernels placed. */
    public int step()
    {
        int decisions = submit();
        while (live > liveTarget && placed.size() > 0)
        {
            decisions += end();
        }
        return decisions;
    }

    private int submit()
    {
        final UnsafeBuffer submission = submissions[nextSubmission];
        nextSubmission = nextSubmission + 1 == submissions.length ? 0 : nextSubmission + 1;
        live += chunk;
        return feed(submission, submission.capacity());
    }

    private int end()
    {
        final long kernelId = placed.kernelId();
        final int agentId = placed.agentId();
        final int attempt = placed.attempt();
        placed.remove();
        live--;
        int decisions = 0;
        for (final ReportKind kind : steps)
        {
            reportEncoder.wrap(report, MessageHeaderEncoder.ENCODED_LENGTH)
                .agentId(agentId)
                .connection(1)
                .reportNo(++reportNo)
                .kernelId(kernelId)
                .term(1)
                .attempt(attempt)
                .kind(kind)
                .reason(ReportKind.EXITED == kind ? Reason.COMPLETED : Reason.NONE);
            decisions += feed(report, reportLength);
        }
        return decisions;
    }

    private int feed(final UnsafeBuffer command, final int length)
    {
        int decisions = placed.read(rig.events(), 0, rig.feed(command, 0, length));
        while (rig.core().continueNeeded())
        {
            decisions += placed.read(rig.events(), 0, rig.proceed());
        }
        return decisions;
    }

    private static UnsafeBuffer[] submissions(final CoreRig rig, final Load load)
    {
        final int[] owners = load.ownerOfSubmission();
        final List<UnsafeBuffer> commands = new ArrayList<>();
        for (int i = 0; i < owners.length; i++)
        {
            final int from = i * load.chunk();
            commands.add(rig.submission(owners[i], load.jobs().subList(from, from + load.chunk())));
        }
        return commands.toArray(new UnsafeBuffer[0]);
    }

    /**
     * What a run did.
     *
     * @param decisions  kernels placed, submitted and ended.
     * @param durationNs that it took.
     */
    public record Outcome(long decisions, long durationNs)
    {
        /** Decisions in a second. */
        public double perSecond()
        {
            return decisions * 1e9 / durationNs;
        }
    }
}
