package io.plimsoll.agent.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.agent.gpu.GpuSample;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.transport.usage.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against files that look like those of the system. */
class UsageSamplerTest
{
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long INTERVAL_NS = 10 * SECOND_NS;
    private static final String MARK = "00000001-2048-1-1";
    private static final KernelKey KEY = new KernelKey(1, 2, 2048, 1, 1);

    @TempDir
    private Path root;

    private Path proc;
    private Path sys;
    private List<GpuSample> gpus = List.of();
    private long nowNs = TimeUnit.HOURS.toNanos(5);
    private UsageSampler sampler;

    @BeforeEach
    void makeHost() throws IOException
    {
        proc = root.resolve("proc");
        sys = root.resolve("sys");
        host(1_000, 500);
        write("proc/self/mountinfo", "");
        Files.createDirectories(sys.resolve("block/sda"));
        sampler = new UsageSampler(() -> nowNs, INTERVAL_NS, () -> gpus, proc, sys);
    }

    @Test
    void shouldTellWhatTheHostUses() throws IOException
    {
        sampler.doWork();
        final UsageReport first = sampler.poll();
        assertEquals(2, first.processors());
        assertEquals(8_000 * 1024, first.memoryTotalBytes());
        assertEquals(5_000 * 1024, first.host().memoryBytes());
        // user + nice + system + irq + softirq + steal, neither idle nor waiting for disks.
        assertEquals(1_015 * 10_000_000L, first.host().cpuNs());
        assertEquals(500 * 512, first.host().readBytes(), "of the disk, not of its partition or of a loop device");
        assertEquals(300, first.host().receivedBytes(), "of what is not local, nor the end of a container's");
        assertUnknown(first.host().cpuMillis(), first.host().readRate(), first.host().sentRate());
    }

    @Test
    void shouldMakeRatesOfTheSecondLook() throws IOException
    {
        sampler.doWork();
        sampler.poll();
        host(1_200, 500 + 2_048);
        pass(2 * SECOND_NS);
        final Usage host = sampler.poll().host();
        assertEquals(1_000, host.cpuMillis(), "200 ticks of 10 ms in 2 s");
        assertEquals(512 * 1_024, host.readRate());
        assertEquals(0, host.writtenRate());
    }

    @Test
    void shouldNotFallWhenTheCountersOfTheHostBeginAnew() throws IOException
    {
        sampler.doWork();
        sampler.poll();
        host(10, 4);
        pass(2 * SECOND_NS);
        host(10, 4);
        pass(62 * SECOND_NS);
        final Usage host = sampler.poll().host();
        assertEquals(0, host.cpuMillis());
        assertEquals(0, host.readRate());
        assertEquals(1_015 * 10_000_000L, host.cpuNs());
    }

    @Test
    void shouldSayNothingOfAnIdleHostForAMinute()
    {
        int reports = 0;
        for (int second = 0; second < 600; second++)
        {
            sampler.doWork();
            reports += null == sampler.poll() ? 0 : 1;
            nowNs += SECOND_NS;
        }
        assertTrue(reports >= 10 && reports <= 12, "a report a minute, and the first rates: " + reports);
    }

    @Test
    void shouldAddUpTheTreeOfAKernelThatHasNoGroup() throws IOException
    {
        process(100, 1, 100, 10, 20, 4_096);
        process(101, 100, 100, 5, 0, 8_192);
        process(102, 101, 102, 1, 0, 0);
        process(200, 1, 200, 1_000, 0, 1 << 30);
        run(100);
        final Usage first = kernel();
        assertEquals(36 * 10_000_000L, first.cpuNs());
        assertEquals(3 * 1_024 * 1_024, first.memoryBytes());
        assertEquals(12_288, first.readBytes());
        assertEquals(3, first.processes());
        assertUnknown(first.cpuMillis(), first.readRate(), first.receivedBytes());

        process(101, 100, 100, 205, 0, 8_192 + 1_000);
        pass(2 * SECOND_NS);
        final Usage second = kernel();
        assertEquals(1_000, second.cpuMillis());
        assertEquals(500, second.readRate());
        assertEquals(236 * 10_000_000L, second.cpuNs());
    }

