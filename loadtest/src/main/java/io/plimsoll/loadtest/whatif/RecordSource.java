package io.plimsoll.loadtest.whatif;

import io.plimsoll.core.CoreOptions;
import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.SchedulerCore;
import java.util.function.Consumer;

/** Where records come from: a journal, or a tape in memory. It can be read more than once. */
public interface RecordSource
{
    /** The scheduler before the first of the records; records and {@link #past} tell with which options it decides. */
    default SchedulerCore core()
    {
        return new SchedulerCore(CoreOptions.defaults());
    }

    /**
     * Hands over what still has an effect of the time before the first of the records: of what was told again, such as
     * a machine at each connection, the last only, where that was told.
     *
     * @param consumer of the events; each record is valid during the call.
     */
    default void past(final Consumer<RecordFlyweight> consumer)
    {
        // Nothing was before.
    }

    /**
     * Hands over records in order, up to the last that there is.
     *
     * @param consumer of the records; each is valid during the call.
     */
    void forEach(Consumer<RecordFlyweight> consumer);
}
