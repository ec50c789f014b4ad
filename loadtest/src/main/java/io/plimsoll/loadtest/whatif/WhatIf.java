package io.plimsoll.loadtest.whatif;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.SchedulerCore;
import io.plimsoll.core.pipeline.HostedCore;
import io.plimsoll.manager.snapshot.ReignOptions;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Answers what would have happened. A journal is read three times: for what its kernels did, to decide it again, and,
 * if nothing was different, to prove that. Nothing is written. One thread.
 */
public final class WhatIf
{
    private final RecordSource source;
    private final JournalMoment from;
    private final JournalMoment to;
    private final RecordedLives lives = new RecordedLives();
    private final ReignOptions reign = new ReignOptions();
    private long forkSequence;
    private long forkNs;
    private long lastSequence;
    private long endSequence;
    private long endNs;
    private Change change;
    private TypicalMix mix;
    private boolean made;
    private Consumer<RecordFlyweight> tap;
    private long runOnNs;

    /**
     * About a journal.
     *
     * @param source of its records.
     * @param from   first record that is decided again.
     * @param to     last record of the stretch.
     */
    public WhatIf(final RecordSource source, final JournalMoment from, final JournalMoment to)
    {
        this.source = source;
        this.from = from;
        this.to = to;
    }

    /** Consequences are made up from the fork on, even if nothing is different; for tests. */
    WhatIf made()
    {
        made = true;
        return this;
    }

    /** After the record it goes on for so long, or until nothing more happens by itself; for tests. */
    WhatIf runOn(final long durationNs)
    {
        runOnNs = durationNs;
        return this;
    }

    /** Shows every record that is decided anew. */
    public WhatIf tap(final Consumer<RecordFlyweight> consumer)
    {
        tap = consumer;
        return this;
    }

    /**
     * Decides it again.
     *
     * @param changes as YAML or JSON; empty: nothing is different.
     * @return what came of it.
     * @throws io.plimsoll.loadtest.simulate.ScenarioException that names what is wrong with the changes.
     * @throws WhatIfException that says what else is wrong.
     */
    public WhatIfResult run(final String changes)
    {
        read();
        change = changes.isBlank() ? Change.NOTHING : ChangeParser.parse(changes, lives.books());
        final WhatIfRun run = new WhatIfRun(source.core(), lives, change).tap(tap);
        past(run);
        if (made)
        {
            run.generatedFromFork();
        }
        mix = mix();
        final long startNs = System.nanoTime();
        source.forEach(record ->
        {
            if (record.sequence() < forkSequence)
            {
                run.restore(record);
            }
            else if (record.sequence() <= endSequence)
            {
                if (record.sequence() == forkSequence)
                {
                    run.fork(forkNs, endNs, mix);
                }
                run.onRecord(record);
            }
        });
        run.finish(endNs);
        if (runOnNs > 0)
        {
            run.advance(endNs + runOnNs);
        }
        final long tookNs = System.nanoTime() - startNs;
        return new WhatIfResult(
            run,
            new WhatIfResult.Stretch(forkSequence, endSequence, forkNs, endNs),
            reign.decisionVersion(),
            run.core().stateHash(),
            run.isDifferent() ? 0 : recordedHash(),
            tookNs);
    }

    /**
     * Decides it again, compares, and says why.
     *
     * @param changes as YAML or JSON; empty: nothing is different.
     * @return the answer.
     * @throws io.plimsoll.loadtest.simulate.ScenarioException that names what is wrong with the changes.
     * @throws WhatIfException that says what else is wrong.
     */
    public WhatIfReport report(final String changes)
    {
        final Comparison comparison = new Comparison(run(changes));
        final WhatIfRun again = new WhatIfRun(source.core(), lives, change);
        past(again);
        final Reasons reasons = new Reasons(again, source.core(), comparison);
        if (!comparison.won().isEmpty() || !comparison.lost().isEmpty() || !comparison.otherwise().isEmpty())
        {
            source.forEach(record ->
            {
                if (record.sequence() < forkSequence)
                {
                    reasons.restore(record);
                }
                else if (record.sequence() <= endSequence)
                {
                    if (record.sequence() == forkSequence)
                    {
                        again.fork(forkNs, endNs, mix);
                    }
                    reasons.onRecord(record);
                }
            });
            reasons.finish(endNs);
        }
        return new WhatIfReport(
            comparison,
            new ComparisonText(comparison, reasons.reasons(), reasons.names()).lines(),
            new ComparisonJson(comparison, reasons.reasons(), reasons.names()).text());
    }

    /** Reads the whole journal: what ends behind the stretch is known, too. */
    private void read()
    {
        source.past(lives.books()::foretell);
        source.past(record ->
        {
            reign.onRecord(record);
            lives.onRecord(record);
        });
        source.forEach(record ->
        {
            lastSequence = record.sequence();
            if (0 == forkSequence && from.isReachedBy(record.sequence(), record.timestampNs()))
            {
                forkSequence = record.sequence();
                forkNs = record.timestampNs();
                lives.fork();
            }
            if (!to.isPassedBy(record.sequence(), record.timestampNs()))
            {
                endSequence = record.sequence();
                endNs = to.endNs(record.timestampNs());
                reign.onRecord(record);
            }
            else
            {
                endNs = Math.min(to.endNs(endNs), record.timestampNs());
            }
            lives.onRecord(record);
        });
        lives.settle();
        if (0 == lastSequence)
        {
            throw new WhatIfException("the journal holds no records");
        }
        if (0 == forkSequence)
        {
            throw new WhatIfException(String.format(
                Locale.ROOT, "--from: the journal ends before it; its last record is %d", lastSequence));
        }
        if (endSequence < forkSequence)
        {
            throw new WhatIfException("--to: it is before --from; use a later one");
        }
    }

    private void past(final WhatIfRun run)
    {
        source.past(run::foretell);
        source.past(run::past);
    }

    /** Of all that waits in the stretch. */
    private TypicalMix mix()
    {
        final TypicalMix mix = new TypicalMix();
        for (final SessionBook session : lives.books().sessions)
        {
            final boolean waited = session.request.sequence() >= forkSequence ||
                SessionBook.NOT_YET == session.endedNs ||
                session.endedNs >= forkNs;
            if (waited && session.request.sequence() <= endSequence)
            {
                mix.add(session.request);
            }
        }
        mix.settle();
        return mix;
    }

    private long recordedHash()
    {
        final SchedulerCore core = source.core();
        final HostedCore hosted = new HostedCore(core);
        source.forEach(record ->
        {
            if (record.sequence() <= endSequence)
            {
                hosted.restore(record);
            }
        });
        return core.stateHash();
    }
}