    @Test
    void shouldKeepWhatAProcessUsedThatNobodyHasWaitedFor() throws IOException
    {
        process(100, 1, 100, 10, 0, 0);
        process(101, 100, 100, 500, 0, 0);
        run(100);
        kernel();
        Files.delete(proc.resolve("101/stat"));
        pass(2 * SECOND_NS);
        final Usage after = kernel();
        assertEquals(510 * 10_000_000L, after.cpuNs());
        assertEquals(0, after.cpuMillis());
    }

    /** Its time comes back with whoever waits for it, and is no second time then. */
    @Test
    void shouldCountOnceWhatAProcessUsedThatIsWaitedForLater() throws IOException
    {
        process(100, 1, 100, 10, 0, 0);
        process(101, 100, 100, 500, 0, 0);
        run(100);
        kernel();
        final Path stat = proc.resolve("101/stat");
        Files.writeString(stat, Files.readString(stat).replace(") S ", ") Z "));
        pass(2 * SECOND_NS);
        assertEquals(510 * 10_000_000L, kernel().cpuNs());
        Files.delete(stat);
        process(100, 1, 100, 510, 0, 0);
        pass(2 * SECOND_NS);
        final Usage after = kernel();
        assertEquals(510 * 10_000_000L, after.cpuNs());
        assertEquals(0, after.cpuMillis());
        assertEquals(1, after.processes());
    }

    @Test
    void shouldAskTheGroupOfVersion2() throws IOException
    {
        write("proc/self/mountinfo", "30 1 0:26 / " + root.resolve("cg") + " rw - cgroup2 cgroup2 rw\n");
        sampler = new UsageSampler(() -> nowNs, INTERVAL_NS, () -> gpus, proc, sys);
        process(100, 1, 100, 10, 0, 77);
        write("proc/100/cgroup", "0::/agent/" + MARK + "/inner\n");
        final String group = "cg/agent/" + MARK;
        write(group + "/cpu.stat", "usage_usec 2500000\nuser_usec 1\n");
        write(group + "/memory.current", "1000000\n");
        write(group + "/memory.peak", "3000000\n");
        write(group + "/memory.stat", "anon 5\ninactive_file 400000\n");
        run(100);
        Usage usage = kernel();
        assertEquals(2_500_000_000L, usage.cpuNs());
        assertEquals(600_000, usage.memoryBytes());
        assertEquals(3_000_000, usage.memoryPeakBytes());
        assertEquals(77, usage.readBytes(), "without a controller for disks, of the processes");

        write(group + "/io.stat", "8:0 rbytes=4096 wbytes=100 rios=1\n8:16 rbytes=1 wbytes=2\n");
        pass(2 * SECOND_NS);
        usage = kernel();
        assertEquals(102, usage.writtenBytes());
    }

    /** A group that is made anew under the same name counts from nothing, and so do disks. */
    @Test
    void shouldNotFallWhenTheCountersOfAKernelBeginAnew() throws IOException
    {
        write("proc/self/mountinfo", "30 1 0:26 / " + root.resolve("cg") + " rw - cgroup2 cgroup2 rw\n");
        sampler = new UsageSampler(() -> nowNs, INTERVAL_NS, () -> gpus, proc, sys);
        process(100, 1, 100, 10, 0, 77);
        write("proc/100/cgroup", "0::/agent/" + MARK + "\n");
        final String group = "cg/agent/" + MARK;
        write(group + "/memory.current", "1000000\n");
        write(group + "/cpu.stat", "usage_usec 9000000000\n");
        write(group + "/io.stat", "8:0 rbytes=900000000 wbytes=800000000\n");
        run(100);
        final Usage first = kernel();
        assertUnknown(first.cpuMillis(), first.readRate(), first.writtenRate());
        write(group + "/cpu.stat", "usage_usec 1000\n");
        write(group + "/io.stat", "8:0 rbytes=10 wbytes=20\n");
        pass(2 * SECOND_NS);
        final Usage usage = kernel();
        assertEquals(0, usage.cpuMillis());
        assertEquals(0, usage.readRate());
        assertEquals(0, usage.writtenRate());
        assertEquals(9_000_000_000_000L, usage.cpuNs());
        assertEquals(900_000_000, usage.readBytes());
        assertEquals(800_000_000, usage.writtenBytes());
    }

