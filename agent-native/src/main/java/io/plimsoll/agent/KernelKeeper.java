package io.plimsoll.agent;

import io.plimsoll.agent.kernel.Assignment;
import io.plimsoll.agent.kernel.KernelEnd;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.agent.kernel.KernelStore;
import io.plimsoll.agent.runtime.KernelLaunch;
import io.plimsoll.agent.runtime.KernelListener;
import io.plimsoll.agent.runtime.KernelRuntime;
import io.plimsoll.transport.LaunchSpec;
import io.plimsoll.transport.LaunchSpecCodec;
import io.plimsoll.transport.sbe.ReportKind;
import io.plimsoll.transport.sbe.ReportReason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All kernels that this agent answers for, by epoch. What the manager says of them comes in here, what the runtime says
 * of them too, and what follows goes to the store and to the reports. Of the agent's thread.
 */
final class KernelKeeper implements KernelListener
{
    private static final Logger LOG = LoggerFactory.getLogger(KernelKeeper.class);
    /** A launch takes about half a millisecond; what came in meanwhile should not wait for many. */
    private static final int LAUNCH_LIMIT = 2;
    private static final int REMOVE_LIMIT = 8;

    private final KernelStore store;
    private final KernelRuntime runtime;
    private final Lease lease;
    private final LeaseFile leaseFile;
    private final AgentOptions options;
    private final Reports reports;

    private final Map<KernelKey, Kernel> kernels = new LinkedHashMap<>();
    /** Newest epoch of each kernel, by key of epoch zero. */
    private final Map<KernelKey, Kernel> newest = new HashMap<>();
    private final ArrayDeque<Kernel> waiting = new ArrayDeque<>();
    /** Of those that run; who ends leaves it, as a limit may be days away. */
    private final TreeSet<Walltime> walltimes = new TreeSet<>();
    /** Those that have ended and may go, in the order in which they became so. */
    private final Set<Kernel> acknowledged = new LinkedHashSet<>();
    private final ArrayDeque<Kernel> removals = new ArrayDeque<>();
    private long nowNs;
    private long lastWalltimeNo;
    private int alive;
    private long highestAssignment;
    private long highestSequence;

    KernelKeeper(
        final KernelStore store, final KernelRuntime runtime, final Lease lease, final LeaseFile leaseFile,
        final AgentOptions options)
    {
        this.store = store;
        this.runtime = runtime;
        this.lease = lease;
        this.leaseFile = leaseFile;
        this.options = options;
        this.reports = new Reports(options.reportsUnderWayMax(), this::onEndAcknowledged);
    }

    Reports reports()
    {
        return reports;
    }

    /** Highest assignment number stored since the start, or found then, of the cluster in question. */
    long highestAssignment()
    {
        return highestAssignment;
    }

    /** Highest sequence among these assignments. */
    long highestSequence()
    {
        return highestSequence;
    }

    /** Kernels launched and not ended. */
    int alive()
    {
        return alive;
    }

    /**
     * Until when nothing is to be done unless something comes in; {@link Long#MIN_VALUE}: that is not known.
     *
     * @param isConnected whether reports can be sent.
     */
    long idleUntilNs(final boolean isConnected)
    {
        if (!waiting.isEmpty() || !removals.isEmpty() || isConnected && reports.areUnsent())
        {
            return Long.MIN_VALUE;
        }
        final long walltimeNs = walltimes.isEmpty() ? Long.MAX_VALUE : walltimes.first().dueNs;
        return 0 == alive ? walltimeNs : Math.min(walltimeNs, runtime.idleUntilNs());
    }

    /** The newest epoch of a kernel that has that attempt; null: unknown. */
    Kernel find(final long clusterIdHi, final long clusterIdLo, final long kernelId, final int attempt)
    {
        final Kernel last = newest.get(new KernelKey(clusterIdHi, clusterIdLo, kernelId, 0, 0));
        if (null == last || last.key.attempt() == attempt)
        {
            return last;
        }
        Kernel found = null;
        for (final Kernel kernel : kernels.values())
        {
            if (kernel.key.sameKernel(last.key) && kernel.key.attempt() == attempt)
            {
                found = kernel;
            }
        }
        return found;
    }

