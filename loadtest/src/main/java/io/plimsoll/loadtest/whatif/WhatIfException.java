package io.plimsoll.loadtest.whatif;

/** A what-if cannot be answered as it was asked; the message is one sentence: what is wrong and what would be right. */
public final class WhatIfException extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    /** A sentence. */
    public WhatIfException(final String message)
    {
        super(message);
    }

    WhatIfException(final String message, final Throwable cause)
    {
        super(message, cause);
    }
}