    @Test
    void shouldAskTheGroupsOfVersion1AndFindAContainerByItsId() throws IOException
    {
        final String id = "c0ffee";
        write("proc/self/mountinfo",
            "31 1 0:27 / " + root.resolve("m") + " rw - cgroup cgroup rw,memory\n" +
            "32 1 0:28 /outer " + root.resolve("c") + " rw - cgroup cgroup rw,cpu,cpuacct\n" +
            "33 1 0:29 / " + root.resolve("b") + " rw - cgroup cgroup rw,blkio\n");
        sampler = new UsageSampler(() -> nowNs, INTERVAL_NS, () -> gpus, proc, sys);
        process(300, 1, 300, 1, 0, 5);
        process(301, 300, 300, 1, 0, 5);
        final String membership =
            "4:memory:/docker/" + id + "\n5:cpu,cpuacct:/outer/docker/" + id + "\n6:blkio:/docker/" + id + "\n";
        write("proc/300/cgroup", "4:memory:/\n");
        write("proc/301/cgroup", membership);
        write("proc/301/status", "Name:\tx\nNSpid:\t301\t1\n");
        write("m/docker/" + id + "/memory.usage_in_bytes", "5000\n");
        write("m/docker/" + id + "/memory.max_usage_in_bytes", "9000\n");
        write("m/docker/" + id + "/memory.stat", "inactive_file 1\ntotal_inactive_file 2000\n");
        write("c/docker/" + id + "/cpuacct.usage", "123456789\n");
        write(
            "b/docker/" + id + "/blkio.throttle.io_service_bytes",
            "8:0 Read 10\n8:0 Write 20\n8:16 Read 1\nTotal 31\n");
        write("proc/301/net/dev", "h\nh\n lo: 9 0 0 0 0 0 0 0 9 0\neth0: 70 0 0 0 0 0 0 0 30 0\n");
        link("proc/self/ns/net", "net:[1]");
        link("proc/301/ns/net", "net:[2]");
        sampler.subjects(List.of(new UsageSubject(KEY, id, 0, List.of())));
        sampler.doWork();
        final Usage usage = kernel();
        assertEquals(3_000, usage.memoryBytes());
        assertEquals(9_000, usage.memoryPeakBytes());
        assertEquals(123_456_789, usage.cpuNs());
        assertEquals(11, usage.readBytes());
        assertEquals(20, usage.writtenBytes());
        assertEquals(70, usage.receivedBytes());
        assertEquals(30, usage.sentBytes());
    }

    @Test
    void shouldTellWhatTheGpusOfAKernelDo() throws IOException
    {
        gpus = List.of(
            new GpuSample("cuda0", 10, 100, 40, 1, 0), new GpuSample("cuda1", 50, 1_000, 40, 1, 0),
            new GpuSample("cuda2", 70, 2_000, 40, 1, 0));
        process(100, 1, 100, 1, 0, 0);
        sampler.subjects(List.of(new UsageSubject(KEY, MARK, 100, List.of("cuda1", "cuda2"))));
        sampler.doWork();
        final UsageReport report = sampler.poll();
        assertEquals(60, report.kernels().get(0).usage().gpuPercent());
        assertEquals(3_000, report.kernels().get(0).usage().gpuMemoryBytes());
        assertEquals(43, report.host().gpuPercent());
        assertEquals(3, report.gpus().size());
    }

    @Test
    void shouldTellTheMemoryOfASliceOnce() throws IOException
    {
        gpus = List.of(
            new GpuSample("cuda0", 10, 3_000, 40, 1, 0), new GpuSample("cuda0-0", -1, 1_000, -1, -1, 0),
            new GpuSample("cuda0-1", -1, 2_000, -1, -1, 0));
        process(100, 1, 100, 1, 0, 0);
        sampler.subjects(List.of(new UsageSubject(KEY, MARK, 100, List.of("cuda0-1"))));
        sampler.doWork();
        final UsageReport report = sampler.poll();
        assertEquals(2_000, report.kernels().get(0).usage().gpuMemoryBytes());
        assertUnknown(report.kernels().get(0).usage().gpuPercent());
        assertEquals(3_000, report.host().gpuMemoryBytes());
        assertEquals(10, report.host().gpuPercent());
    }