    /** Takes up what an earlier life of this agent left. */
    void restore(final long now)
    {
        nowNs = now;
        store.load((key, assignment, verdict, isAcknowledged) ->
        {
            final Kernel kernel = new Kernel(key, assignment);
            add(kernel);
            kernel.acknowledged = isAcknowledged;
            if (null != verdict || isAcknowledged)
            {
                kernel.end(null == verdict ? KernelEnd.failed(ReportReason.NONE, "") : verdict, now);
            }
            if (isAcknowledged)
            {
                acknowledged.add(kernel);
            }
            else if (null == verdict)
            {
                resume(kernel);
            }
        });
    }

    /** Numbers of the cluster that the agent is in, from what it holds. */
    void entered(final AgentMemory.Cluster cluster)
    {
        highestAssignment = cluster.highestAssignment;
        highestSequence = cluster.sequence;
        for (final Kernel kernel : kernels.values())
        {
            if (null != kernel.assignment && isOf(kernel, cluster.idHi, cluster.idLo))
            {
                highestAssignment = Math.max(highestAssignment, kernel.assignment.assignmentNo());
                highestSequence = Math.max(highestSequence, kernel.assignment.sequence());
            }
        }
    }

    static boolean isOf(final Kernel kernel, final long clusterIdHi, final long clusterIdLo)
    {
        return kernel.key.clusterIdHi() == clusterIdHi && kernel.key.clusterIdLo() == clusterIdLo;
    }

    private void resume(final Kernel kernel)
    {
        if (runtime.adopt(kernel.assignment, nowNs))
        {
            kernel.launched = true;
            kernel.kind = ReportKind.PREPARING;
            alive++;
        }
        else
        {
            waiting.add(kernel);
        }
    }

    /** Reports anew what the manager may not have journalled; after the inventory of a new connection. */
    void reportAll(final long clusterIdHi, final long clusterIdLo)
    {
        for (final Kernel kernel : kernels.values())
        {
            if (!kernel.acknowledged && isOf(kernel, clusterIdHi, clusterIdLo))
            {
                reports.add(kernel);
            }
        }
    }

    void onAssign(final Assignment assignment, final long now)
    {
        nowNs = now;
        final Kernel known = kernels.get(assignment.key());
        if (null != known)
        {
            // Delivered again: the manager does not know how far it is.
            highestAssignment = Math.max(highestAssignment, assignment.assignmentNo());
            reports.add(known);
            return;
        }
        final Kernel last = newest.get(epochZero(assignment.key()));
        final Kernel kernel = new Kernel(assignment.key(), assignment);
        if (null != last && assignment.key().isBefore(last.key))
        {
            onStale(kernel, last);
            return;
        }
        final String obstacle = store.tryStore(assignment);
        add(kernel);
        highestAssignment = Math.max(highestAssignment, assignment.assignmentNo());
        highestSequence = Math.max(highestSequence, assignment.sequence());
        if (null != obstacle)
        {
            LOG.warn("{}: {}", assignment.key(), obstacle);
            kernel.end(KernelEnd.failed(ReportReason.LAUNCH_FAILED, obstacle), nowNs);
        }
        else
        {
            waiting.add(kernel);
        }
        reports.add(kernel);
    }

    private void onStale(final Kernel kernel, final Kernel last)
    {
        final KernelEnd end =
            KernelEnd.failed(ReportReason.SUPERSEDED, "this agent knows a later epoch: " + last.key);
        if (store.tryFence(kernel.key, end))
        {
            highestAssignment = Math.max(highestAssignment, kernel.assignment.assignmentNo());
            kernel.end(end, nowNs);
            kernels.put(kernel.key, kernel);
            reports.add(kernel);
        }
    }

    void onKill(final KernelKey key, final long graceNs, final ReportReason reason, final long now)
    {
        nowNs = now;
        final Kernel kernel = kernels.get(key);
        if (null == kernel)
        {
            fence(key);
        }
        else if (kernel.isEnded())
        {
            reports.add(kernel);
        }
        else
        {
            kill(kernel, graceNs, reason, "");
        }
    }

    private void fence(final KernelKey key)
    {
        final KernelEnd end = KernelEnd.failed(ReportReason.NEVER_STARTED, "killed before it was assigned");
        if (store.tryFence(key, end))
        {
            final Kernel kernel = new Kernel(key, null);
            kernel.end(end, nowNs);
            add(kernel);
            reports.add(kernel);
        }
    }

