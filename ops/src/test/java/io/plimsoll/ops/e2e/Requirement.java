package io.plimsoll.ops.e2e;

import org.junit.jupiter.api.Assumptions;

/** A part that a test needs and that a machine may lack: skipped with a hint on a user's machine, a failure in CI. */
final class Requirement
{
    private Requirement()
    {
    }

    static void of(final boolean isThere, final String hint)
    {
        if (!isThere && "true".equals(System.getenv("CI")))
        {
            throw new AssertionError("CI lacks a part: " + hint);
        }
        Assumptions.assumeTrue(isThere, hint);
    }

    static void root()
    {
        of(Shell.isRoot(), "run as root");
    }

    /** A command of the system, with the Debian package that has it. */
    static void command(final String command, final String debianPackage)
    {
        final boolean isThere = 0 == Shell.exec("sh", "-c", "command -v " + command).exitCode();
        of(isThere, "the command " + command + " is missing; as root: apt-get install " + debianPackage);
    }
}
