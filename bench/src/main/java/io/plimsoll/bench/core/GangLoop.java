package io.plimsoll.bench.core;

import io.plimsoll.bench.harness.Latencies;
import io.plimsoll.core.sbe.KernelReportEncoder;
import io.plimsoll.core.sbe.MessageHeaderEncoder;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.ReportKind;
import io.plimsoll.loadtest.workload.CommandEncoder;
import io.plimsoll.loadtest.workload.SessionShape;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Gangs of 64 kernels that come and go on a cluster that has other work. Measured is the command that submits one,
 * which places it whole.
 */
final class GangLoop
{
    private static final int GANG = 64;
    private static final int GANGS_RUNNING = 32;
    private static final int VARIANTS = 16;
    private static final long GIB = 1L << 30;

    private final CoreRig rig;
    private final PlacedKernels placed = new PlacedKernels((GANGS_RUNNING + 2) * GANG);
    private final UnsafeBuffer[] submissions = new UnsafeBuffer[VARIANTS];
    private final UnsafeBuffer report;
    private final KernelReportEncoder reportEncoder = new KernelReportEncoder();
    private long reportNo;
    private int next;

    GangLoop(final CoreRig rig)
    {
        this.rig = rig;
        final CommandEncoder encoder = rig.encoder();
        final List<byte[]> specs = List.of("{\"command\":[\"gang\"]}".getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < VARIANTS; i++)
        {
            final SessionShape gang = SessionShape.gang(GANG, 500L + 500 * (i % 4), GIB << i / 4 % 3);
            final int length = encoder.submit(i, specs, List.of(gang));
            submissions[i] = new UnsafeBuffer(new byte[length]);
            submissions[i].putBytes(0, encoder.buffer(), 0, length);
        }
        final int length = encoder.kernelReport(
            1, 1, 1, 1, 1, 1, new CommandEncoder.Step(ReportKind.EXITED, Reason.COMPLETED, 0));
        report = new UnsafeBuffer(new byte[length]);
        report.putBytes(0, encoder.buffer(), 0, length);
    }

    Histogram run(final long durationNs)
    {
        final Histogram histogram = Latencies.histogram();
        final long startNs = System.nanoTime();
        long nowNs = startNs;
        while (nowNs - startNs < durationNs)
        {
            final UnsafeBuffer submission = submissions[next++ % VARIANTS];
            final long beforeNs = System.nanoTime();
            final int eventsLength = rig.feed(submission, 0, submission.capacity());
            nowNs = System.nanoTime();
            final int kernels = placed.read(rig.events(), 0, eventsLength);
            if (GANG != kernels)
            {
                throw new IllegalStateException("a gang of " + GANG + " was placed as " + kernels);
            }
            histogram.recordValue(nowNs - beforeNs);
            if (placed.size() > GANGS_RUNNING * GANG)
            {
                endOldest();
            }
        }
        return histogram;
    }

    private void endOldest()
    {
        for (int i = 0; i < GANG; i++)
        {
            reportEncoder.wrap(report, MessageHeaderEncoder.ENCODED_LENGTH)
                .agentId(placed.agentId())
                .reportNo(++reportNo)
                .kernelId(placed.kernelId())
                .attempt(placed.attempt());
            placed.remove();
            rig.feed(report, 0, report.capacity());
        }
    }
}