    private void kill(final Kernel kernel, final long graceNs, final ReportReason reason, final String detail)
    {
        if (ReportReason.NONE == kernel.killReason)
        {
            kernel.killReason = reason;
            kernel.killDetail = detail;
        }
        if (!kernel.launched)
        {
            if (runtime.forestall(kernel.key))
            {
                waiting.remove(kernel);
                end(kernel, KernelEnd.failed(ReportReason.NEVER_STARTED, "killed before its start"));
                return;
            }
            waiting.remove(kernel);
            resume(kernel);
        }
        // If it waits again, for want of disk space to forestall it, it is killed again in place of a launch.
        runtime.kill(kernel.key, graceNs, nowNs);
    }

    /** A kernel may run for another time than it was assigned for; 0: for ever. */
    void onLimit(final KernelKey key, final long walltimeNs, final long now)
    {
        nowNs = now;
        final Kernel kernel = kernels.get(key);
        if (null == kernel || kernel.isEnded() || walltimeNs == kernel.assignment.walltimeNs())
        {
            return;
        }
        kernel.assignment = kernel.assignment.withWalltimeNs(walltimeNs);
        store.limit(kernel.assignment);
        if (ReportKind.RUNNING == kernel.kind)
        {
            unlimit(kernel);
            limit(kernel);
        }
    }

    private void limit(final Kernel kernel)
    {
        if (kernel.assignment.walltimeNs() > 0)
        {
            lastWalltimeNo++;
            kernel.walltime = new Walltime(
                kernel.runningSinceNs + kernel.assignment.walltimeNs(), lastWalltimeNo, kernel);
            walltimes.add(kernel.walltime);
        }
    }

    private void unlimit(final Kernel kernel)
    {
        if (null != kernel.walltime)
        {
            walltimes.remove(kernel.walltime);
            kernel.walltime = null;
        }
    }

    void onPeerPorts(final KernelKey key, final Map<Integer, String> published)
    {
        final Kernel kernel = kernels.get(key);
        if (null != kernel && !kernel.isEnded())
        {
            runtime.tellPorts(key, published);
        }
    }

    void onDiscard(final KernelKey key)
    {
        final Kernel kernel = kernels.get(key);
        if (null != kernel && kernel.isEnded())
        {
            removals.add(kernel);
        }
    }

    int doWork(final long now)
    {
        nowNs = now;
        int workCount = 0;
        workCount += runtime.poll(this, now);
        workCount += pollWalltimes();
        workCount += launch();
        workCount += expire();
        workCount += remove();
        return workCount;
    }

    private int launch()
    {
        int workCount = 0;
        for (int i = waiting.size(); i > 0 && workCount < LAUNCH_LIMIT && lease.isValid(nowNs); i--)
        {
            final Kernel kernel = waiting.poll();
            if (ReportReason.NONE != kernel.killReason)
            {
                kill(kernel, kernel.assignment.graceNs(), kernel.killReason, kernel.killDetail);
            }
            else if (isHeldUp(kernel) || !tryLaunch(kernel))
            {
                waiting.add(kernel);
            }
            else
            {
                workCount++;
            }
        }
        return workCount;
    }

    /** Nothing ever runs in two epochs at once; and kernels of another cluster start only under its lease. */
    private boolean isHeldUp(final Kernel kernel)
    {
        if (!lease.isOf(kernel.key.clusterIdHi(), kernel.key.clusterIdLo()))
        {
            return true;
        }
        boolean heldUp = false;
        if (kernel.key.attempt() > 1 || newest.get(epochZero(kernel.key)) != kernel)
        {
            for (final Kernel other : kernels.values())
            {
                if (other != kernel && other.launched && !other.isEnded() && other.key.sameKernel(kernel.key))
                {
                    kill(other, 0, ReportReason.SUPERSEDED, "a later epoch was assigned to this agent");
                    heldUp = true;
                }
            }
        }
        return heldUp;
    }

    private boolean tryLaunch(final Kernel kernel)
    {
        final LaunchSpec spec;
        try
        {
            spec = LaunchSpecCodec.decode(kernel.assignment.spec());
        }
        catch (final IllegalArgumentException e)
        {
            runtime.forestall(kernel.key);
            end(kernel, KernelEnd.failed(ReportReason.LAUNCH_FAILED, "bad launch spec: " + e.getMessage()));
            return true;
        }
        final KernelLaunch launch = new KernelLaunch(
            kernel.assignment,
            spec,
            kernel.assignment.restartOnLoss() ?
                leaseFile.path(kernel.key.clusterIdHi(), kernel.key.clusterIdLo()) : null);
        if (!runtime.tryLaunch(launch, nowNs))
        {
            return false;
        }
        kernel.launched = true;
        alive++;
        if (null == spec.image())
        {
            kernel.kind = ReportKind.PREPARING;
            reports.add(kernel);
        }
        // A container may have to wait for its image first; its runtime says which it is.
        return true;
    }

