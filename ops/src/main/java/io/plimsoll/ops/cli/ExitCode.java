package io.plimsoll.ops.cli;

/** Exit codes of the command line; a contract, listed in docs/EXIT_CODES.md. */
public final class ExitCode
{
    public static final int OK = 0;
    /** A session that was waited for did not succeed, a check of doctor failed, a step of the demo went wrong. */
    public static final int FAILED = 1;
    public static final int USAGE = 2;
    public static final int UNREACHABLE = 3;
    public static final int UNKNOWN = 4;
    public static final int REJECTED = 5;
    public static final int CONFLICT = 6;
    public static final int OVERLOADED = 7;
    public static final int UNAUTHENTICATED = 8;
    public static final int INTERNAL = 70;
    public static final int JOURNAL = 74;
    public static final int WAIT_TIMEOUT = 124;
    /** Nobody reads the output any more; what a shell says of a program that SIGPIPE ended. */
    public static final int BROKEN_PIPE = 141;

    private ExitCode()
    {
    }
}
