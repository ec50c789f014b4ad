package io.plimsoll.loadtest.whatif;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.SchedulerCore;
import io.plimsoll.core.pipeline.HostedCore;
import io.plimsoll.core.sbe.CommandRejectedDecoder;
import io.plimsoll.core.sbe.ContinueEncoder;
import io.plimsoll.core.sbe.MessageHeaderEncoder;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.TimePassedEncoder;
import io.plimsoll.manager.snapshot.ReignOptions;
import java.util.Locale;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Decides the commands of a journal again, from a fork on. As long as every event is the one that was recorded,
 * commands are taken as they are; with the first that is not, or the first command that a change is about, consequences
 * are no longer taken from the record but made up by {@link Machines}. Beside it the books of the record are kept, to
 * the same time. One thread.
 */
final class WhatIfRun implements CommandFeed, SessionOrigins, BooksListener
{
    private static final int RECORD_LENGTH = (1 << 17) + SchedulerCore.EVENTS_LENGTH_MAX;
    private static final long STEPS_AT_ONCE_MAX = 100_000;
    private static final long STEPS_PER_SESSION_MAX = 1_000;

    private final SchedulerCore core;
    private final HostedCore hosted;
    private final RecordedLives lives;
    private final ClusterBooks recorded = new ClusterBooks(BooksListener.NOBODY);
    private final ClusterBooks ours = new ClusterBooks(this);
    private final Agenda agenda = new Agenda();
    private final IdMap ids = new IdMap();
    private final Machines machines;
    private final Injections injections;
    private final CommandTranslator translator;
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[RECORD_LENGTH]);
    private final RecordFlyweight record = new RecordFlyweight();
    private final UnsafeBuffer continuation = new UnsafeBuffer(new byte[64]);
    private final UnsafeBuffer wake = new UnsafeBuffer(new byte[64]);
    private final ReignOptions reign = new ReignOptions();
    private final int continuationLength;
    private final int wakeLength;
    private Consumer<RecordFlyweight> tap;
    private Runnable beforeCommand;
    private boolean generatedFromFork;
    private boolean generated;
    private long nowNs;
    private long decided;
    private long differsAt;
    private long stepsAtOnce;
    private long lastNowNs;
    private String why = "";

    WhatIfRun(final SchedulerCore core, final RecordedLives lives, final Change change)
    {
        this.core = core;
        this.lives = lives;
        hosted = new HostedCore(core);
        machines = new Machines(agenda, lives, this, core, this);
        injections = new Injections(change, ours, agenda, this, machines, ids);
        translator = new CommandTranslator(change, recorded, ours, machines, ids, this);
        final MessageHeaderEncoder encoder = new MessageHeaderEncoder();
        new ContinueEncoder().wrapAndApplyHeader(continuation, 0, encoder);
        continuationLength = MessageHeaderEncoder.ENCODED_LENGTH + ContinueEncoder.BLOCK_LENGTH;
        new TimePassedEncoder().wrapAndApplyHeader(wake, 0, encoder);
        wakeLength = MessageHeaderEncoder.ENCODED_LENGTH + TimePassedEncoder.BLOCK_LENGTH;
    }

    /** Consequences are made up from the fork on, even if nothing is different; for tests. */
    WhatIfRun generatedFromFork()
    {
        generatedFromFork = true;
        return this;
    }

    /** Shows every record that is decided anew, once it is. */
    WhatIfRun tap(final Consumer<RecordFlyweight> consumer)
    {
        tap = consumer;
        return this;
    }

    /** Called before each command that is decided anew; {@link #nowNs} is that of the command. */
    WhatIfRun beforeCommand(final Runnable action)
    {
        beforeCommand = action;
        return this;
    }

    /* Up to the fork. */

    /** Takes what is known of the time before the records, for a first time; {@link #past} for a second. */
    void foretell(final RecordFlyweight known)
    {
        recorded.foretell(known);
        ours.foretell(known);
    }

    /** Takes what is known of the time before the records. */
    void past(final RecordFlyweight known)
    {
        follow(known);
        recorded.onRecord(known);
        ours.onRecord(known);
    }

    /** Takes a record as it is. */
    void restore(final RecordFlyweight recordedOne)
    {
        follow(recordedOne);
        hosted.restore(recordedOne);
        recorded.onRecord(recordedOne);
        ours.onRecord(recordedOne);
        nowNs = recordedOne.timestampNs();
    }

    /** A reign may have other options than the one before. */
    private boolean follow(final RecordFlyweight any)
    {
        final boolean begins = reign.onRecord(any);
        if (begins)
        {
            core.options(reign.options());
        }
        return begins;
    }

    /**
     * From here on commands are decided.
     *
     * @param forkNs time of the first of them.
     * @param endNs  of the stretch that is measured.
     * @param mix    what the cluster is typically asked for.
     */
    void fork(final long forkNs, final long endNs, final TypicalMix mix)
    {
        // Right behind a snapshot nothing has moved it yet.
        nowNs = Math.max(nowNs, core.timestampNs());
        recorded.meter().begin(forkNs, endNs, mix);
        ours.meter().begin(forkNs, endNs, mix);
        injections.foresee(forkNs);
        if (generatedFromFork)
        {
            takeOver("everything is made up from the fork on");
        }
    }

    /* From the fork on. */

    /** Decides the command of the next record. */
    void onRecord(final RecordFlyweight next)
    {
        if (!generated && agenda.isBefore(next.timestampNs(), next.sequence()))
        {
            takeOver("the change begins");
        }
        if (!generated && translator.isTouched(next))
        {
            takeOver("the change is about this command");
        }
        if (generated)
        {
            runTo(next.timestampNs(), next.sequence());
            nowNs = Math.max(nowNs, next.timestampNs());
            translator.translate(next);
        }
        else
        {
            again(next);
        }
        recorded.onRecord(next);
    }

    private void again(final RecordFlyweight next)
    {
        nowNs = next.timestampNs();
        decide(next.buffer(), next.commandOffset(), next.commandLength());
        if (!isEqual(next))
        {
            takeOver("the scheduler decides otherwise");
        }
    }

    private boolean isEqual(final RecordFlyweight next)
    {
        final int length = next.eventsLength();
        if (record.eventsLength() != length)
        {
            return false;
        }
        for (int i = 0; i < length; i++)
        {
            if (next.buffer().getByte(next.eventsOffset() + i) != record.buffer().getByte(record.eventsOffset() + i))
            {
                return false;
            }
        }
        return true;
    }

    private void takeOver(final String because)
    {
        generated = true;
        differsAt = core.sequence() + 1;
        why = because;
        if (!ours.sessions.isEmpty())
        {
            ids.same(ours.sessions.get(ours.sessions.size() - 1).id);
        }
        machines.takeOver(ours, core.sequence());
        settle();
    }

    /** Lets everything happen that is due before a record. */
    private void runTo(final long atNs, final long sequence)
    {
        while (true)
        {
            checkProgress();
            final long deadlineNs = core.nextDeadlineNs();
            final boolean due = agenda.isBefore(atNs, sequence);
            // What is due at the time of a command expires with that command.
            if (deadlineNs < (due ? Math.min(atNs, agenda.nextNs()) : atNs))
            {
                nowNs = Math.max(nowNs, deadlineNs);
                feed(wake, 0, wakeLength);
            }
            else if (due)
            {
                nowNs = Math.max(nowNs, agenda.nextNs());
                agenda.step();
                settleIfLast();
            }
            else
            {
                return;
            }
        }
    }

    /** Rules that send the scheduler round in circles would keep it at one instant for ever. */
    private void checkProgress()
    {
        stepsAtOnce = nowNs > lastNowNs ? 0 : stepsAtOnce + 1;
        lastNowNs = nowNs;
        if (stepsAtOnce > STEPS_AT_ONCE_MAX + STEPS_PER_SESSION_MAX * ours.sessions.size())
        {
            throw new WhatIfException("at " + ComparisonText.time(nowNs) + " the scheduler goes round in circles");
        }
    }

    /** The record is over: what is under way goes on until a time. */
    void finish(final long endNs)
    {
        if (generated)
        {
            runTo(endNs, Long.MAX_VALUE);
        }
        recorded.meter().end();
        ours.meter().end();
    }

    /** Lets happen what is due up to a time; no cause of the record may be. */
    void advance(final long untilNs)
    {
        if (generated)
        {
            runTo(untilNs, Long.MAX_VALUE);
        }
    }

    @Override
    public void feed(final DirectBuffer command, final int offset, final int length)
    {
        decide(command, offset, length);
        settle();
    }

    @Override
    public void feedFollowed(final DirectBuffer command, final int offset, final int length)
    {
        decide(command, offset, length);
        settleIfLast();
    }

    private void settleIfLast()
    {
        if (agenda.nextNs() > nowNs)
        {
            settle();
        }
    }

    private void settle()
    {
        while (core.continueNeeded())
        {
            decide(continuation, 0, continuationLength);
        }
    }

    private void decide(final DirectBuffer command, final int offset, final int length)
    {
        if (null != beforeCommand)
        {
            beforeCommand.run();
        }
        final long sequence = core.sequence() + 1;
        final int eventsOffset = RecordFlyweight.eventsOffset(length);
        RecordFlyweight.putHeader(buffer, 0, sequence, nowNs, length, 0);
        buffer.putLong(eventsOffset - Long.BYTES, 0);
        buffer.putBytes(RecordFlyweight.COMMAND_OFFSET, command, offset, length);
        final boolean begins = follow(record.wrap(buffer, 0));
        final int eventsLength;
        try
        {
            eventsLength = core.onCommand(
                buffer, RecordFlyweight.COMMAND_OFFSET, length, sequence, nowNs, buffer, eventsOffset);
        }
        catch (final RuntimeException ex)
        {
            throw new WhatIfException("the scheduler failed on the command that became sequence " + sequence, ex);
        }
        RecordFlyweight.putHeader(buffer, 0, sequence, nowNs, length, eventsLength);
        decided++;
        ours.onRecord(record.wrap(buffer, 0));
        if (null != tap)
        {
            tap.accept(record);
        }
        if (generated && begins)
        {
            injections.onTermBegan();
        }
    }

    @Override
    public long nowNs()
    {
        return nowNs;
    }

    /* What was decided. */

    @Override
    public void onAttached(final AgentBook agent, final boolean sawMore)
    {
        machines.onAttached(agent, sawMore);
    }

    @Override
    public void onChanged(final AgentBook agent)
    {
        machines.onChanged(agent);
    }

    @Override
    public void onConfigured()
    {
        injections.onConfigured();
    }

    @Override
    public void onAssigned(final KernelBook kernel)
    {
        machines.onAssigned(kernel);
    }

    @Override
    public void onKill(
        final AgentBook agent, final long kernelId, final long term, final int attempt, final Reason reason)
    {
        machines.onKill(agent, kernelId, term, attempt, reason);
    }

    @Override
    public void onAccepted(final long firstId, final long count, final boolean repeated)
    {
        if (generated && !repeated)
        {
            ids.onAccepted(firstId, count);
            injections.onAccepted(firstId);
        }
    }

    @Override
    public void onRejected(final CommandRejectedDecoder rejected)
    {
        if (generated)
        {
            final String code = rejected.code().name().toLowerCase(Locale.ROOT).replace('_', '-');
            final long requested = rejected.requested();
            final long limit = rejected.limitValue();
            final String field = rejected.field();
            final String detail = rejected.detail();
            injections.onRefused(code + (field.isEmpty() ? "" : " (" + field + ")") +
                (detail.isEmpty() ? 0 == requested && 0 == limit ? "" : ": " + requested + ", limit " + limit :
                    ": " + detail.replace("\n", "; ")));
        }
    }

    @Override
    public Origin of(final KernelBook kernel)
    {
        final long id = kernel.session.id;
        final IdMap.Run run = ids.run(id);
        if (null != run && null != run.added())
        {
            return new Origin(SessionLife.UNKNOWN, null, run.added());
        }
        final long recordedId = ids.recorded(id);
        return new Origin(
            IdMap.NONE == recordedId ? SessionLife.UNKNOWN : lives.life(recordedId),
            null == run ? null : run.duration(),
            null);
    }

    @Override
    public int recordedAgentId(final AgentBook agent)
    {
        final AgentBook same = recorded.agent(agent.uuidHi, agent.uuidLo);
        return null == same ? 0 : same.id;
    }

    /* Results. */

    ClusterBooks recorded()
    {
        return recorded;
    }

    ClusterBooks ours()
    {
        return ours;
    }

    IdMap ids()
    {
        return ids;
    }

    Machines machines()
    {
        return machines;
    }

    SchedulerCore core()
    {
        return core;
    }

    /** Whether anything was other than recorded. */
    boolean isDifferent()
    {
        return generated;
    }

    /** Sequence of the first command that was not the recorded one with its events; 0: none. */
    long differsAt()
    {
        return differsAt;
    }

    /** What made it differ. */
    String why()
    {
        return why;
    }

    /** Commands that were decided. */
    long decided()
    {
        return decided;
    }
}
