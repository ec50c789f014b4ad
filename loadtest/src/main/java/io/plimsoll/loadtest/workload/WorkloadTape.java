package io.plimsoll.loadtest.workload;

import io.plimsoll.core.pipeline.CommandHandler;
import io.plimsoll.loadtest.proof.RecordTape;

/** Lets a core live through a generated workload and keeps what it decided. */
public final class WorkloadTape
{
    private static final int CALM_STEPS_MAX = 2_000;
    private static final int CANCEL_EVERY = 200;

    private WorkloadTape()
    {
    }

    /**
     * Records a whole life, from the first start to the end of everything that was asked for.
     *
     * @param handler  an empty core.
     * @param workload what happens to it.
     * @param commands in which anything may happen; then what is there comes to its end.
     * @return the records, audited.
     */
    public static RecordTape record(final CommandHandler handler, final CoreWorkload workload, final int commands)
    {
        final RecordTape tape = new RecordTape();
        final ClusterAudit audit = new ClusterAudit();
        final CoreDriver driver = new CoreDriver(
            handler,
            record ->
            {
                audit.onRecord(record);
                tape.append(record);
                workload.onRecord(record);
            });
        for (int i = 0; i < commands; i++)
        {
            step(driver, workload);
        }
        workload.calm();
        for (int i = 0; audit.openCount() > 0; i++)
        {
            if (i > CALM_STEPS_MAX)
            {
                throw new IllegalStateException("does not end: " + audit.openIds(8));
            }
            if (i > 0 && 0 == i % CANCEL_EVERY)
            {
                workload.cancelAll();
            }
            for (int k = 0; k < 64; k++)
            {
                step(driver, workload);
            }
        }
        return tape;
    }

    private static void step(final CoreDriver driver, final CoreWorkload workload)
    {
        final int length = workload.next();
        if (length > 0)
        {
            driver.feed(workload.buffer(), 0, length, workload.nowNs());
        }
        else
        {
            driver.advance(workload.nowNs());
        }
    }
}
