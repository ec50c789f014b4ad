package io.plimsoll.ops.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Opens a shell beside a kernel. */
@Command(
    name = "shell",
    description = {
        "Opens a shell beside a running session: what SHELL names in its environment, else bash, else sh.",
        "With a terminal if this is one; else it reads commands from the standard input."},
    footer = {
        "  plimsoll shell 17",
        "  plimsoll shell --kernel 1 17",
        "  echo 'ls -l' | plimsoll shell 17"})
final class ShellCommand extends ClientCommand
{
    private static final String SCRIPT =
        "for s in \"${SHELL:-}\" bash sh; do [ -n \"$s\" ] && command -v \"$s\" >/dev/null 2>&1 && exec \"$s\"; done";

    @Mixin
    private RemoteOptions options;

    @Parameters(paramLabel = "ID", description = "Id of the session.")
    private String id;

    ShellCommand(final Terminal terminal)
    {
        super(terminal);
    }

    @Override
    int run(final Api api) throws InterruptedException
    {
        return new RemoteTerminal(terminal()).run(
            api,
            options.path(id, "exec"),
            new RemoteTerminal.Request(
                List.of("/bin/sh", "-c", SCRIPT),
                options.env(),
                options.cwd(),
                options.user(),
                Terminal.isScreen(0),
                true,
                options.detachKeys()));
    }
}
