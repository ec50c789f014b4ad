package io.plimsoll.core.pipeline;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.PoisonedDecoder;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;

import java.nio.ByteOrder;

/**
 * Second stage: appends what the core produced and commits it as one group. What it has not passed, nobody sees. A
 * poisoned record is the last that it passes.
 */
final class JournalStage implements Agent
{
    private final RecordBuffer records;
    private final RecordJournal journal;
    private final Wakeup egressWakeup;
    private final PipelineFault fault;
    private final PipelineCounters counters;
    private final NanoClock nanoClock;
    private final RecordFlyweight record = new RecordFlyweight();
    private boolean poisonSeen;

    JournalStage(
        final PipelineContext context,
        final RecordBuffer records,
        final RecordJournal journal,
        final Wakeup egressWakeup,
        final PipelineFault fault,
        final PipelineCounters counters)
    {
        this.records = records;
        this.journal = journal;
        this.egressWakeup = egressWakeup;
        this.fault = fault;
        this.counters = counters;
        nanoClock = context.nanoClock();
    }

    @Override
    public int doWork()
    {
        final long limit = records.produced();
        if (limit == records.journalled() || fault.isRaised())
        {
            return 0;
        }
        final int workCount;
        try
        {
            workCount = appendUpTo(limit);
        }
        catch (final Throwable cause)
        {
            fault.raise(FatalHandler.EXIT_JOURNAL, cause);
            return 0;
        }
        records.journalled(limit);
        egressWakeup.signal();
        fault.onCommitted(poisonSeen);
        return workCount;
    }

    @Override
    public String roleName()
    {
        return "journal";
    }

    boolean hasWork()
    {
        return records.produced() != records.journalled();
    }

    private int appendUpTo(final long limit)
    {
        final long startNs = nanoClock.nanoTime();
        int workCount = 0;
        long position = records.journalled();
        while (position < limit)
        {
            if (records.wrap(record, position))
            {
                journal.append(record);
                workCount++;
                poisonSeen = isPoisoned();
                position = records.after(record, position);
            }
            else
            {
                position = records.afterPadding(position);
            }
        }
        if (workCount > 0)
        {
            final long appendedNs = nanoClock.nanoTime();
            journal.commit();
            count(workCount, appendedNs - startNs, nanoClock.nanoTime() - appendedNs);
        }
        return workCount;
    }

    private boolean isPoisoned()
    {
        final int templateIdOffset = record.commandOffset() + MessageHeaderDecoder.templateIdEncodingOffset();
        return PoisonedDecoder.TEMPLATE_ID == record.buffer().getShort(templateIdOffset, ByteOrder.LITTLE_ENDIAN);
    }

    private void count(final int workCount, final long appendNs, final long commitNs)
    {
        counters.add(PipelineCounter.BATCHES, 1);
        counters.max(PipelineCounter.BATCH_RECORDS_MAX, workCount);
        counters.max(PipelineCounter.APPEND_MAX_NS, appendNs);
        counters.max(PipelineCounter.COMMIT_MAX_NS, commitNs);
        counters.add(PipelineCounter.COMMIT_TOTAL_NS, commitNs);
        counters.latency(PipelineLatency.JOURNAL_APPEND).record(appendNs);
        counters.latency(PipelineLatency.JOURNAL_COMMIT).record(commitNs);
    }
}
