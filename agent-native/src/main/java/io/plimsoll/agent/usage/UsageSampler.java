package io.plimsoll.agent.usage;

import io.plimsoll.agent.gpu.GpuSample;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.transport.usage.Usage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;

/**
 * Looks at the host and at its kernels now and then: at the host each interval, at a kernel soon after its start and
 * then less and less often until it is each interval, so that short ones are seen too. What has not changed is not told
 * again before a minute is over, which keeps idle hosts quiet. Stepped by a thread of its own, since reading may wait;
 * the other calls are the agent's thread's.
 */
public final class UsageSampler implements Agent, UsageFeed
{
    private static final long FIRST_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long QUIET_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long CPU_MILLIS_NEWS = 100;
    private static final int MEMORY_NEWS_DIVISOR = 64;
    private static final long RATE_NEWS = 1L << 20;

    private final NanoClock clock;
    private final long intervalNs;
    private final HostCounters hostCounters;
    private final KernelCounters kernelCounters;
    private final Supplier<List<GpuSample>> gpus;
    private final Map<KernelKey, Watched> watched = new LinkedHashMap<>();
    private final AtomicReference<UsageReport> latest = new AtomicReference<>();
    private volatile List<UsageSubject> subjects = List.of();
    private Watched host;

    /**
     * Of this host.
     *
     * @param clock      monotonic.
     * @param intervalNs between two looks at what runs for long.
     * @param gpus       how they do, as last seen; called by the thread that steps this.
     */
    public UsageSampler(final NanoClock clock, final long intervalNs, final Supplier<List<GpuSample>> gpus)
    {
        this(clock, intervalNs, gpus, Path.of("/proc"), Path.of("/sys"));
    }

    /** The same for another place. */
    UsageSampler(
        final NanoClock clock,
        final long intervalNs,
        final Supplier<List<GpuSample>> gpus,
        final Path proc,
        final Path sys)
    {
        this.clock = clock;
        this.intervalNs = intervalNs;
        this.gpus = gpus;
        hostCounters = new HostCounters(proc, sys);
        kernelCounters = new KernelCounters(proc);
    }

    @Override
    public long subjectsIntervalNs()
    {
        return Math.min(intervalNs, FIRST_NS);
    }

    @Override
    public void subjects(final List<UsageSubject> kernels)
    {
        subjects = List.copyOf(kernels);
    }

    @Override
    public UsageReport poll()
    {
        return null == latest.get() ? null : latest.getAndSet(null);
    }

    @Override
    public String roleName()
    {
        return "plimsoll-usage";
    }

    @Override
    public int doWork()
    {
        final long nowNs = clock.nanoTime();
        final List<UsageSubject> now = subjects;
        final List<GpuSample> devices = gpus.get();
        final List<UsageReport.OfKernel> news = kernels(now, devices, nowNs);
        final Usage hostNews = host(!now.isEmpty(), devices, nowNs);
        if (news.isEmpty() && null == hostNews)
        {
            return 0;
        }
        latest.set(new UsageReport(
            hostNews, hostCounters.processors(), hostCounters.memoryTotalBytes(), news,
            null == hostNews ? List.of() : devices));
        return 1;
    }

    private List<UsageReport.OfKernel> kernels(
        final List<UsageSubject> now, final List<GpuSample> devices, final long nowNs)
    {
        watched.keySet().retainAll(now.stream().map(UsageSubject::key).collect(Collectors.toSet()));
        kernelCounters.beginRound(now.stream().map(UsageSubject::mark).collect(Collectors.toSet()));
        final List<UsageReport.OfKernel> news = new ArrayList<>();
        for (final UsageSubject subject : now)
        {
            final Watched kernel = watched.computeIfAbsent(
                subject.key(), key -> new Watched(new Told(UsageSampler::differs), nowNs));
            if (kernel.isDue(nowNs, intervalNs))
            {
                final Totals totals = kernelCounters.read(subject);
                final Usage usage = withGpus(kernel.meter.sample(totals, nowNs), subject.devices(), devices);
                if (!Totals.NONE.equals(totals) && kernel.told.isNews(usage, nowNs))
                {
                    news.add(new UsageReport.OfKernel(subject.key(), kernel.told.told(usage, nowNs)));
                }
            }
        }
        return news;
    }

