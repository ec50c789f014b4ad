package io.plimsoll.loadtest.sim;

/** Something happened that must not happen, or did not happen that must; the message says where to look. */
public final class SimulationException extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    SimulationException(final String message)
    {
        super(message);
    }

    SimulationException(final String message, final Throwable cause)
    {
        super(message, cause);
    }
}
