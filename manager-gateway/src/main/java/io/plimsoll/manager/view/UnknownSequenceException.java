package io.plimsoll.manager.view;

/** A reader wants to go on from where this journal does not lead: it lost that part, or never had it. */
public final class UnknownSequenceException extends IllegalArgumentException
{
    private static final long serialVersionUID = 1L;

    private final long newest;

    /**
     * Says so.
     *
     * @param message for people.
     * @param newest  sequence that both have in common; 0: that is not known.
     */
    public UnknownSequenceException(final String message, final long newest)
    {
        super(message);
        this.newest = newest;
    }

    /** Last sequence that the reader and this journal have in common, as far as that is known; 0: it is not. */
    public long newest()
    {
        return newest;
    }
}