    private Usage host(final boolean hasKernels, final List<GpuSample> devices, final long nowNs)
    {
        host = null == host ? new Watched(new Told(UsageSampler::differsMuch), nowNs) : host;
        if (!host.isDue(nowNs, intervalNs))
        {
            return null;
        }
        final Usage usage = withGpus(
            host.meter.sample(hostCounters.read(), nowNs), wholes(devices), devices);
        return hasKernels || host.told.isNews(usage, nowNs) ? host.told.told(usage, nowNs) : null;
    }

    /** What slices use is part of what their GPUs do. */
    private static List<String> wholes(final List<GpuSample> devices)
    {
        final List<String> ids = devices.stream().map(GpuSample::id).toList();
        return ids.stream().filter(id -> !ids.contains(id.substring(0, Math.max(0, id.lastIndexOf('-'))))).toList();
    }

    private static Usage withGpus(final Usage usage, final List<String> ids, final List<GpuSample> devices)
    {
        int known = 0;
        int percent = 0;
        long memoryBytes = Usage.UNKNOWN;
        for (final GpuSample device : devices)
        {
            if (ids.contains(device.id()))
            {
                memoryBytes = Math.max(0, memoryBytes) + device.memoryUsedBytes();
                known += device.utilisationPercent() >= 0 ? 1 : 0;
                percent += Math.max(0, device.utilisationPercent());
            }
        }
        return memoryBytes < 0 ? usage : usage.withGpu(0 == known ? Usage.UNKNOWN : percent / known, memoryBytes);
    }

    /** What was said last, and whether what is there now is worth saying. */
    private static final class Told
    {
        private final BiPredicate<Usage, Usage> differs;
        private Usage last;
        private long toldNs;

        Told(final BiPredicate<Usage, Usage> differs)
        {
            this.differs = differs;
        }

        boolean isNews(final Usage now, final long nowNs)
        {
            return null == last || nowNs - toldNs >= QUIET_NS || differs.test(now, last);
        }

        Usage told(final Usage now, final long nowNs)
        {
            last = now;
            toldNs = nowNs;
            return now;
        }
    }

    /** A host is never quite idle: what counts as nothing there would drown what happens in a cluster. */
    private static boolean differsMuch(final Usage now, final Usage before)
    {
        return
            far(now.cpuMillis(), before.cpuMillis(), CPU_MILLIS_NEWS) ||
            far(now.memoryBytes(), before.memoryBytes(), before.memoryBytes() / MEMORY_NEWS_DIVISOR) ||
            far(now.readRate(), before.readRate(), RATE_NEWS) ||
            far(now.writtenRate(), before.writtenRate(), RATE_NEWS) ||
            far(now.receivedRate(), before.receivedRate(), RATE_NEWS) ||
            far(now.sentRate(), before.sentRate(), RATE_NEWS) ||
            now.gpuPercent() != before.gpuPercent() ||
            now.gpuMemoryBytes() != before.gpuMemoryBytes();
    }

    private static boolean far(final long now, final long before, final long limit)
    {
        return now < 0 != before < 0 || Math.abs(now - before) > limit;
    }

    /** A kernel that does anything at all is told of: what it has used in the end depends on the last word. */
    private static boolean differs(final Usage now, final Usage before)
    {
        return !now.equals(before);
    }

    /** Something that is looked at. */
    private static final class Watched
    {
        private final UsageMeter meter = new UsageMeter();
        private final Told told;
        private final long sinceNs;
        private long dueNs;

        Watched(final Told told, final long nowNs)
        {
            this.told = told;
            sinceNs = nowNs;
            dueNs = nowNs;
        }

        boolean isDue(final long nowNs, final long intervalNs)
        {
            if (nowNs - dueNs < 0)
            {
                return false;
            }
            dueNs = nowNs + Math.min(intervalNs, Math.max(FIRST_NS, nowNs - sinceNs));
            return true;
        }
    }
}
