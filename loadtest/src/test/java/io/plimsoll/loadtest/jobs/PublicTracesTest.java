package io.plimsoll.loadtest.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.loadtest.openb.Traces;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is in the public traces, against numbers that were counted without this code. */
class PublicTracesTest
{
    private static final long SECOND_NS = 1_000_000_000L;

    private static Workload read(final String name)
    {
        return WorkloadFiles.read(Traces.file(name));
    }

    @Test
    void shouldReadPhilly()
    {
        final Workload philly = read("philly/philly.csv.gz");
        assertEquals(82_247, philly.size());
        assertEquals("2017-09-04T10:30:41Z",
            Instant.ofEpochSecond(philly.originEpochNs() / SECOND_NS).toString());
        assertEquals(15, philly.tenants().size());
        final Map<Long, Integer> sizes = new TreeMap<>();
        final Map<String, Integer> groups = new TreeMap<>();
        for (final Job job : philly.jobs())
        {
            sizes.merge(job.request().gpuMilli() / 1000, 1, Integer::sum);
            groups.merge(job.tenant().group(), 1, Integer::sum);
        }
        assertEquals(
            "{1=76627, 2=1818, 4=1870, 8=1643, 12=7, 16=199, 24=7, 32=67, 64=6, 128=3}", sizes.toString());
        assertEquals(41_226, groups.get("6214e9"));
        assertEquals(9_408_690L, philly.lastArrivalNs() / SECOND_NS);
        assertEquals(WorkloadFormat.PHILLY, WorkloadFiles.formatOf(Traces.file("philly/philly.csv.gz")));
    }

    @ParameterizedTest
    @CsvSource({
        "cpu050, 7439, 6086800, true", "cpu300, 10094, 6086800, true", "default, 8152, 6086800, true",
        "gpushare40, 8152, 5641250, true", "gpushare100, 8152, 3952670, true", "gpuspec33, 8152, 6086800, true",
        "multigpu20, 8324, 7086800, false", "multigpu50, 9061, 11358800, false"})
    void shouldReadPodsOfOpenb(final String name, final int pods, final long gpuMilli, final boolean timed)
    {
        final Workload workload = read("openb/openb_pod_list_" + name + ".csv.gz");
        assertEquals(pods, workload.size());
        long milli = 0;
        int constrained = 0;
        for (final Job job : workload.jobs())
        {
            milli += job.request().gpuMilli();
            constrained += job.request().constraints().isEmpty() ? 0 : 1;
            assertEquals(timed, job.durationNs() >= 0);
        }
        assertEquals(gpuMilli, milli);
        assertEquals("gpuspec33".equals(name) ? 2388 : 0, constrained);
        assertEquals(timed, workload.lastArrivalNs() > 0);
    }

    @ParameterizedTest
    @CsvSource({
        "swf/input_KTH-SP2, 28481, 0, 100", "swf/input_CTC-SP2, 77199, 0, 338", "swf/input_SDSC-SP2, 54006, 0, 128",
        "swf/input_SDSC-BLUE, 232542, 0, 1152", "swf/input_CEA-curie, 295540, 0, 80640",
        "swf/golden_KTH-SP2_easy, 28481, 0, 100", "lublin/lublin_256, 10000, 0, 256"})
    void shouldReadLogs(final String name, final int jobs, final int skipped, final long processorsMax)
    {
        final Workload workload = read(name + ".swf.gz");
        assertEquals(jobs, workload.size());
        assertEquals(skipped, workload.skipped().stream().mapToLong(Skipped::count).sum());
        for (final Job job : workload.jobs())
        {
            assertTrue(job.request().cpuMillis() <= processorsMax * 1000);
            assertTrue(Job.NO_LIMIT == job.limitNs() || job.durationNs() <= job.limitNs());
        }
    }

    @Test
    void shouldReadNodesAndMemoryOfCerit()
    {
        final Workload wagap = read("swf/wagap-2013.swf.gz");
        assertEquals(17_898, wagap.size());
        assertEquals(2, wagap.skipped().stream().mapToLong(Skipped::count).sum());
        assertEquals(1_356_996_147L * SECOND_NS, wagap.originEpochNs());
        final Job first = wagap.job(0);
        assertEquals(64_000, first.request().cpuMillis());
        assertEquals(64L << 30, first.request().memoryBytes());
        assertEquals(86_400 * SECOND_NS, first.limitNs());
        assertEquals(11, wagap.tenants().stream().map(Tenant::group).distinct().count());
        final Map<String, Integer> clusters = new TreeMap<>();
        int gangs = 0;
        for (final Job job : wagap.jobs())
        {
            gangs += job.request().kernelCount() > 1 ? 1 : 0;
            job.request().constraints().forEach(
                constraint -> clusters.merge(constraint.kind() + " " + constraint.values(), 1, Integer::sum));
        }
        assertEquals(334, gangs);
        assertEquals(
            "{ARCH_IN x86_64=4563, LABEL_IN zegox=320, LABEL_IN zewura=575, LABEL_NOT_IN zewura=1}",
            clusters.toString());
    }

    @Test
    void shouldReadInstancesOfDlrm()
    {
        final Workload dlrm = read("fleets/alibaba_2025_dlrm_instances.csv.gz");
        assertEquals(23_871, dlrm.size());
        int there = 0;
        int forever = 0;
        final Map<Long, Integer> density = new TreeMap<>();
        for (final Job job : dlrm.jobs())
        {
            there += 0 == job.arrivalNs() ? 1 : 0;
            forever += Job.FOREVER == job.durationNs() ? 1 : 0;
            density.merge(job.request().slot("density"), 1, Integer::sum);
        }
        assertEquals(7280, there);
        assertEquals(8878, forever);
        assertEquals("{0=12248, 62=64, 100=469, 125=724, 250=3588, 500=6778}", density.toString());
        assertEquals(156, dlrm.tenants().stream().map(Tenant::user).distinct().count());
        assertEquals(7386, dlrm.jobs().stream().filter(job -> "HN".equals(job.tenant().group())).count());
        assertEquals(2_676_636L, dlrm.lastArrivalNs() / SECOND_NS);
        assertEquals(120L << 30, dlrm.job(0).request().memoryBytes());
        assertEquals(25, dlrm.job(0).request().slot("rdma"));
        assertEquals(640, dlrm.job(0).request().slot("disk"));
    }
}
