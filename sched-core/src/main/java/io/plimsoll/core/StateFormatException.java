package io.plimsoll.core;

/** Blocks that are no state of a core, or that of a release which knows more than this one. */
public final class StateFormatException extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    public StateFormatException(final String message)
    {
        super(message);
    }
}
