package io.plimsoll.ops.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists sessions. */
@Command(
    name = "ps",
    description = "Lists sessions that have not ended, in the order of their submission.",
    footer = {
        "  plimsoll ps",
        "  plimsoll ps --all -o json",
        "  plimsoll ps --state PENDING,RUNNING"})
final class PsCommand extends ClientCommand
{
    private static final String LIVE = "PENDING,SCHEDULED,PULLING,PREPARING,RUNNING,TERMINATING";
    private static final String ENDED = ",TERMINATED,CANCELLED,ERROR";
    private static final Set<String> STATES = Set.of((LIVE + ENDED).split(","));

    @Option(
        names = {"-a", "--all"},
        description = "Also those that have ended, from the database those that the manager's memory has forgotten.")
    private boolean all;

    @Option(
        names = "--state",
        paramLabel = "STATE",
        split = ",",
        description = "Only sessions in one of these states, such as PENDING,RUNNING.")
    private List<String> states = new ArrayList<>();

    @Option(names = "--name", paramLabel = "NAME", description = "Only sessions with this name.")
    private String name;

    @Option(names = "--group", paramLabel = "GROUP", description = "Only sessions of this resource group.")
    private String group;

    @Option(
        names = "--account",
        paramLabel = "ACCOUNT",
        description = "Only sessions that count for this account, such as user/ana, by name or number.")
    private String account;

    @Option(names = "--since", paramLabel = "TIME", description = "Only those submitted then or later (ISO-8601).")
    private String since;

    @Option(names = "--until", paramLabel = "TIME", description = "Only those submitted before then.")
    private String until;

    @Option(names = "--limit", paramLabel = "N", description = "At most this many.")
    private long limit = Long.MAX_VALUE;

    PsCommand(final Terminal terminal)
    {
        super(terminal);
    }

    @Override
    int run(final Api api)
    {
        final List<JsonValue> sessions = sessions(api);
        if (json())
        {
            print(JsonValue.of(sessions));
            return ExitCode.OK;
        }
        final TextTable table = Sessions.table(sessions, api.now());
        table.print(terminal().out());
        return ExitCode.OK;
    }

    /** The present can be shown without the past, but not without a word of that. */
    private List<JsonValue> sessions(final Api api)
    {
        final String query = query();
        final boolean isPast = all || states.stream().anyMatch(
            state -> ENDED.contains("," + state.strip().toUpperCase(Locale.ROOT)));
        try
        {
            return api.sessions(isPast ? query + "&history=true" : query, limit);
        }
        catch (final CliException ex)
        {
            if (!isPast || ExitCode.OVERLOADED != ex.exitCode() || !ex.getMessage().contains("database"))
            {
                throw ex;
            }
            terminal().err().println(
                "plimsoll: " + PlainText.line(ex.getMessage()) +
                    "; shown is what the manager's memory has not forgotten");
            return api.sessions(query, limit);
        }
    }

    private String query()
    {
        final StringBuilder query = new StringBuilder();
        if (!states.isEmpty())
        {
            query.append("&state=").append(String.join(",", checkedStates()));
        }
        else if (all)
        {
            query.append("&all=true");
        }
        append(query, "name", name);
        append(query, "group", group);
        append(query, "account", account);
        append(query, "since", since);
        append(query, "until", until);
        return query.toString();
    }

    private List<String> checkedStates()
    {
        final List<String> checked = new ArrayList<>();
        for (final String state : states)
        {
            final String upper = state.strip().toUpperCase(Locale.ROOT);
            if (!STATES.contains(upper))
            {
                throw new CliException(
                    ExitCode.USAGE, "--state: '" + state + "' is not a state; they are " + LIVE + ENDED);
            }
            checked.add(upper);
        }
        return checked;
    }

    private static void append(final StringBuilder query, final String key, final String value)
    {
        if (null != value)
        {
            query.append('&').append(key).append('=').append(Api.encode(value));
        }
    }
}
