package io.plimsoll.ops.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** Where and how a command runs beside a kernel. */
final class RemoteOptions
{
    @Option(names = "--kernel", paramLabel = "N", description = "Which kernel of the session, from 0; 0 by default.")
    private int kernel;

    @Option(
        names = {"-e", "--env"},
        paramLabel = "NAME=VALUE",
        description = "Sets a variable, on top of those of the kernel; may be repeated.")
    private Map<String, String> env = new LinkedHashMap<>();

    @Option(
        names = {"-w", "--cwd"},
        paramLabel = "DIR",
        description = "Directory to start in; where the kernel did by default.")
    private String cwd = "";

    @Option(
        names = {"-u", "--user"},
        paramLabel = "USER",
        description = "User to run as, in a container only; as whom the kernel runs by default.")
    private String user = "";

    @Option(
        names = "--detach-keys",
        paramLabel = "KEYS",
        description = "Keys that leave the terminal; " + DetachKeys.DEFAULT + " by default, '' for none.")
    private String detachKeys = DetachKeys.DEFAULT;

    Map<String, String> env()
    {
        return env;
    }

    String cwd()
    {
        return cwd;
    }

    String user()
    {
        return user;
    }

    String detachKeys()
    {
        return detachKeys;
    }

    /** Route of a session's terminals. */
    String path(final String id, final String what)
    {
        return path(id, what, kernel);
    }

    static String path(final String id, final String what, final int kernel)
    {
        return "/v1/sessions/" + IdRanges.parseId(id) + "/" + what + "?kernel=" + kernel;
    }
}
