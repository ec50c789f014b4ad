package io.plimsoll.ops.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists who waits in a resource group, in order. */
@Command(
    name = "queue",
    description = {
        "Lists who waits in a resource group, in order, and what each waits for.",
        "The order is that in which the scheduler looks at them; sessions that depend on others, or on a time, come",
        "last and have no place."},
    footer = {"  plimsoll queue", "  plimsoll queue gpu --limit 5 -o json"})
final class QueueCommand extends ClientCommand
{
    private static final int LIMIT_MAX = 1_000;

    @Parameters(paramLabel = "GROUP", arity = "0..1", description = "Name of the group; default if not given.")
    private String group = "default";

    @Option(names = "--limit", paramLabel = "N", description = "At most this many; 20 if not given.")
    private int limit = 20;

    QueueCommand(final Terminal terminal)
    {
        super(terminal);
    }

    @Override
    int run(final Api api)
    {
        if (limit < 1 || limit > LIMIT_MAX)
        {
            throw new CliException(ExitCode.USAGE, "--limit: " + limit + " is not from 1 to " + LIMIT_MAX);
        }
        final JsonValue queue = api.get("/v1/groups/" + Api.encode(group) + "/queue?limit=" + limit);
        final List<Map<String, Object>> entries = new ArrayList<>();
        int position = 0;
        for (final JsonValue id : queue.field("ready").items())
        {
            position++;
            add(api, id, position, entries);
        }
        for (final JsonValue id : queue.field("held").items())
        {
            add(api, id, 0, entries);
        }
        if (json())
        {
            final Map<String, Object> root = new LinkedHashMap<>();
            root.put("group", queue.text("group"));
            root.put("sequence", queue.number("sequence", 0));
            root.put("waiting", queue.number("waiting", 0));
            root.put("sessions", entries);
            print(JsonValue.of(root));
            return ExitCode.OK;
        }
        table(api, entries);
        final long more = queue.number("waiting", 0) - entries.size();
        if (more > 0)
        {
            print("and " + more + " more");
        }
        return ExitCode.OK;
    }

    /** It may have started since it was listed: then it waits no longer, and is left out. */
    private static void add(
        final Api api, final JsonValue id, final int position, final List<Map<String, Object>> entries)
    {
        final JsonValue session;
        final JsonValue explanation;
        try
        {
            session = api.get("/v1/sessions/" + id.text());
            explanation = api.get("/v1/sessions/" + id.text() + "/explain");
        }
        catch (final CliException ex)
        {
            if (ExitCode.UNKNOWN == ex.exitCode())
            {
                return;
            }
            throw ex;
        }
        if (explanation.field("waitsFor").items().isEmpty())
        {
            return;
        }
        final Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("position", 0 == position ? null : position);
        for (final String field : List.of("id", "name", "owner", "priority", "submittedAt", "slots"))
        {
            entry.put(field, session.field(field));
        }
        entry.put("kernels", session.field("kernels").items().size());
        entry.put("waitsFor", explanation.field("waitsFor"));
        entry.put("summary", explanation.field("summary"));
        entries.add(entry);
    }

    private void table(final Api api, final List<Map<String, Object>> entries)
    {
        final TextTable table =
            new TextTable(">POS", ">ID", "NAME", "OWNER", ">PRIO", ">KERNELS", ">WAITED", "WAITS FOR", "BECAUSE");
        for (final Map<String, Object> entry : entries)
        {
            final JsonValue row = JsonValue.of(entry);
            table.row(
                row.text("position"),
                row.text("id"),
                row.text("name"),
                row.text("owner"),
                row.text("priority"),
                row.text("kernels"),
                Sessions.duration(Math.max(0, Sessions.millisBetween(row.text("submittedAt"), api.now().toString()))),
                String.join(",", Sessions.texts(row.field("waitsFor"))),
                row.text("summary"));
        }
        table.print(terminal().out());
    }
}
