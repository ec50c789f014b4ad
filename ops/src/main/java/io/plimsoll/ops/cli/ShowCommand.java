package io.plimsoll.ops.cli;

import io.plimsoll.transport.Amounts;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows all of one session. */
@Command(
    name = "show",
    description = "Shows one session: what was asked for, where it runs, how it ended.",
    footer = {"  plimsoll show 17", "  plimsoll show 17 -o json"})
final class ShowCommand extends ClientCommand
{
    private static final Set<String> LATER = Set.of("kernels", "command", "env", "idle", "callback");

    @Parameters(paramLabel = "ID", description = "Id of the session.")
    private String id;

    ShowCommand(final Terminal terminal)
    {
        super(terminal);
    }

    @Override
    int run(final Api api)
    {
        final JsonValue session = api.get("/v1/sessions/" + IdRanges.parseId(id));
        if (json())
        {
            print(session);
            return ExitCode.OK;
        }
        for (final Map.Entry<String, JsonValue> field : session.fields().entrySet())
        {
            final JsonValue value = field.getValue();
            final boolean isPlain = !LATER.contains(field.getKey()) && !value.isMissing();
            final String text = value.text().isEmpty() ? "" : plain(value);
            if (isPlain && !text.isEmpty())
            {
                line(field.getKey(), text);
            }
        }
        final String idle = countdown(session.field("idle"));
        if (!idle.isEmpty())
        {
            line("idle", idle);
        }
        if (!session.field("callback").fields().isEmpty())
        {
            line("callback", callback(session.field("callback")));
        }
        line("command", words(session.field("command")));
        for (final Map.Entry<String, JsonValue> variable : session.field("env").fields().entrySet())
        {
            line("env", variable.getKey() + "=" + variable.getValue().text());
        }
        print("");
        steps(api.get("/v1/sessions/" + IdRanges.parseId(id) + "/history")).print(terminal().out());
        print("");
        kernels(session).print(terminal().out());
        final TextTable usage = usage(session);
        if (!usage.isEmpty())
        {
            print("");
            usage.print(terminal().out());
        }
        return ExitCode.OK;
    }

    /** What it has left until it ends, as {@code traffic 12m5s of 2h}. */
    private static String countdown(final JsonValue checks)
    {
        final StringJoiner text = new StringJoiner(", ");
        for (final JsonValue check : checks.items())
        {
            text.add(check.text("check") + " " + seconds(check, "remainingSeconds") + " of " +
                seconds(check, "limitSeconds"));
        }
        return text.toString();
    }

    /** Who is told, and what was not taken. */
    private static String callback(final JsonValue callback)
    {
        final String waiting = callback.number("pending", 0) > 0 ? ", " + callback.text("pending") + " wait" : "";
        final String givenUp = callback.number("givenUp", 0) > 0 ? ", " + callback.text("givenUp") + " given up" : "";
        final String error = callback.text("error");
        return callback.text("url") + waiting + givenUp + (error.isEmpty() ? "" : ": " + error);
    }

    private static String seconds(final JsonValue check, final String field)
    {
        return Amounts.formatDuration(TimeUnit.SECONDS.toNanos(new BigDecimal(check.text(field)).longValue()));
    }

    /** What it went through, and how long after the step before. */
    private static TextTable steps(final JsonValue history)
    {
        final TextTable table = new TextTable("STATE", "AT", ">AFTER", ">ATTEMPT", ">EXIT", "REASON");
        for (final JsonValue step : history.field("steps").items())
        {
            final String reason = step.text("reason");
            table.row(
                step.text("state"),
                step.text("at"),
                step.text("afterSeconds").isEmpty() ? "" : step.text("afterSeconds") + "s",
                step.text("attempt"),
                step.number("exitCode", -1) < 0 ? "" : step.text("exitCode"),
                "none".equals(reason) ? "" : reason);
        }
        return table;
    }

    /** Of kernels that have ended it is what was seen last. */
    private static TextTable usage(final JsonValue session)
    {
        final TextTable table = UsageText.table(">KERNEL");
        for (final JsonValue kernel : session.field("kernels").items())
        {
            final JsonValue usage = kernel.field("usage");
            if (usage.number("samples", 0) > 0)
            {
                UsageText.row(table, usage, kernel.text("index"));
            }
        }
        return table;
    }

    private static TextTable kernels(final JsonValue session)
    {
        final TextTable table = new TextTable(
            ">KERNEL", "STATE", "AGENT", "CORES", "DEVICES", ">ATTEMPT", ">EXIT", ">TIME", "REASON", "PORTS", "DETAIL");
        for (final JsonValue kernel : session.field("kernels").items())
        {
            final String reason = kernel.text("reason");
            table.row(
                kernel.text("index"),
                kernel.text("state"),
                kernel.text("agent"),
                kernel.text("cpus"),
                kernel.text("devices"),
                kernel.text("attempt"),
                kernel.number("exitCode", -1) < 0 ? "" : kernel.text("exitCode"),
                Sessions.duration(Sessions.millisBetween(kernel.text("startedAt"), kernel.text("endedAt"))),
                "none".equals(reason) ? "" : reason,
                ports(kernel.field("ports")),
                kernel.text("detail"));
        }
        return table;
    }

    /** As {@code 8080=worker-7:30000}. */
    private static String ports(final JsonValue ports)
    {
        final StringJoiner text = new StringJoiner(",");
        ports.fields().forEach((port, place) -> text.add(port + "=" + place.text()));
        return text.toString();
    }

    private void line(final String key, final String value)
    {
        print(key + " ".repeat(Math.max(1, 14 - key.length())) + value);
    }

    private static String plain(final JsonValue value)
    {
        if (value.isArray())
        {
            return words(value);
        }
        if (value.fields().isEmpty())
        {
            return "{}".equals(value.text()) ? "" : value.text();
        }
        final StringBuilder text = new StringBuilder();
        value.fields().forEach((key, item) ->
            text.append(text.isEmpty() ? "" : " ").append(key).append('=')
                .append("mem".equals(key) ? Amounts.formatBytes(item.number(0)) : item.text()));
        return text.toString();
    }

    private static String words(final JsonValue list)
    {
        final StringBuilder text = new StringBuilder();
        for (final JsonValue word : list.items())
        {
            text.append(text.isEmpty() ? "" : " ").append(quoted(word.text()));
        }
        return text.toString();
    }

    private static String quoted(final String word)
    {
        return word.matches("[\\w@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
