package io.plimsoll.loadtest.whatif;

import io.plimsoll.core.CoreOptions;
import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.SchedulerCore;
import io.plimsoll.core.pipeline.HostedCore;
import io.plimsoll.core.sbe.SubmitSessionsDecoder;
import io.plimsoll.loadtest.proof.RecordTape;
import io.plimsoll.loadtest.simulate.Scenario;
import io.plimsoll.loadtest.simulate.ScenarioParser;
import io.plimsoll.loadtest.simulate.ScenarioRun;
import io.plimsoll.loadtest.workload.CoreWorkload;
import io.plimsoll.loadtest.workload.WorkloadTape;
import io.plimsoll.manager.snapshot.RecordCompactor;
import java.util.function.Consumer;

/** Journals for tests, in memory. */
final class Tapes
{
    private Tapes()
    {
    }

    static RecordSource source(final RecordTape tape)
    {
        return consumer ->
        {
            final RecordFlyweight record = new RecordFlyweight();
            for (int i = 0; i < tape.size(); i++)
            {
                consumer.accept(tape.wrap(i, record));
            }
        };
    }

    /** The same, of which only what a snapshot keeps is there of the first records. */
    static RecordSource source(final RecordTape tape, final int base)
    {
        return new RecordSource()
        {
            @Override
            public SchedulerCore core()
            {
                final SchedulerCore core = new SchedulerCore(CoreOptions.defaults());
                final HostedCore hosted = new HostedCore(core);
                source(tape).forEach(record ->
                {
                    if (record.sequence() <= base)
                    {
                        hosted.restore(record);
                    }
                });
                return core;
            }

            @Override
            public void past(final Consumer<RecordFlyweight> consumer)
            {
                final RecordCompactor compactor = new RecordCompactor();
                source(tape).forEach(record ->
                {
                    if (record.sequence() <= base)
                    {
                        compactor.onRecord(record);
                    }
                });
                compactor.forEach(consumer);
            }

            @Override
            public void forEach(final Consumer<RecordFlyweight> consumer)
            {
                source(tape).forEach(record ->
                {
                    if (record.sequence() > base)
                    {
                        consumer.accept(record);
                    }
                });
            }
        };
    }

    /** A life in which anything happens. */
    static RecordTape wild(final long seed)
    {
        return WorkloadTape.record(
            new HostedCore(new SchedulerCore(CoreOptions.defaults())), new CoreWorkload(seed, 12), 600);
    }

    /** What a manager would have written of a scenario. */
    static RecordTape simulated(final Scenario scenario)
    {
        final RecordTape tape = new RecordTape();
        new ScenarioRun(scenario, null, tape::append).run(ScenarioRun.TO_THE_END);
        return tape;
    }

    static RecordTape simulated(final String scenario)
    {
        return simulated(ScenarioParser.parse(scenario));
    }

    /** Sequence of the first submission. */
    static long firstSubmission(final RecordTape tape)
    {
        for (int i = 0; i < tape.size(); i++)
        {
            if (SubmitSessionsDecoder.TEMPLATE_ID == tape.templateId(i))
            {
                return i + 1L;
            }
        }
        throw new IllegalStateException("nothing is submitted");
    }

    /** About a tape of a scenario. */
    static WhatIf simulatedWhatIf(final RecordTape tape, final long from)
    {
        return new WhatIf(source(tape), JournalMoment.at(from), JournalMoment.END);
    }

    /** About a tape of a life. */
    static WhatIf wildWhatIf(final RecordTape tape, final long from)
    {
        return new WhatIf(source(tape), JournalMoment.at(from), JournalMoment.END);
    }
}
