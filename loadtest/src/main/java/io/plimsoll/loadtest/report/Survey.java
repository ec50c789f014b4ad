package io.plimsoll.loadtest.report;

import io.plimsoll.core.RecordFlyweight;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/** The first reading of a journal for a report: everything that can be told from the records as they pass. */
final class Survey
{
    final ReportRange range;
    final WaitListener waits;
    final LongestWaits longest;
    final UsageListener usage;
    final FlowListener flow;
    final AgentListener agents;
    final ClusterBook book;
    private final BucketClock clock;
    private final TraceWriter trace;
    private boolean hasBegun;
    private long commandsBefore;
    private long eventsBefore;

    /**
     * Of a range.
     *
     * @param range of the report.
     * @param trace takes a trace of the range; null: nobody does.
     */
    Survey(final ReportRange range, final OutputStream trace)
    {
        this.range = range;
        final BookedNames names = new BookedNames();
        final List<ReportListener> listeners = new ArrayList<>();
        waits = add(listeners, new WaitListener(range));
        longest = add(listeners, new LongestWaits(range));
        usage = add(listeners, new UsageListener(range));
        flow = add(listeners, new FlowListener(range));
        agents = add(listeners, new AgentListener(range));
        this.trace = null == trace ? null : add(listeners, new TraceWriter(range, names, trace));
        book = new ClusterBook(names, listeners);
        clock = new BucketClock(range, listeners);
    }

    private static <T extends ReportListener> T add(final List<ReportListener> listeners, final T listener)
    {
        listeners.add(listener);
        return listener;
    }

    void onRecord(final RecordFlyweight record)
    {
        final long timeNs = record.timestampNs();
        if (!hasBegun && timeNs >= range.startNs())
        {
            hasBegun = true;
            book.mixes().clear();
        }
        clock.advance(timeNs);
        if (timeNs < range.fromNs())
        {
            commandsBefore++;
        }
        final long events = book.events();
        book.onRecord(record);
        if (timeNs < range.fromNs())
        {
            eventsBefore += book.events() - events;
        }
    }

    /** No record follows. */
    void end()
    {
        clock.advance(range.toNs());
        longest.onEnd(book.open());
        agents.onEnd();
        if (null != trace)
        {
            trace.onEnd(book.agents());
            trace.close();
        }
    }

    /** Records of the range. */
    long commands()
    {
        return book.commands() - commandsBefore;
    }

    /** Their events. */
    long events()
    {
        return book.events() - eventsBefore;
    }
}
