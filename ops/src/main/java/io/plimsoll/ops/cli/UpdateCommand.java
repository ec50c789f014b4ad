package io.plimsoll.ops.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Changes sessions that have not ended. */
@Command(
    name = "update",
    description = {
        "Changes sessions that have not ended: their priority, their time limit, their name.",
        "Whoever waits moves to its place in the queue at once. A limit counts from the start of the attempt,",
        "so one that a running session has passed already ends it."},
    footer = {"  plimsoll update 17 --timeout 4h", "  plimsoll update 5-204 300 --priority 80 --name urgent"})
final class UpdateCommand extends ClientCommand
{
    @Parameters(paramLabel = "ID", arity = "1..*", description = "Ids, ranges such as 5-204, or both with commas.")
    private List<String> ids = new ArrayList<>();

    @Option(names = "--priority", paramLabel = "N", description = "0 to 100; the higher goes first.")
    private Integer priority;

    @Option(names = "--timeout", paramLabel = "D", description = "Longest run time, such as 90s or 4h; 0: no limit.")
    private String timeout;

    @Option(names = "--name", paramLabel = "NAME", description = "Name for people.")
    private String name;

    UpdateCommand(final Terminal terminal)
    {
        super(terminal);
    }

    @Override
    int run(final Api api)
    {
        final Map<String, Object> change = change();
        change.put("ids", IdRanges.parse(ids).texts());
        final JsonValue reply = api.post("/v1/sessions/update", change);
        final long updated = reply.number("updated", 0);
        final long ended = reply.number("alreadyEnded", 0);
        final long unknown = reply.number("unknown", 0);
        if (json())
        {
            print(reply);
        }
        else if (updated > 0)
        {
            print("updated " + updated);
        }
        if (unknown > 0)
        {
            throw new CliException(
                ExitCode.UNKNOWN,
                unknown + (1 == unknown ? " id is not that of a session" : " ids are not those of sessions") +
                    ", or of such that are forgotten since they ended");
        }
        if (0 == updated && ended > 0)
        {
            throw new CliException(
                ExitCode.CONFLICT, 1 == ended ? "it had ended already" : "all " + ended + " had ended already");
        }
        return ExitCode.OK;
    }

    private Map<String, Object> change()
    {
        final Map<String, Object> change = new LinkedHashMap<>();
        if (null != priority)
        {
            change.put("priority", priority);
        }
        if (null != timeout)
        {
            change.put("timeout", "0".equals(timeout) ? (Object)0L : timeout);
        }
        if (null != name)
        {
            change.put("name", name);
        }
        if (change.isEmpty())
        {
            throw new CliException(ExitCode.USAGE, "say what is to change: --priority, --timeout or --name");
        }
        return change;
    }
}
