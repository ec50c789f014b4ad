package io.plimsoll.ops.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What the commands say of sessions, from the JSON of the API. */
public final class Sessions
{
    private static final Set<String> ENDED = Set.of("TERMINATED", "CANCELLED", "ERROR");

    private Sessions()
    {
    }

    public static boolean hasEnded(final JsonValue session)
    {
        return ENDED.contains(session.text("state"));
    }

    public static boolean hasSucceeded(final JsonValue session)
    {
        return "success".equals(session.text("result"));
    }

    /** One sentence. */
    public static String howItEnded(final JsonValue session)
    {
        final StringBuilder text = new StringBuilder("session ").append(session.text("id"));
        text.append(" ended ").append(session.text("state"));
        final long attempt = session.number("attempt", 1);
        if (attempt > 1)
        {
            text.append(" after ").append(attempt).append(" attempts");
        }
        final String reason = session.text("reason");
        if (!reason.isEmpty() && !"none".equals(reason))
        {
            final long exitCode = session.number("exitCode", 0);
            text.append(" (").append(reason).append(exitCode > 0 ? ": " + exitCode : "").append(')');
        }
        final String detail = detail(session, reason);
        return detail.isEmpty() ? text.toString() : text.append(": ").append(detail).toString();
    }

    /** What the agent of the kernel that ended the session had to say; siblings that were killed for it come second. */
    private static String detail(final JsonValue session, final String reason)
    {
        String any = "";
        for (final JsonValue kernel : session.field("kernels").items())
        {
            final String detail = kernel.text("detail");
            if (!detail.isEmpty() && reason.equals(kernel.text("reason")))
            {
                return detail;
            }
            any = any.isEmpty() ? detail : any;
        }
        return any;
    }

    /** Names of the agents it is on, without repetition. */
    public static String agents(final JsonValue session)
    {
        final Set<String> agents = new TreeSet<>();
        for (final JsonValue kernel : session.field("kernels").items())
        {
            if (!kernel.text("agent").isEmpty())
            {
                agents.add(kernel.text("agent"));
            }
        }
        return String.join(",", agents);
    }

    /** Cores of its kernels, in the order of the kernels. */
    public static String cpus(final JsonValue session)
    {
        final StringBuilder cpus = new StringBuilder();
        for (final JsonValue kernel : session.field("kernels").items())
        {
            if (!kernel.text("cpus").isEmpty())
            {
                cpus.append(cpus.isEmpty() ? "" : " ").append(kernel.text("cpus"));
            }
        }
        return cpus.toString();
    }

    /** Milliseconds between two moments of the API, -1 if one has not come. */
    public static long millisBetween(final String from, final String to)
    {
        final Instant start = instant(from);
        final Instant end = instant(to);
        return null == start || null == end ? -1 : Duration.between(start, end).toMillis();
    }

    /** A duration with two digits or so, such as {@code 12ms}, {@code 3.4s}, {@code 2m05s}; empty if negative. */
    public static String duration(final long millis)
    {
        if (millis < 0)
        {
            return "";
        }
        if (millis < 1_000)
        {
            return millis + "ms";
        }
        final long seconds = millis / 1_000;
        if (seconds < 10)
        {
            return seconds + "." + millis % 1_000 / 100 + "s";
        }
        if (seconds < 60)
        {
            return seconds + "s";
        }
        if (seconds < 3_600)
        {
            return seconds / 60 + "m" + twoDigits(seconds % 60) + "s";
        }
        if (seconds < 86_400)
        {
            return seconds / 3_600 + "h" + twoDigits(seconds % 3_600 / 60) + "m";
        }
        return seconds / 86_400 + "d" + twoDigits(seconds % 86_400 / 3_600) + "h";
    }

    /** The texts of a list. */
    static List<String> texts(final JsonValue list)
    {
        final List<String> texts = new ArrayList<>();
        list.items().forEach(item -> texts.add(item.text()));
        return texts;
    }

    /** The table of ps. */
    static TextTable table(final List<JsonValue> sessions, final Instant now)
    {
        final TextTable table = new TextTable(
            ">ID", "NAME", "STATE", ">KERNELS", "AGENT", "CORES", ">EXIT", ">AGE", ">TIME", "REASON", "COMMAND");
        for (final JsonValue session : sessions)
        {
            final String ended = session.text("endedAt");
            final String until = ended.isEmpty() ? now.toString() : ended;
            final long exitCode = session.number("exitCode", -1);
            final String reason = session.text("reason");
            table.row(
                session.text("id"),
                session.text("name"),
                session.text("state"),
                Integer.toString(Math.max(1, session.field("kernels").items().size())),
                agents(session),
                cpus(session),
                exitCode < 0 ? "" : Long.toString(exitCode),
                duration(Math.max(0, millisBetween(session.text("submittedAt"), now.toString()))),
                duration(millisBetween(session.text("startedAt"), until)),
                "none".equals(reason) ? "" : reason,
                command(session));
        }
        return table;
    }

    /** The command on one line, cut to what a list can show. */
    static String command(final JsonValue session)
    {
        final StringBuilder text = new StringBuilder();
        for (final JsonValue word : session.field("command").items())
        {
            text.append(text.isEmpty() ? "" : " ").append(word.text().replaceAll("\\s+", " "));
        }
        return text.length() <= 40 ? text.toString() : text.substring(0, 37) + "...";
    }

    private static Instant instant(final String text)
    {
        try
        {
            return text.isEmpty() ? null : Instant.parse(text);
        }
        catch (final DateTimeParseException ex)
        {
            return null;
        }
    }

    private static String twoDigits(final long number)
    {
        return number < 10 ? "0" + number : Long.toString(number);
    }
}
