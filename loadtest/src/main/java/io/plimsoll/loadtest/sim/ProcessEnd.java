package io.plimsoll.loadtest.sim;

/** A simulated process ends in the middle of what it is doing. No code of the process may catch it and go on. */
final class ProcessEnd extends Error
{
    private static final long serialVersionUID = 1L;

    ProcessEnd(final String where)
    {
        super(where, null, false, false);
    }
}
