package io.plimsoll.bench.core;

import io.plimsoll.bench.harness.Budget;
import io.plimsoll.bench.harness.Figure;
import io.plimsoll.bench.harness.Progress;
import io.plimsoll.loadtest.workload.AgentShape;
import io.plimsoll.loadtest.workload.SessionShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Memory of sessions that wait: row 10, and the worst case beside it, in which no two ask for the same. */
final class PendingFigures
{
    private static final double BYTES_TARGET = 512;
    private static final int CHUNK = 64;
    private static final long GIB = 1L << 30;
    private static final long CPU_MILLIS = 64_000;

    private final Budget budget;
    private final Progress progress;

    PendingFigures(final Budget budget, final Progress progress)
    {
        this.budget = budget;
        this.progress = progress;
    }

    List<Figure> measure()
    {
        final int sessions = budget.isSmoke() ? 200_000 : 1_000_000;
        final List<Job> mixed = ShapeMix.cpuJobs();
        final Figure alike = measure("10", "memory, %,d pending sessions", sessions, i -> mixed.get(i % mixed.size()));
        final Figure unlike = measure(
            "", "memory, %,d pending sessions, each of a shape of its own", sessions / 10,
            i -> Job.of(SessionShape.single(1_000, GIB + i)));
        return List.of(alike.target("<= 512 bytes", alike.value() <= BYTES_TARGET), unlike);
    }

    private Figure measure(final String row, final String name, final int sessions, final Drawn jobs)
    {
        final String title = String.format(Locale.ROOT, name, sessions);
        progress.next(title);
        final CoreRig rig = new CoreRig(CorePolicy.USUAL, null);
        rig.attach(1, index -> AgentShape.of("default", CPU_MILLIS, 512 * GIB, 8));
        rig.submit(List.of(Job.of(SessionShape.single(CPU_MILLIS, 512 * GIB))));
        final long countedBefore = rig.core().memoryBytes();
        final MemoryUse before = MemoryUse.now();
        final List<Job> chunk = new ArrayList<>(CHUNK);
        for (int i = 0; i < sessions; i++)
        {
            chunk.add(jobs.job(i));
            if (CHUNK == chunk.size() || sessions == i + 1)
            {
                rig.submit(chunk);
                chunk.clear();
            }
        }
        final MemoryUse after = MemoryUse.now();
        // What the core has allocated, as it counts itself, whether or not all of it is in use yet.
        final long offHeap = rig.core().memoryBytes() - countedBefore;
        final long heap = Math.max(0, after.heapBytes() - before.heapBytes());
        return Figure.of(row, title, (offHeap + heap) / (double)sessions, "bytes each")
            .with("offHeapBytes", offHeap)
            .with("heapBytes", heap)
            .with("residentBytes", after.residentBytes() - before.residentBytes());
    }

    /** What the sessions are. */
    private interface Drawn
    {
        Job job(int index);
    }
}
