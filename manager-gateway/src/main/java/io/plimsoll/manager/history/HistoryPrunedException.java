package io.plimsoll.manager.history;

/** The journal's first records are gone, so that a history made anew would lack what the present one has. */
public final class HistoryPrunedException extends HistoryException
{
    private static final long serialVersionUID = 1L;

    HistoryPrunedException(final long oldestSequence)
    {
        super("the records before sequence " + oldestSequence + " were pruned: a history made anew would lack the " +
            "sessions that were forgotten by then, and what they used");
    }
}
