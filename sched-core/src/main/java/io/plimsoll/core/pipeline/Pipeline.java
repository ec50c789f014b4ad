package io.plimsoll.core.pipeline;

import io.plimsoll.core.SchedulerCore;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.IdleStrategy;

/**
 * The way of a command: ring, core stage, journal stage, egress stage. Start reading at {@link CoreStage}.
 * <p>
 * Each stage is an agent. Production gives them threads, all three on one ({@link #sharedStage()}) or one each; tests
 * and the fault simulator step them. Any thread may offer commands.
 */
public final class Pipeline implements CommandIngress
{
    private final PipelineContext context;
    private final PipelineCounters counters = new PipelineCounters();
    private final Wakeup coreWakeup = new Wakeup();
    private final Wakeup journalWakeup = new Wakeup();
    private final Wakeup egressWakeup = new Wakeup();
    private final CommandRing ring;
    private final QueryTable queries;
    private final CoreStage coreStage;
    private final JournalStage journalStage;
    private final EgressStage egressStage;
    private final SharedStage sharedStage;

    /**
     * Wires the stages up around the scheduling core; nothing runs yet.
     *
     * @param context  values.
     * @param core     restored: numbering goes on behind its sequence.
     * @param journal  to append to.
     * @param releaser that takes what is journalled.
     */
    public Pipeline(
        final PipelineContext context,
        final SchedulerCore core,
        final RecordJournal journal,
        final RecordReleaser releaser)
    {
        this(context, new HostedCore(core), journal, releaser);
    }

    /**
     * Wires the stages up; nothing runs yet.
     *
     * @param context  values.
     * @param handler  the core, restored: numbering goes on behind its sequence.
     * @param journal  to append to.
     * @param releaser that takes what is journalled.
     */
    public Pipeline(
        final PipelineContext context,
        final CommandHandler handler,
        final RecordJournal journal,
        final RecordReleaser releaser)
    {
        PipelineContextValidator.validate(context, CoreStage.recordLengthMax(handler));
        this.context = context;
        final PipelineFault fault = new PipelineFault(context.fatalHandler());
        final RecordBuffer records = new RecordBuffer(context.recordBufferLength());
        ring = new CommandRing(context, coreWakeup, fault, counters);
        queries = new QueryTable(ring, context.nanoClock(), egressWakeup, PipelineDefaults.QUERIES_MAX);
        coreStage = new CoreStage(context, ring, records, handler, queries, journalWakeup, fault, counters);
        journalStage = new JournalStage(context, records, journal, egressWakeup, fault, counters);
        egressStage =
            new EgressStage(context, records, releaser, queries, handler.sequence(), coreWakeup, fault, counters);
        sharedStage = new SharedStage(coreStage, journalStage, egressStage);
    }

    @Override
    public boolean trySubmit(final DirectBuffer buffer, final int offset, final int length)
    {
        return ring.trySubmit(buffer, offset, length);
    }

    @Override
    public boolean tryPublish(final DirectBuffer buffer, final int offset, final int length)
    {
        return ring.tryPublish(buffer, offset, length);
    }

    /**
     * Asks the core something as of a moment between two commands. It leaves no trace in the journal; the answer comes
     * on the thread of egress, in order with what it releases, once all that it is made of is journalled.
     *
     * @param question   asked on the thread of the core; the pipeline stands still meanwhile.
     * @param deadlineNs monotonic, after which the core does not answer any more but with a TimeoutException.
     * @param listener   gets the answer, or the error, later.
     * @param <T>        type of the answer.
     * @return false when too much is under way: nobody will answer, try later.
     */
    public <T> boolean tryAsk(
        final Function<Queryable, T> question, final long deadlineNs, final BiConsumer<T, Throwable> listener)
    {
        return queries.tryAsk(question, deadlineNs, listener);
    }

    /** First stage. */
    public Agent coreStage()
    {
        return coreStage;
    }

    /** Second stage. */
    public Agent journalStage()
    {
        return journalStage;
    }

    /** Third stage. */
    public Agent egressStage()
    {
        return egressStage;
    }

    /** All three, for one thread. */
    public Agent sharedStage()
    {
        return sharedStage;
    }

    /** How the thread of {@link #coreStage()} or {@link #sharedStage()} waits. */
    public IdleStrategy coreIdle()
    {
        return context.idleKind().newStrategy(() -> new ParkingIdleStrategy(
            coreWakeup, coreStage::hasWork, () -> coreStage.untilDeadlineNs(PipelineDefaults.IDLE_MAX_NS)));
    }

    /** How the thread of {@link #journalStage()} waits. */
    public IdleStrategy journalIdle()
    {
        return context.idleKind().newStrategy(() -> new ParkingIdleStrategy(
            journalWakeup, journalStage::hasWork, () -> PipelineDefaults.IDLE_MAX_NS));
    }

    /** How the thread of {@link #egressStage()} waits. */
    public IdleStrategy egressIdle()
    {
        return context.idleKind().newStrategy(() -> new ParkingIdleStrategy(
            egressWakeup, egressStage::hasWork, () -> PipelineDefaults.IDLE_MAX_NS));
    }

    /** Entries of the ring that are taken, roughly. */
    public int occupancy()
    {
        return ring.occupancy();
    }

    /** Entries of the ring. */
    public int ringSize()
    {
        return context.ringSize();
    }

    /** Bytes that long commands in the ring take. */
    public long overflowLength()
    {
        return ring.overflowLength();
    }

    /** What the stages counted. */
    public PipelineCounters counters()
    {
        return counters;
    }
}
