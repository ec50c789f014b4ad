package io.plimsoll.core.pipeline;

import io.plimsoll.core.RecordFlyweight;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;

/** Last stage: hands over what is journalled, and gives the room back to the core. */
final class EgressStage implements Agent
{
    private final RecordBuffer records;
    private final RecordReleaser releaser;
    private final QueryTable queries;
    private final Wakeup coreWakeup;
    private final PipelineFault fault;
    private final PipelineCounters counters;
    private final NanoClock nanoClock;
    private final int batchMax;
    private long releasedSequence;
    private final RecordFlyweight record = new RecordFlyweight();

    EgressStage(
        final PipelineContext context,
        final RecordBuffer records,
        final RecordReleaser releaser,
        final QueryTable queries,
        final long restoredSequence,
        final Wakeup coreWakeup,
        final PipelineFault fault,
        final PipelineCounters counters)
    {
        this.records = records;
        this.releaser = releaser;
        this.queries = queries;
        releasedSequence = restoredSequence;
        this.coreWakeup = coreWakeup;
        this.fault = fault;
        this.counters = counters;
        nanoClock = context.nanoClock();
        batchMax = context.batchMax();
    }

    @Override
    public int doWork()
    {
        if (fault.isRaised())
        {
            return 0;
        }
        final int released = release();
        return released + queries.tell(releasedSequence);
    }

    private int release()
    {
        final long limit = records.journalled();
        if (limit == records.released())
        {
            return 0;
        }
        final long startNs = nanoClock.nanoTime();
        final int workCount;
        try
        {
            workCount = releaseUpTo(limit);
        }
        catch (final Throwable cause)
        {
            // Half of what follows from a record may be out, and nobody knows which half.
            fault.raise(FatalHandler.EXIT_INTERNAL, cause);
            return 0;
        }
        counters.add(PipelineCounter.RELEASED, workCount);
        counters.max(PipelineCounter.EGRESS_CYCLE_MAX_NS, nanoClock.nanoTime() - startNs);
        coreWakeup.signal();
        return workCount;
    }

    @Override
    public String roleName()
    {
        return "egress";
    }

    boolean hasWork()
    {
        return records.journalled() != records.released() || queries.hasAnswer(releasedSequence);
    }

    private int releaseUpTo(final long limit)
    {
        int workCount = 0;
        long position = records.released();
        long sequence = 0;
        while (position < limit && workCount < batchMax)
        {
            if (records.wrap(record, position))
            {
                sequence = record.sequence();
                releaser.onRecord(record);
                workCount++;
                position = records.after(record, position);
            }
            else
            {
                position = records.afterPadding(position);
            }
        }
        if (workCount > 0)
        {
            releaser.onBatchEnd(sequence);
            releasedSequence = sequence;
        }
        records.released(position);
        return workCount;
    }
}
