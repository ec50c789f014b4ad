package io.plimsoll.ops.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Cancels sessions. */
@Command(
    name = "cancel",
    description = {
        "Cancels sessions. One that runs is told to end with SIGTERM, and after its grace with SIGKILL.",
        "Returns at once; plimsoll wait waits for the end."},
    footer = {
        "  plimsoll cancel 17",
        "  plimsoll cancel 5-204 300,301",
        "  plimsoll cancel --state PENDING --group gpu --account alice"})
final class CancelCommand extends ClientCommand
{
    @Mixin
    private SelectOptions select = new SelectOptions();

    @Option(
        names = "--limit",
        paramLabel = "N",
        description = "Cancel at most so many of those selected; 10000 by default, 100000 at most.")
    private long limit = 10_000;

    @Parameters(paramLabel = "ID", arity = "0..*", description = "Ids, ranges such as 5-204, or both with commas.")
    private List<String> ids = new ArrayList<>();

    CancelCommand(final Terminal terminal)
    {
        super(terminal);
    }

    @Override
    int run(final Api api)
    {
        final Map<String, Object> conditions = select.conditions();
        if (ids.isEmpty() == conditions.isEmpty())
        {
            throw new CliException(ExitCode.USAGE, "say which: either ids, or conditions such as --state PENDING");
        }
        final JsonValue reply = ids.isEmpty() ? api.cancel(conditions, limit) : api.cancel(IdRanges.parse(ids));
        final long cancelled = reply.number("cancelled", 0);
        final long ended = reply.number("alreadyEnded", 0);
        final long unknown = reply.number("unknown", 0);
        if (json())
        {
            print(reply);
        }
        else if (cancelled > 0)
        {
            print("cancelled " + cancelled + (1 == cancelled ? " session" : " sessions"));
        }
        if (reply.isTrue("more"))
        {
            terminal().err().println("plimsoll: there are more than " + limit + " of them; say it again, or --limit");
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
