package io.plimsoll.manager.replay;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.manager.egress.RecordDispatcher;
import io.plimsoll.manager.egress.SpecStore;
import io.plimsoll.manager.view.LiveViewStore;

/** What readers see, made of records. For one writing thread. */
final class ReplayedRecords
{
    private final SpecStore specs = new SpecStore();
    /** Nobody waits in a replay. */
    private final LiveViewStore view = new LiveViewStore(specs, 0);
    private final RecordDispatcher dispatcher = new RecordDispatcher(specs, view);

    void onRecord(final RecordFlyweight record)
    {
        dispatcher.dispatch(record);
    }

    LiveViewStore view()
    {
        return view;
    }

    ReplayedRecords copy()
    {
        final ReplayedRecords copy = new ReplayedRecords();
        copy.specs.copyFrom(specs);
        copy.view.copyFrom(view);
        return copy;
    }
}
