package io.plimsoll.manager;

import io.plimsoll.core.RecordFlyweight;
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
    private int poisonedCount;
    private String lastPoisoned = "";

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
        if (PoisonedDecoder.TEMPLATE_ID == header.templateId())
        {
            poisoned.wrapAndApplyHeader(record.buffer(), record.commandOffset(), header);
            poisonedCount++;
            lastPoisoned = "sequence=" + record.sequence() + " templateId=" + poisoned.templateId() +
                " exception=" + poisoned.exception();
        }
        dispatcher.dispatch(record);
    }

    /** Commands in the journal on which the core threw; each has ended a manager, and is refused since. */
    public int poisonedCount()
    {
        return poisonedCount;
    }

    /** The last of them, for people; empty if there is none. */
    public String lastPoisoned()
    {
        return lastPoisoned;
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