    private int pollWalltimes()
    {
        int workCount = 0;
        while (!walltimes.isEmpty() && walltimes.first().dueNs <= nowNs)
        {
            final Kernel kernel = walltimes.first().kernel;
            unlimit(kernel);
            kill(kernel, kernel.assignment.graceNs(), ReportReason.WALLTIME, "ran into its walltime limit");
            workCount++;
        }
        return workCount;
    }

    @Override
    public void onStep(final KernelKey key, final ReportKind step)
    {
        final Kernel kernel = kernels.get(key);
        kernel.kind = step;
        reports.add(kernel);
    }

    @Override
    public void onPublished(final KernelKey key, final String ports)
    {
        kernels.get(key).ports = ports;
    }

    @Override
    public void onStarted(final KernelKey key, final long sinceNs, final String cpus, final String devices)
    {
        final Kernel kernel = kernels.get(key);
        kernel.kind = ReportKind.RUNNING;
        kernel.cpus = cpus;
        kernel.devices = devices;
        kernel.runningSinceNs = sinceNs;
        limit(kernel);
        reports.add(kernel);
    }

    @Override
    public void onEnded(final KernelKey key, final KernelEnd how)
    {
        final Kernel kernel = kernels.get(key);
        alive--;
        final boolean byRequest = ReportReason.NONE != kernel.killReason && ReportKind.EXITED == how.kind();
        end(kernel, byRequest ?
            KernelEnd.ended(kernel.killReason, how.exitCode(), kernel.killDetail) : how);
    }

    private void end(final Kernel kernel, final KernelEnd how)
    {
        if (!how.equals(KernelEnd.exited(how.exitCode())))
        {
            store.verdict(kernel.key, how);
        }
        kernel.end(how, nowNs);
        unlimit(kernel);
        reports.add(kernel);
    }

    private void onEndAcknowledged(final Kernel kernel)
    {
        kernel.acknowledged = true;
        store.acknowledged(kernel.key);
        acknowledged.add(kernel);
    }

    private int expire()
    {
        if (acknowledged.isEmpty())
        {
            return 0;
        }
        final Kernel oldest = acknowledged.iterator().next();
        if (acknowledged.size() <= options.endedMax() && nowNs - oldest.endedNs < options.endedKeepNs())
        {
            return 0;
        }
        acknowledged.remove(oldest);
        removals.add(oldest);
        return 1;
    }

    private int remove()
    {
        int workCount = 0;
        while (workCount < REMOVE_LIMIT && !removals.isEmpty())
        {
            final Kernel kernel = removals.poll();
            acknowledged.remove(kernel);
            kernels.remove(kernel.key);
            newest.remove(epochZero(kernel.key), kernel);
            // In this order: the runtime takes what would take long to delete.
            runtime.discard(kernel.key);
            store.remove(kernel.key);
            workCount++;
        }
        return workCount;
    }

    private void add(final Kernel kernel)
    {
        kernels.put(kernel.key, kernel);
        final Kernel last = newest.get(epochZero(kernel.key));
        if (null == last || last.key.isBefore(kernel.key))
        {
            newest.put(epochZero(kernel.key), kernel);
        }
    }

    private static KernelKey epochZero(final KernelKey key)
    {
        return new KernelKey(key.clusterIdHi(), key.clusterIdLo(), key.kernelId(), 0, 0);
    }

    /** Kernels to name in an inventory of that cluster: those the manager may have to act on. */
    List<Kernel> inventory(final long clusterIdHi, final long clusterIdLo)
    {
        final List<Kernel> named = new ArrayList<>();
        for (final Kernel kernel : kernels.values())
        {
            final boolean ours = isOf(kernel, clusterIdHi, clusterIdLo);
            if (ours && !kernel.acknowledged || !ours && kernel.launched && !kernel.isEnded())
            {
                named.add(kernel);
            }
        }
        return named;
    }

    /** Limits that are due at the same time have their turn in the order of their numbers. */
    record Walltime(long dueNs, long number, Kernel kernel) implements Comparable<Walltime>
    {
        @Override
        public int compareTo(final Walltime that)
        {
            final int byTime = Long.compare(dueNs, that.dueNs);
            return 0 != byTime ? byTime : Long.compare(number, that.number);
        }
    }
}
