package io.plimsoll.manager;

import io.plimsoll.core.RecordFlyweight;
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

    /** Empty. */
    public RestoredView()
    {
        view = new LiveViewStore(specs, ManagerDefaults.WAITERS_MAX);
        dispatcher = new RecordDispatcher(specs, view);
    }

    /** One record of the journal. */
    public void onRecord(final RecordFlyweight record)
    {
        dispatcher.dispatch(record);
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
