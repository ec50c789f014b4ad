package io.plimsoll.ops.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows who changed what. */
@Command(
    name = "audit",
    description = "Shows who changed what, when, from where and with which result, newest first.",
    footer = {
        "  plimsoll admin audit",
        "  plimsoll admin audit --actor ana --limit 20",
        "  plimsoll admin audit --action user --target bo -o json"})
final class AdminAuditCommand extends ClientCommand
{
    private static final int PAGE = 1_000;

    @Option(names = "--actor", paramLabel = "USER", description = "Changes by this user.")
    private String actor;

    @Option(
        names = "--action",
        paramLabel = "ACTION",
        description = "Such as user.create, or user for all that was done with users.")
    private String action;

    @Option(names = "--target", paramLabel = "NAME", description = "Changes of what has this name.")
    private String target;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many; 100 by default.")
    private int limit = 100;

    AdminAuditCommand(final Terminal terminal)
    {
        super(terminal);
    }

    @Override
    void check(final boolean isReplay)
    {
        if (limit < 1)
        {
            throw new CliException(ExitCode.USAGE, "--limit: use 1 or more");
        }
    }

    @Override
    int run(final Api api)
    {
        final List<JsonValue> entries = new ArrayList<>();
        final String query = parameter("actor", actor) + parameter("action", action) + parameter("target", target);
        String cursor = "";
        do
        {
            final JsonValue page = api.get(
                "/v1/audit?limit=" + Math.min(PAGE, limit - entries.size()) + query + cursor);
            entries.addAll(page.field("entries").items());
            final String next = page.text("nextCursor");
            cursor = next.isEmpty() ? "" : "&cursor=" + next;
        }
        while (!cursor.isEmpty() && entries.size() < limit);
        if (json())
        {
            print(JsonValue.of(entries));
            return ExitCode.OK;
        }
        final TextTable table = new TextTable("AT", "ACTOR", "FROM", "ACTION", "TARGET", "RESULT", "DETAIL");
        for (final JsonValue entry : entries)
        {
            table.row(
                entry.text("at"), entry.text("actor"), entry.text("source"), entry.text("action"),
                entry.text("target"), entry.text("result"), entry.text("detail"));
        }
        table.print(terminal().out());
        return ExitCode.OK;
    }

    private static String parameter(final String name, final String value)
    {
        return null == value ? "" : "&" + name + "=" + Api.encode(value);
    }
}
