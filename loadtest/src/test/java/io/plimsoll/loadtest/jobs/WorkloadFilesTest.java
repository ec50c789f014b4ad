package io.plimsoll.loadtest.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.sbe.ConstraintKind;
import io.plimsoll.core.sbe.SessionType;
import io.plimsoll.loadtest.simulate.Scenario.SlotAmount;
import io.plimsoll.loadtest.simulate.ScenarioException;
import io.plimsoll.loadtest.simulate.ScenarioJournal;
import io.plimsoll.loadtest.simulate.ScenarioParser;
import io.plimsoll.loadtest.simulate.ScenarioRun;
import io.plimsoll.loadtest.simulate.SessionSpec.Constraint;
import io.plimsoll.loadtest.simulate.SessionSpec.Dependency;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkloadFilesTest
{
    private static final long SECOND_NS = 1_000_000_000L;
    private static final String PODS = "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos,pod_phase," +
        "creation_time,deletion_time,scheduled_time\n";

    @TempDir
    private Path directory;

    private Path file(final String name, final String text) throws IOException
    {
        return Files.writeString(directory.resolve(name), text);
    }

    private String problem(final String text) throws IOException
    {
        final Path file = file("input", text);
        return assertThrows(ScenarioException.class, () -> WorkloadFiles.read(file)).getMessage()
            .replace(file.toString(), "FILE");
    }

    @Test
    void shouldNameFileLineAndFieldOfWhatIsWrong() throws IOException
    {
        assertEquals(
            "FILE, line 3, cpu_milli: 'x' is not a whole number from 0",
            problem(PODS + "p1,1000,1024,0,0,,LS,Running,0,5,0\np2,x,1024,0,0,,LS,Running,0,5,0\n"));
        assertEquals(
            "FILE, line 2, deletion_time: '3' is before the creation at 5",
            problem(PODS + "p1,1000,1024,0,0,,LS,Running,5,3,0\n"));
        assertEquals(
            "FILE, line 2: has 3 cells, but there are 5 columns: name,cpu_milli,memory_mib,num_gpu,gpu_milli",
            problem("name,cpu_milli,memory_mib,num_gpu,gpu_milli\np1,1000,5\n"));
        assertEquals(
            "FILE, line 2, timestamp: '2017-13-01 00:00:00' is not a time such as 2017-10-09 07:01:55",
            problem("timestamp,duration,num_gpus,gpu_time,VC\n2017-13-01 00:00:00,1,1,1,a\n"));
        assertEquals(
            "FILE, line 2, duration: '-1' is not a number from 0",
            problem("timestamp,duration,num_gpus,gpu_time,VC\n2017-12-01 00:00:00,-1,1,1,a\n"));
        assertEquals(
            "FILE, line 1: has 17 fields, not 18".replace("line 1", "line 2"),
            problem("1 0 -1 5 1 -1 -1 1 10 -1 1 1 -1 -1 -1 -1 -1 -1\n2 0 -1 5 1 -1 -1 1 10 -1 1 1 -1 -1 -1 -1 -1\n"));
        assertEquals(
            "FILE, line 1, field 4: run time 'x' is not a whole number",
            problem("1 0 -1 x 1 -1 -1 1 10 -1 1 1 -1 -1 -1 -1 -1 -1\n"));
    }

    @Test
    void shouldSayWhichAmountIsMoreThanCanBeCounted() throws IOException
    {
        final String header = "instance_sn,role,app_name,cpu_request,gpu_request,rdma_request,memory_request," +
            "disk_request,max_instance_per_node,creation_time,deletion_time\n";
        assertEquals(
            "FILE, line 2, memory_request: '1e10' is more than can be counted",
            problem(header + "i1,HN,a,1,0,0,1e10,1,-1,0,5\n"));
        assertEquals(
            "FILE, line 2, disk_request: '3e18' is more than can be counted",
            problem(header + "i1,HN,a,1,0,0,1,3e18,-1,0,5\n"));
    }

    @Test
    void shouldSayWhatCannotBeRecognised() throws IOException
    {
        assertEquals("FILE is empty; expected a workload", problem(""));
        assertEquals(
            "FILE: its first line is of no workload that is known; --format says what it is: plimsoll, openb-pods, " +
            "swf, philly, dlrm, journal, generator or scenario", problem("hello,world\n1,2\n"));
        assertEquals(
            directory + " is a directory without a journal: name a file, or the data directory of a manager",
            assertThrows(ScenarioException.class, () -> WorkloadFiles.read(directory)).getMessage());
        assertEquals(
            directory.resolve("gone") + ": cannot be read; is it there, and yours to read?",
            assertThrows(ScenarioException.class, () -> WorkloadFiles.read(directory.resolve("gone"))).getMessage());
        assertEquals(
            "--format: 'csv' is not known: use plimsoll, openb-pods, swf, philly, dlrm, journal, generator or scenario",
            assertThrows(ScenarioException.class, () -> WorkloadFormat.parse("--format", "csv")).getMessage());
    }

    @Test
    void shouldSayThatACompressedFileIsBrokenOff() throws IOException
    {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes))
        {
            out.write((PODS + "p1,1000,1024,0,0,,LS,Running,0,5,0\n".repeat(2000)).getBytes(StandardCharsets.UTF_8));
        }
        final Path whole = Files.write(directory.resolve("whole"), bytes.toByteArray());
        assertEquals(2000, WorkloadFiles.read(whole).size());
        final Path half = Files.write(
            directory.resolve("half"), Arrays.copyOf(bytes.toByteArray(), bytes.size() - 30));
        assertEquals(
            half + ": is compressed, but broken off or damaged",
            assertThrows(ScenarioException.class, () -> WorkloadFiles.read(half)).getMessage());
    }

    /** Whatever is done to a file, it is read or refused in one sentence with its name. */
    @Test
    void shouldAnswerDamageWithASentence() throws IOException
    {
        final String[] sources =
        {
            PODS + "p1,1000,1024,1,460,A|B,LS,Running,0,5,0\np2,2000,1024,8,1000,,BE,Failed,7,9,0\n",
            "timestamp,duration,num_gpus,gpu_time,VC\n2017-12-01 00:00:00,1.5,9,1,a\n",
            "; MaxProcs: 8\n1 0 -1 5 1 -1 -1 1 10 -1 1 1 -1 -1 -1 -1 -1 -1\n",
            "instance_sn,role,app_name,cpu_request,gpu_request,rdma_request,memory_request,disk_request," +
                "max_instance_per_node,creation_time,deletion_time\ni,HN,a,12,1,25,120.0,640.0,8,1.5,9\n",
            "# plimsoll workload 1\n# origin: 2026-11-22T10:00:00Z\njob,arrival,kernels,cpu,slots,duration\n" +
                "a,0.5,1+2,1+0.5,rdma=1+,3;forever\n"
        };
        final Random random = new Random(7);
        for (int i = 0; i < 4000; i++)
        {
            final byte[] bytes = sources[i % sources.length].getBytes(StandardCharsets.UTF_8);
            for (int change = random.nextInt(4); change >= 0; change--)
            {
                bytes[random.nextInt(bytes.length)] = (byte)(random.nextBoolean() ? random.nextInt(256) :
                    ",;\n\"-09+=x.".charAt(random.nextInt(11)));
            }
            final Path file = Files.write(directory.resolve("damaged"), bytes);
            try
            {
                WorkloadFiles.read(file);
            }
            catch (final ScenarioException ex)
            {
                assertEquals(1, ex.getMessage().lines().count(), ex::getMessage);
            }
        }
    }

    @Test
    void shouldReadWhatItWrites() throws IOException
    {
        final WorkloadBuilder builder = new WorkloadBuilder("odd");
        builder.originEpochNs(1_700_000_000_123_456_789L);
        builder.note("something, with \"quotes\"");
        builder.skip("no processors", "line 3");
        builder.add(new Job(
            "a,b;c=d%\"e", 1_000_000_001L, new Tenant("alice", "p,1", "d\"", "#g"), SessionType.INFERENCE, 90, false,
            new JobRequest(
                List.of(
                    new KernelSet(1, new Need(500, 3, List.of(new SlotAmount("odd=name;x", 7)))),
                    new KernelSet(4, new Need(64_000, 5L << 30, Need.gpu(8000)))),
                List.of(
                    new Constraint(ConstraintKind.LABEL_IN, "cuda.model", "A100|V100;x"),
                    new Constraint(ConstraintKind.ARCH_IN, "", "x86_64"),
                    new Constraint(ConstraintKind.LABEL_EXISTS, "ssd", ""))),
            3600 * SECOND_NS, 3,
            List.of(new Life(5, 0), new Life(Job.FOREVER, 137), new Life(Job.UNKNOWN, 0)),
            List.of(new Dependency("first;job", false), new Dependency("other", true))));
        for (final String name : List.of("#1", "first;job", "other"))
        {
            builder.add(Job.batch(name, 0, Tenant.UNKNOWN, JobRequest.of(1, Need.cpu(1000, 0)), Job.UNKNOWN, 0));
        }
        final Workload odd = builder.build();
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        JobCsv.write(odd, bytes);
        final Workload again = WorkloadFiles.read(Files.write(directory.resolve("odd.csv"), bytes.toByteArray()));
        assertEquals(odd.jobs(), again.jobs());
        assertEquals(odd.originEpochNs(), again.originEpochNs());
        assertEquals(odd.name(), again.name());
        assertEquals(odd.notes(), again.notes());
        assertEquals(odd.skipped(), again.skipped());
    }

    @Test
    void shouldReadWhatASpreadsheetWrites() throws IOException
    {
        final Workload workload = WorkloadFiles.read(file("mine.csv",
            "\uFEFFjob,arrival,cpu,mem,slots,duration\r\nb,60,2,4g,cuda.device=1,90\r\na,0,0.5,512m,,\r\n\r\n"));
        assertEquals("mine", workload.name());
        assertEquals(List.of("a", "b"), workload.jobs().stream().map(Job::name).toList());
        assertEquals(1000, workload.job(1).request().gpuMilli());
        assertEquals(4L << 30, workload.job(1).request().memoryBytes());
        assertEquals(Job.UNKNOWN, workload.job(0).durationNs());
        assertEquals(
            "FILE, line 2, kernels, cpu, mem or slots: 1x is not a number of cores: use a number such as 2, 0.5 or " +
            "500m", problem("job,arrival,cpu\na,0,1x\n"));
        assertEquals(
            "FILE: there is no column cores in a workload; there are " + String.join(", ", JobCsv.COLUMNS),
            problem("job,arrival,cores\na,0,1\n"));
    }

    @Test
    void shouldMakeAWorkloadOfAJournal()
    {
        final Path journal = directory.resolve("journal");
        try (ScenarioJournal records = new ScenarioJournal(journal))
        {
            new ScenarioRun(ScenarioParser.parse("""
                groups: [{name: train}]
                agents: [{name: a, count: 2, cpu: 4, mem: 16g, devices: {kind: cuda, model: A100, count: 2}}]
                owners:
                  users: [{name: alice, project: p, domain: d}]
                sessions:
                  - {name: s, at: 5s, user: alice, kernels: [{cpu: 1, mem: 2g, gpu: 1, count: 2}, {cpu: 2}],
                     duration: 60s, limit: 90s, model: A100, priority: 20}
                  - {name: t, at: 15s, user: alice, kernels: [{cpu: 4}], duration: 30s, exitCode: 3, preemptible: false}
                  - {name: u, at: 16s, user: alice, kernels: [{cpu: 4}], duration: 30s, cancelAt: 17s}
                  - {name: v, at: 17s, user: alice, kernels: [{cpu: 1}], after: [s], limit: 40s}
                """), null, records).run(70 * SECOND_NS);
        }
        final Workload workload = WorkloadFiles.read(directory);
        assertEquals(WorkloadFormat.JOURNAL, WorkloadFiles.formatOf(journal));
        assertEquals(
            List.of(new Skipped("ended without having run, as one that was cancelled does", 1, "session 3")),
            workload.skipped());
        final Tenant alice = new Tenant("alice", "p", "d", "train");
        final JobRequest gang = new JobRequest(
            List.of(
                new KernelSet(2, new Need(1000, 2L << 30, Need.gpu(1000))), new KernelSet(1, Need.cpu(2000, 0))),
            List.of(new Constraint(ConstraintKind.LABEL_IN, "cuda.model", "A100")));
        assertEquals(
            List.of(
                new Job("1", 0, alice, SessionType.BATCH, 20, true, gang, 90 * SECOND_NS, 1,
                    List.of(new Life(60 * SECOND_NS, 0)), List.of()),
                new Job("2", 10 * SECOND_NS, alice, SessionType.BATCH, 10, false,
                    JobRequest.of(1, Need.cpu(4000, 0)), 0, 1, List.of(new Life(30 * SECOND_NS, 3)), List.of()),
                new Job("4", 12 * SECOND_NS, alice, SessionType.BATCH, 10, true,
                    JobRequest.of(1, Need.cpu(1000, 0)), 40 * SECOND_NS, 1,
                    List.of(new Life(40 * SECOND_NS, 0)), List.of(new Dependency("1", false)))),
            workload.jobs());
        assertEquals(
            List.of("had not ended when the journal did, and are taken to run to their limit: 1"), workload.notes());
    }

    @Test
    void shouldNameTheLineThatWaitsForNobody() throws IOException
    {
        final String head = "job,arrival,duration,after\n";
        final Path unknown = Files.writeString(directory.resolve("unknown.csv"), head + "a,0,1,\nb,1,1,c\n");
        assertTrue(messageOf(unknown).contains("line 3, after: there is no job 'c'"), messageOf(unknown));
        final Path late = Files.writeString(directory.resolve("late.csv"), head + "b,1,1,c\nc,2,1,\n");
        assertTrue(messageOf(late).contains("line 2, after: job 'c' comes later"), messageOf(late));
        final Path twice = Files.writeString(directory.resolve("twice.csv"), head + "c,0,1,\nc,0,1,\nb,1,1,c\n");
        assertTrue(messageOf(twice).contains("line 3, job: 'c' is the name of the job in line 2"), messageOf(twice));
        final Path right = Files.writeString(directory.resolve("right.csv"), head + "b,1,1,c\nc,0,1,\n");
        assertEquals("c", WorkloadFiles.read(right).job(1).after().get(0).session());
    }

    /** What was filtered away, or was before the begin of a journal, is waited for by nobody who reads it again. */
    @Test
    void shouldWriteOnlyWhatItReadsAgain() throws IOException
    {
        final WorkloadBuilder builder = new WorkloadBuilder("some");
        for (final String name : List.of("b", "c"))
        {
            builder.add(Job.batch(name, 0, Tenant.UNKNOWN, JobRequest.of(1, Need.cpu(1000, 0)), SECOND_NS, 0)
                .after(List.of(new Dependency("a", true), new Dependency("b", false))));
        }
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        JobCsv.write(builder.build(), bytes);
        final Workload again = WorkloadFiles.read(Files.write(directory.resolve("some.csv"), bytes.toByteArray()));
        assertEquals(List.of(), again.job(0).after());
        assertEquals(List.of(new Dependency("b", false)), again.job(1).after());
        assertTrue(again.notes().get(0).endsWith(": 3"), again.notes().toString());
    }

    private static String messageOf(final Path file)
    {
        return assertThrows(ScenarioException.class, () -> WorkloadFiles.read(file)).getMessage();
    }
}
