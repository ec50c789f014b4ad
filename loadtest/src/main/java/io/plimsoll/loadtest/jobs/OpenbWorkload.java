package io.plimsoll.loadtest.jobs;

import io.plimsoll.core.sbe.ConstraintKind;
import io.plimsoll.core.sbe.SessionType;
import io.plimsoll.loadtest.csv.CsvRow;
import io.plimsoll.loadtest.csv.CsvTable;
import io.plimsoll.loadtest.openb.OpenbFiles;
import io.plimsoll.loadtest.openb.OpenbPod;
import io.plimsoll.loadtest.simulate.SessionSpec;
import io.plimsoll.loadtest.simulate.SessionSpec.Constraint;
import java.nio.file.Path;
import java.util.List;

/** Pods of the GPU trace of 2023: created and deleted at a time, or, in resampled files, in an order only. */
final class OpenbWorkload
{
    private static final int MIB_SHIFT = 20;

    private OpenbWorkload()
    {
    }

    static Workload read(final Path file)
    {
        final WorkloadBuilder builder = new WorkloadBuilder(WorkloadFiles.name(file));
        try (CsvTable table = CsvTable.open(file))
        {
            final boolean timed =
                table.columns().contains("creation_time") && table.columns().contains("deletion_time");
            if (!timed)
            {
                builder.note("the file has no times: all jobs arrive at 0, in its order, and never end");
            }
            for (CsvRow row = table.next(); null != row; row = table.next())
            {
                final OpenbPod pod = OpenbFiles.pod(row);
                builder.add(timed ? timed(row, pod) : job(row, pod, 0, Job.UNKNOWN));
            }
        }
        return builder.build();
    }

    private static Job timed(final CsvRow row, final OpenbPod pod)
    {
        final long createdNs = row.secondsNs("creation_time");
        final long deletedNs =
            row.textOr("deletion_time", "").isEmpty() ? Job.FOREVER : row.secondsNs("deletion_time");
        if (deletedNs < createdNs)
        {
            throw row.problem("deletion_time",
                "'" + row.text("deletion_time") + "' is before the creation at " + row.text("creation_time"));
        }
        return job(row, pod, createdNs, Job.FOREVER == deletedNs ? Job.FOREVER : deletedNs - createdNs);
    }

    private static Job job(final CsvRow row, final OpenbPod pod, final long arrivalNs, final long durationNs)
    {
        final long milli = pod.isShare() ? pod.deviceMilli() : pod.deviceCount() * Need.WHOLE;
        final Need need = new Need(pod.cpuMillis(), pod.memoryMib() << MIB_SHIFT, Need.gpu(milli));
        final List<Constraint> constraints = pod.models().isEmpty() ? List.of() : List.of(
            new Constraint(ConstraintKind.LABEL_IN, "cuda" + SessionSpec.MODEL_LABEL, pod.models()));
        final String qos = row.textOr("qos", "");
        return new Job(
            pod.name(), arrivalNs, qos.isEmpty() ? Tenant.UNKNOWN : Tenant.of(qos), SessionType.BATCH,
            SessionSpec.PRIORITY_DEFAULT, true,
            new JobRequest(List.of(new KernelSet(1, need)), constraints), Job.NO_LIMIT, 1,
            List.of(new Life(durationNs, "Failed".equals(row.textOr("pod_phase", "")) ? 1 : Job.SUCCESS)), List.of());
    }
}
