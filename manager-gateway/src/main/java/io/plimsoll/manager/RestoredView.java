package io.plimsoll.manager;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.sbe.ManagerStartedDecoder;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.PoisonedDecoder;
import io.plimsoll.manager.egress.RecordDispatcher;
import io.plimsoll.manager.egress.SpecStore;
import io.plimsoll.manager.view.LiveViewStore;

/**
 * What readers will see, filled from the journal before there are stages: show it every record in order, then hand it
 * to {@link ManagerStages}. Nothing is sent and nobody is answered while it is filled.
 */
public final class RestoredView
{
    private final SpecStore specs = new SpecStore();
    private final LiveViewStore view;
    private final RecordDispatcher dispatcher;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final PoisonedDecoder poisoned = new PoisonedDecoder();
    private final ManagerStartedDecoder started = new ManagerStartedDecoder();
    private final PoisonHistory poison = new PoisonHistory();

    /** Empty. */
    public RestoredView()
    {
        view = new LiveViewStore(specs, ManagerDefaults.WAITERS_MAX);
        dispatcher = new RecordDispatcher(specs, view);
    }

    /** One record of the journal. */
    public void onRecord(final RecordFlyweight record)
    {
        header.wrap(record.buffer(), record.commandOffset());
        switch (header.templateId())
        {
            case ManagerStartedDecoder.TEMPLATE_ID ->
                poison.onStarted(started.wrapAndApplyHeader(record.buffer(), record.commandOffset(), header).build());
            case PoisonedDecoder.TEMPLATE_ID ->
                poison.onPoisoned(
                    record.sequence(),
                    poisoned.wrapAndApplyHeader(record.buffer(), record.commandOffset(), header));
            default ->
            {
                // Its events say all.
            }
        }
        dispatcher.dispatch(record);
    }

    /** Commands in the journal on which the core threw; each has ended a manager. */
    public int poisonedCount()
    {
        return poison.count();
    }

    /** What an operator should know of them at the start of a build; empty if there are none. */
    public String poisonDiagnosis(final String ofBuild)
    {
        return poison.diagnosis(ofBuild);
    }

    PoisonHistory poison()
    {
        return poison;
    }

    SpecStore specs()
    {
        return specs;
    }

    public LiveViewStore view()
    {
        return view;
    }
}
