package io.plimsoll.ops.cli;

/** A mistake or a failure that a user can understand: one sentence for stderr and the exit code that goes with it. */
public final class CliException extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    /**
     * Ends the command.
     *
     * @param exitCode of {@link ExitCode}.
     * @param message  one sentence: what is wrong and what would be right.
     */
    public CliException(final int exitCode, final String message)
    {
        super(message, null, false, false);
        this.exitCode = exitCode;
    }

    public int exitCode()
    {
        return exitCode;
    }
}
