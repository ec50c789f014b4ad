package io.plimsoll.loadtest.sim;

import io.plimsoll.journal.CommitMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Draws plans. Each has only some of the kinds of faults, and more of those: a run in which everything happens at once
 * never comes far enough for the rare things to meet.
 */
final class PlanDrawer
{
    private static final int HOSTS_MIN = 2;
    private static final int HOSTS_MAX = 5;
    private static final int FAULTS_MAX = 24;
    private static final int WORK_MAX = 45;
    private static final long SAFETY_MIN_MS = 20_000;
    private static final long SAFETY_MAX_MS = 70_000;
    private static final int DRIFT_MAX_PPM = 20_000;
    private static final int OPERATIONS_MAX = 40;

    private final long seed;
    private final SplittableRandom random;

    PlanDrawer(final long seed)
    {
        this.seed = seed;
        random = new SplittableRandom(seed);
    }

    FaultPlan draw()
    {
        final int hosts = HOSTS_MIN + random.nextInt(HOSTS_MAX - HOSTS_MIN + 1);
        final CommitMode mode = 0 == random.nextInt(4) ? CommitMode.ASYNC : CommitMode.SYNC;
        final long safetyMs = random.nextLong(SAFETY_MIN_MS, SAFETY_MAX_MS);
        return new FaultPlan(seed, hosts, mode, safetyMs, faults(hosts, safetyMs), work(safetyMs));
    }

    private List<Fault> faults(final int hosts, final long safetyMs)
    {
        final List<FaultKind> kinds = kinds();
        final List<Fault> faults = new ArrayList<>();
        for (int i = random.nextInt(FAULTS_MAX + 1); i > 0; i--)
        {
            faults.add(fault(kinds.get(random.nextInt(kinds.size())), hosts, safetyMs));
        }
        faults.sort(Comparator.comparingLong(Fault::atMs));
        return List.copyOf(faults);
    }

    private List<FaultKind> kinds()
    {
        final boolean harsh = 0 == random.nextInt(4);
        final int share = 2 + random.nextInt(4);
        final List<FaultKind> kinds = new ArrayList<>();
        for (final FaultKind kind : FaultKind.values())
        {
            if ((harsh || !kind.destructive()) && 0 == random.nextInt(share))
            {
                kinds.add(kind);
            }
        }
        if (kinds.isEmpty())
        {
            kinds.add(FaultKind.MANAGER_CRASH);
        }
        return kinds;
    }

    private Fault fault(final FaultKind kind, final int hosts, final long safetyMs)
    {
        final int target = switch (kind.target())
        {
            case HOST -> random.nextInt(hosts);
            case ANY -> random.nextInt(hosts + 1) - 1;
            default -> -1;
        };
        final long lengthMs = kind.lasting() ? length(kind) : 0;
        return new Fault(random.nextLong(safetyMs), kind, target, lengthMs, parameter(kind));
    }

    /** Short ones mostly, some longer than it takes to be lost, and pauses of minutes now and then. */
    private long length(final FaultKind kind)
    {
        final boolean mayTakeMinutes = FaultKind.MANAGER_PAUSE == kind || FaultKind.AGENT_FREEZE == kind;
        return switch (random.nextInt(10))
        {
            case 0, 1, 2, 3 -> 1 + random.nextLong(2_000);
            case 4, 5, 6 -> 1 + random.nextLong(8_000);
            case 7, 8 -> 1 + random.nextLong(40_000);
            default -> 1 + random.nextLong(mayTakeMinutes ? 300_000 : 15_000);
        };
    }

    private long parameter(final FaultKind kind)
    {
        return switch (kind)
        {
            case MANAGER_CRASH, AGENT_CRASH -> random.nextInt(3) * random.nextInt(OPERATIONS_MAX);
            case CLOCK_DRIFT -> random.nextInt(2 * DRIFT_MAX_PPM + 1) - DRIFT_MAX_PPM;
            case CLOCK_JUMP -> (random.nextBoolean() ? 1 : -1) * random.nextLong(1L << random.nextInt(1, 28));
            default -> random.nextInt(1 << 30);
        };
    }

    private List<Work> work(final long safetyMs)
    {
        final List<Work> work = new ArrayList<>();
        for (int i = 4 + random.nextInt(WORK_MAX); i > 0; i--)
        {
            work.add(new Work(random.nextLong(safetyMs), kindOfWork(), random.nextLong()));
        }
        work.sort(Comparator.comparingLong(Work::atMs));
        return List.copyOf(work);
    }

    private Work.Kind kindOfWork()
    {
        return switch (random.nextInt(24))
        {
            case 0, 1 -> Work.Kind.CANCEL;
            case 2, 3 -> Work.Kind.GROUP;
            case 4 -> Work.Kind.ACCOUNT;
            case 5 -> Work.Kind.DRAIN;
            case 6 -> Work.Kind.EXPLAIN;
            default -> Work.Kind.SUBMIT;
        };
    }
}
