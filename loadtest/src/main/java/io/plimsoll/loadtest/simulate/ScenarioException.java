package io.plimsoll.loadtest.simulate;

/** A scenario or a trace that says something that cannot be; the message names the line and the field. */
public final class ScenarioException extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    /**
     * Ends the reading.
     *
     * @param message one sentence: where, what is wrong and what would be right.
     */
    public ScenarioException(final String message)
    {
        super(message);
    }

    ScenarioException(final int line, final String field, final String problem)
    {
        this("line " + line + ": " + (field.isEmpty() ? "" : field + ": ") + problem);
    }
}
