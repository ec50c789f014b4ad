package io.plimsoll.bench.core;

import io.plimsoll.core.sbe.KernelReportEncoder;
import io.plimsoll.core.sbe.MessageHeaderEncoder;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.ReportKind;
import io.plimsoll.loadtest.workload.CommandEncoder;
import io.plimsoll.loadtest.workload.SessionShape;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A cluster at a steady load: sessions of mixed shapes come, are placed, and the oldest running ones end. A decision is
 * one kernel placed, with its submission and its end inside the measured time. Commands are encoded beforehand, so
 * that the loop around the core is a few copies of numbers. One thread.
 */
public final class DecisionLoop
{
    private static final int BLOCK = 64;
    private static final ReportKind[] END_ONLY = {ReportKind.EXITED};
    private static final ReportKind[] WHOLE_LIFE =
        {ReportKind.ACKNOWLEDGED, ReportKind.PREPARING, ReportKind.RUNNING, ReportKind.EXITED};

    private final CoreRig rig;
    private final PlacedKernels placed;
    private final int runningTarget;
    private final UnsafeBuffer[] submissions;
    private final ReportKind[] steps;
    private final UnsafeBuffer report;
    private final int reportLength;
    private final KernelReportEncoder reportEncoder = new KernelReportEncoder();
    private int nextSubmission;
    private long reportNo;

    /**
     * Prepares; the cluster is still empty.
     *
     * @param rig           with agents.
     * @param runningTarget kernels that run in the steady state.
     * @param chunk         sessions of one submission.
     * @param wholeLife     whether kernels report every step or only their end.
     */
    public DecisionLoop(final CoreRig rig, final int runningTarget, final int chunk, final boolean wholeLife)
    {
        this.rig = rig;
        this.runningTarget = runningTarget;
        placed = new PlacedKernels(runningTarget + 64 * 1_024);
        steps = wholeLife ? WHOLE_LIFE : END_ONLY;
        submissions = submissions(chunk);
        final CommandEncoder encoder = rig.encoder();
        reportLength = encoder.kernelReport(
            1, 1, 1, 1, 1, 1, new CommandEncoder.Step(ReportKind.EXITED, Reason.COMPLETED, 0));
        report = new UnsafeBuffer(new byte[reportLength]);
        report.putBytes(0, encoder.buffer(), 0, reportLength);
    }

    /** Submits until the steady state is reached, or until nothing more fits. */
    public void fill()
    {
        int idle = 0;
        while (placed.size() < runningTarget && idle < submissions.length)
        {
            idle = 0 == submit() ? idle + 1 : 0;
        }
    }

    /** Kernels that run now. */
    public int running()
    {
        return placed.size();
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

    /** One submission, and as many ends as it takes to keep the load; returns the kernels placed. */
    public int step()
    {
        int decisions = submit();
        while (placed.size() > runningTarget)
        {
            decisions += end();
        }
        return decisions;
    }

    private int submit()
    {
        final UnsafeBuffer submission = submissions[nextSubmission];
        nextSubmission = nextSubmission + 1 == submissions.length ? 0 : nextSubmission + 1;
        return feed(submission, submission.capacity());
    }

    private int end()
    {
        final long kernelId = placed.kernelId();
        final int agentId = placed.agentId();
        final int attempt = placed.attempt();
        placed.remove();
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

    private UnsafeBuffer[] submissions(final int chunk)
    {
        final CommandEncoder encoder = rig.encoder();
        final List<byte[]> specs = List.of("{\"command\":[\"true\"]}".getBytes(StandardCharsets.UTF_8));
        final List<SessionShape> shapes = ShapeMix.sessions();
        final List<UnsafeBuffer> commands = new ArrayList<>();
        for (int i = 0; i + chunk <= shapes.size(); i += chunk)
        {
            final int length = encoder.submit(i, specs, shapes.subList(i, i + chunk));
            final UnsafeBuffer command = new UnsafeBuffer(new byte[length]);
            command.putBytes(0, encoder.buffer(), 0, length);
            commands.add(command);
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
