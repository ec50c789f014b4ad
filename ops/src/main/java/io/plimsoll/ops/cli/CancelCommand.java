package io.plimsoll.ops.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Cancels sessions. */
@Command(
    name = "cancel",
    description = {
        "Cancels sessions. One that runs is told to end with SIGTERM, and after its grace with SIGKILL.",
        "Returns at once; plimsoll wait waits for the end."},
    footer = {"  plimsoll cancel 17", "  plimsoll cancel 5-204 300,301"})
final class CancelCommand extends ClientCommand
{
    @Parameters(paramLabel = "ID", arity = "1..*", description = "Ids, ranges such as 5-204, or both with commas.")
    private List<String> ids = new ArrayList<>();

    CancelCommand(final Terminal terminal)
    {
        super(terminal);
    }

    @Override
    int run(final Api api)
    {
        final JsonValue reply = api.cancel(IdRanges.parse(ids));
        final long cancelled = reply.number("cancelled", 0);
        final long ended = reply.number("alreadyEnded", 0);
        final long unknown = reply.number("unknown", 0);
        if (json())
        {
            print(reply);
        }
        else if (cancelled > 0)
        {
            print("cancelled " + cancelled);
        }
        if (unknown > 0)
        {
            throw new CliException(
                ExitCode.UNKNOWN,
                1 == unknown ?
                    "one id is not that of a session, or of one that is forgotten since it ended" :
                    unknown + " ids are not those of sessions, or of such that are forgotten since they ended");
        }
        if (0 == cancelled && ended > 0)
        {
            throw new CliException(
                ExitCode.CONFLICT, 1 == ended ? "it had ended already" : "all " + ended + " had ended already");
        }
        return ExitCode.OK;
    }
}
