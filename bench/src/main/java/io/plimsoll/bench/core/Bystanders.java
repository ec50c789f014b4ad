package io.plimsoll.bench.core;

import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.ReportKind;
import io.plimsoll.loadtest.workload.CommandEncoder;
import io.plimsoll.loadtest.workload.SessionShape;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Sessions that wait beside the measured load and never fit, although an empty cluster could hold them: each asks for
 * all cores of one of the largest agents, and on every one of those something small runs for ever.
 */
final class Bystanders
{
    /** Different requests among them. */
    static final int SHAPES = 1_000;

    private static final int CHUNK = 64;
    private static final long MIB = 1L << 20;

    private Bystanders()
    {
    }

    /** To be called while the cluster is empty; leaves it with another policy than it had. */
    static void add(final CoreRig rig, final int agents, final int sessions)
    {
        long largest = 0;
        int count = 0;
        for (int i = 0; i < agents; i++)
        {
            final long cpuMillis = ShapeMix.agent(i).slots().get(0).amount();
            count = cpuMillis > largest ? 1 : cpuMillis == largest ? count + 1 : count;
            largest = Math.max(largest, cpuMillis);
        }
        // The most free agent first: one for each of the largest, before any other gets one. With a device, because who
        // asks for none is kept from agents that have some.
        rig.configure(CorePolicy.selecting("dispersed"));
        final PlacedKernels placed = new PlacedKernels(count);
        for (int i = 0; i < count; i++)
        {
            runForEver(rig, placed);
        }
        final List<Job> chunk = new ArrayList<>();
        for (int i = 0; i < sessions; i++)
        {
            chunk.add(Job.of(SessionShape.single(largest, (512 + i % SHAPES) * MIB)));
            if (CHUNK == chunk.size() || i == sessions - 1)
            {
                rig.submit(chunk);
                chunk.clear();
            }
        }
    }

    private static void runForEver(final CoreRig rig, final PlacedKernels placed)
    {
        final SessionShape small = SessionShape.single(250, MIB).withSlot("cuda.device", 1);
        final UnsafeBuffer submission = rig.submission(0, List.of(Job.of(small)));
        if (1 != placed.read(rig.events(), 0, rig.feed(submission, 0, submission.capacity())))
        {
            throw new IllegalStateException("an empty cluster has no room");
        }
        final CommandEncoder encoder = rig.encoder();
        final int length = encoder.kernelReport(
            placed.agentId(), 1, 1, placed.kernelId(), 1, placed.attempt(),
            new CommandEncoder.Step(ReportKind.RUNNING, Reason.NONE, 0));
        placed.remove();
        rig.feed(encoder.buffer(), 0, length);
    }
}
