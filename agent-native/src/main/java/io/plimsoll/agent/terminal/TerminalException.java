package io.plimsoll.agent.terminal;

import io.plimsoll.transport.sbe.TerminalCode;

/** A terminal that cannot be opened; the message is for people. */
public final class TerminalException extends Exception
{
    private static final long serialVersionUID = 1L;

    /** As of a shell that does not find a command. */
    public static final int NOT_FOUND = 127;

    private final TerminalCode code;

    /**
     * Says why.
     *
     * @param code    for the manager.
     * @param message for people.
     */
    public TerminalException(final TerminalCode code, final String message)
    {
        super(message);
        this.code = code;
    }

    /** For the manager. */
    public TerminalCode code()
    {
        return code;
    }

    /** The command that cannot be started because of what it is. */
    public static TerminalException cannotStart(final String why)
    {
        return new TerminalException(TerminalCode.CANNOT_START, why);
    }

    /** The kernel has not started, or has ended. */
    public static TerminalException notRunning()
    {
        return new TerminalException(TerminalCode.NOT_RUNNING, "the kernel does not run");
    }

    /** The kernel was not made to take any. */
    public static TerminalException noInput()
    {
        return new TerminalException(TerminalCode.UNSUPPORTED, "the kernel takes no input");
    }
}
