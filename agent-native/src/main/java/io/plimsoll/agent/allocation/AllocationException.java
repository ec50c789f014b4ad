package io.plimsoll.agent.allocation;

/** A request that is refused; nothing has changed. The message starts with the kind. */
public final class AllocationException extends Exception
{
    private static final long serialVersionUID = 1L;

    /** Why, in the words that users of existing agents know. */
    public enum Kind
    {
        /** There is not as much left. */
        INSUFFICIENT("InsufficientResource"),
        /** Slots that exclude each other. */
        COMBINATION("InvalidResourceCombination"),
        /** An amount that cannot be had of such a slot. */
        ARGUMENT("InvalidResourceArgument"),
        /** Less than the least share. */
        QUANTUM("NotMultipleOfQuantum"),
        /** There is enough, in pieces that are too small. */
        FRAGMENTED("FractionalResourceFragmented"),
        /** The host has no such slot. */
        CONFIGURATION("ConfigurationError");

        private final String text;

        Kind(final String text)
        {
            this.text = text;
        }
    }

    private final Kind kind;

    AllocationException(final Kind kind, final String why)
    {
        super(kind.text + ": " + why);
        this.kind = kind;
    }

    /** Why. */
    public Kind kind()
    {
        return kind;
    }
}