    @Test
    void shouldLookAtAYoungKernelOftenAndAtAnOldOneEachInterval() throws IOException
    {
        process(100, 1, 100, 0, 0, 0);
        run(100);
        int young = 0;
        int old = 0;
        for (int second = 0; second < 60; second++)
        {
            process(100, 1, 100, 1 + second, 0, 0);
            sampler.doWork();
            final UsageReport report = sampler.poll();
            final int told = null == report ? 0 : report.kernels().size();
            young += second < 10 ? told : 0;
            old += second >= 20 ? told : 0;
            nowNs += SECOND_NS;
        }
        assertTrue(young >= 4, "young " + young);
        assertTrue(old >= 3 && old <= 5, "old " + old);
    }

    @Test
    void shouldForgetAKernelThatHasEnded() throws IOException
    {
        process(100, 1, 100, 10, 0, 0);
        run(100);
        assertNotNull(kernel());
        sampler.subjects(List.of());
        pass(20 * SECOND_NS);
        final UsageReport report = sampler.poll();
        assertTrue(null == report || report.kernels().isEmpty());
    }

    @Test
    void shouldSayNothingOfAKernelWhoseProcessesAreGone()
    {
        sampler.subjects(List.of(new UsageSubject(KEY, MARK, 4_711, List.of())));
        sampler.doWork();
        assertEquals(List.of(), sampler.poll().kernels());
        assertNull(sampler.poll());
    }

    private void run(final int pid)
    {
        sampler.subjects(List.of(new UsageSubject(KEY, MARK, pid, List.of())));
        sampler.doWork();
    }

    private Usage kernel()
    {
        return sampler.poll().kernels().get(0).usage();
    }

    private void pass(final long durationNs)
    {
        nowNs += durationNs;
        sampler.doWork();
    }

    private static void assertUnknown(final long... values)
    {
        for (final long value : values)
        {
            assertEquals(Usage.UNKNOWN, value);
        }
    }

    private void host(final long userTicks, final long sectorsRead) throws IOException
    {
        write("proc/stat", "cpu  " + userTicks + " 5 4 7777 888 3 2 1 0 0\ncpu0 1 2\ncpu1 1 2\nintr 5\n");
        write("proc/meminfo", "MemTotal: 8000 kB\nMemFree: 1 kB\nMemAvailable: 3000 kB\n");
        write("proc/diskstats",
            "8 0 sda 1 2 " + sectorsRead + " 4 5 6 800 8 9\n8 1 sda1 1 2 99999 4 5 6 7 8 9\n" +
                "7 0 loop0 1 2 99 4 5 6 7 8 9\n");
        write("proc/net/dev",
            "h\nh\n  lo: 1000 0 0 0 0 0 0 0 1000 0\n eth0: 300 0 0 0 0 0 0 0 200 0\nveth1: 9 0 0 0 0 0 0 0 9 0\n");
    }

    private void process(
        final int pid, final int parent, final int session, final long userTicks, final long childTicks,
        final long readBytes) throws IOException
    {
        write("proc/" + pid + "/stat",
            pid + " (a) b) S " + parent + " " + pid + " " + session + " 0 -1 0 0 0 0 0 " + userTicks + " 0 " +
                childTicks + " 0 20 0 1 0 5 0 0\n");
        write("proc/" + pid + "/status", "Name:\tx\nVmRSS:\t    1024 kB\nNSpid:\t" + pid + "\n");
        write("proc/" + pid + "/io", "rchar: 1\nread_bytes: " + readBytes + "\nwrite_bytes: 0\n");
    }

    private void link(final String name, final String target) throws IOException
    {
        final Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.createSymbolicLink(file, Path.of(target));
    }

    private void write(final String name, final String text) throws IOException
    {
        final Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
