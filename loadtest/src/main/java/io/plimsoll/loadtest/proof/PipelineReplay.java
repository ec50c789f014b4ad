package io.plimsoll.loadtest.proof;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.SchedulerCore;
import io.plimsoll.core.pipeline.HostedCore;
import io.plimsoll.core.pipeline.Pipeline;
import io.plimsoll.core.pipeline.PipelineContext;
import io.plimsoll.core.pipeline.RecordJournal;
import io.plimsoll.core.pipeline.RecordReleaser;
import io.plimsoll.core.sbe.ContinueDecoder;
import io.plimsoll.core.sbe.TimePassedDecoder;
import io.plimsoll.manager.snapshot.ReignOptions;
import java.util.SplittableRandom;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Feeds the commands of a tape through a real pipeline whose stages are stepped in random order and with random numbers
 * of commands in the ring, and compares what arrives at the journal with the tape. Commands that the host makes itself
 * ({@code Continue}, {@code TimePassed}) are not fed but expected. One thread.
 */
final class PipelineReplay extends HostedCore implements RecordJournal, RecordReleaser
{
    private static final int RING_SIZE = 64;
    private static final int IDLE_STEPS_MAX = 1_000;

    private final SchedulerCore core;
    private final ReignOptions reign;
    private final RecordTape tape;
    private final SplittableRandom random;
    private final RecordFlyweight next = new RecordFlyweight();
    private final RecordFlyweight compared = new RecordFlyweight();
    private Throwable fatal;
    private int fed;
    private int decided;
    private int journalled;
    private int released;

    PipelineReplay(final RecordTape tape, final SchedulerCore core, final ReignOptions reign, final long seed)
    {
        super(core);
        this.core = core;
        this.reign = reign;
        this.tape = tape;
        random = new SplittableRandom(seed);
    }

    void run()
    {
        final PipelineContext context = new PipelineContext()
            .ringSize(RING_SIZE)
            .batchMax(1 + random.nextInt(RING_SIZE))
            .epochClock(() -> 0L)
            .nanoClock(() -> 0L)
            .fatalHandler((exitCode, cause) -> fatal = cause);
        final Pipeline pipeline = new Pipeline(context, this, this, this);
        int idleSteps = 0;
        while (released < tape.size())
        {
            final int before = fed + decided + journalled + released;
            step(pipeline);
            if (null != fatal)
            {
                throw new ProofException(decided + 1L, "the pipeline failed", fatal);
            }
            idleSteps = before == fed + decided + journalled + released ? idleSteps + 1 : 0;
            if (idleSteps > IDLE_STEPS_MAX)
            {
                throw new ProofException(decided + 1L, "the pipeline stands still");
            }
        }
    }

    private void step(final Pipeline pipeline)
    {
        try
        {
            switch (random.nextInt(4))
            {
                case 0 -> feed(pipeline);
                case 1 -> pipeline.coreStage().doWork();
                case 2 -> pipeline.journalStage().doWork();
                default -> pipeline.egressStage().doWork();
            }
        }
        catch (final ProofException ex)
        {
            throw ex;
        }
        catch (final Exception ex)
        {
            throw new ProofException(decided + 1L, "a stage threw", ex);
        }
    }

    private void feed(final Pipeline pipeline)
    {
        final int end = Math.min(tape.size(), fed + 1 + random.nextInt(RING_SIZE));
        while (fed < end)
        {
            final int templateId = tape.templateId(fed);
            if (TimePassedDecoder.TEMPLATE_ID == templateId)
            {
                // The host makes it when the ring is empty: nothing that follows may be there before.
                return;
            }
            if (ContinueDecoder.TEMPLATE_ID != templateId)
            {
                tape.wrap(fed, next);
                if (!pipeline.tryPublish(next.buffer(), next.commandOffset(), next.commandLength()))
                {
                    return;
                }
            }
            fed++;
        }
    }

    @Override
    public int onCommand(
        final DirectBuffer buffer,
        final int offset,
        final int length,
        final long sequence,
        final long timestampNs,
        final MutableDirectBuffer eventsBuffer,
        final int eventsOffset)
    {
        // The stage stamps a whole batch with one time; the tape says which time each command really had.
        tape.wrap(decided, next);
        if (reign.onRecord(next))
        {
            core.options(reign.options());
        }
        decided++;
        fed = Math.max(fed, decided);
        return super.onCommand(buffer, offset, length, sequence, next.timestampNs(), eventsBuffer, eventsOffset);
    }

    @Override
    public long nextDeadlineNs()
    {
        final boolean due = decided < tape.size() && TimePassedDecoder.TEMPLATE_ID == tape.templateId(decided);
        return due ? 0 : Long.MAX_VALUE;
    }

    @Override
    public long timestampNs()
    {
        return 0;
    }

    @Override
    public void append(final RecordFlyweight record)
    {
        tape.wrap(journalled, compared);
        RecordComparison.requireEqualCommands(compared, record);
        RecordComparison.requireEqualEvents(
            "in a pipeline", compared, record.buffer(), record.eventsOffset(), record.eventsLength());
        journalled++;
    }

    @Override
    public void commit()
    {
        // The tape is in memory.
    }

    @Override
    public void onRecord(final RecordFlyweight record)
    {
        released++;
        if (record.sequence() != released)
        {
            throw new ProofException(released, "released as sequence " + record.sequence());
        }
    }

    @Override
    public void onBatchEnd(final long sequence)
    {
        if (released > journalled)
        {
            throw new ProofException(released, "released before it was journalled");
        }
    }
}
