package io.plimsoll.ops.cli;

import io.plimsoll.transport.Amounts;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Waits until sessions have ended. */
@Command(
    name = "wait",
    description = {
        "Waits until all of the sessions have ended.",
        "Those that are selected are those that match when it begins. Exits with 0 if all succeeded, 1 if one did not,",
        "124 if the timeout ran out first."},
    footer = {
        "  plimsoll wait 17",
        "  plimsoll wait --timeout 5m $(plimsoll submit --count 200 -- true)",
        "  plimsoll wait --group gpu --account alice"})
final class WaitCommand extends ClientCommand
{
    /** Most ids of one request. */
    private static final int IDS_MAX = 100_000;
    /** Most ranges of one request. */
    private static final int RANGES_MAX = 4_000;

    @Mixin
    private SelectOptions select = new SelectOptions();

    @Option(
        names = "--timeout",
        paramLabel = "D",
        converter = AmountOption.Duration.class,
        description = "Longest time to wait, such as 90s; no limit by default.")
    private String timeout;

    @Option(
        names = "--limit",
        paramLabel = "N",
        description = "Wait for so many of those selected; 10000 by default, 100000 at most.")
    private long limit = 10_000;

    @Parameters(paramLabel = "ID", arity = "0..*", description = "Ids, ranges such as 5-204, or both with commas.")
    private List<String> ids = new ArrayList<>();

    private final List<JsonValue> sessions = new ArrayList<>();
    private long failed;
    private long startNs;

    WaitCommand(final Terminal terminal)
    {
        super(terminal);
    }

    @Override
    int run(final Api api)
    {
        startNs = System.nanoTime();
        final Map<String, Object> conditions = select.conditions();
        if (ids.isEmpty() == conditions.isEmpty())
        {
            throw new CliException(ExitCode.USAGE, "say which: either ids, or conditions such as --state RUNNING");
        }
        if (conditions.isEmpty())
        {
            await(api, IdRanges.parse(ids));
        }
        else
        {
            final JsonValue found = api.awaitMany(Map.of("select", conditions, "limit", limit), 0);
            if (found.isTrue("more"))
            {
                terminal().err().println(
                    "plimsoll: there are more than " + limit + " of them; waiting for so many, or --limit");
            }
            await(api, IdRanges.parse(count(api, found)));
        }
        if (json())
        {
            print(JsonValue.of(sessions));
        }
        return 0 == failed ? ExitCode.OK : ExitCode.FAILED;
    }

    private void await(final Api api, final IdRanges wanted)
    {
        final Deque<List<String>> parts = new ArrayDeque<>(wanted.parts(IDS_MAX, RANGES_MAX));
        while (!parts.isEmpty())
        {
            final JsonValue reply = api.awaitMany(body(parts.poll()), leftNs());
            // Where each of them is shown, each of them is asked for when all have ended.
            final List<String> waiting = json() ? reply.field("waiting").texts() : count(api, reply);
            requireTime(waiting);
            parts.addAll(IdRanges.parse(waiting).parts(IDS_MAX, RANGES_MAX));
        }
        if (json())
        {
            wanted.forEachId(id -> one(api, id));
        }
    }

    private static Map<String, Object> body(final List<String> ids)
    {
        final Map<String, Object> body = new LinkedHashMap<>();
        body.put("ids", ids);
        return body;
    }

    private long leftNs()
    {
        return null == timeout ? Long.MAX_VALUE : Amounts.durationNs(timeout) - (System.nanoTime() - startNs);
    }

    private void requireTime(final List<String> waiting)
    {
        if (!waiting.isEmpty() && leftNs() <= 0)
        {
            final String first = waiting.get(0);
            final boolean isOne = 1 == waiting.size() && first.indexOf('-') < 0;
            throw new CliException(
                ExitCode.WAIT_TIMEOUT, isOne ?
                    "session " + first + " had not ended after " + timeout + "; it goes on" :
                    "sessions " + String.join(",", waiting.subList(0, Math.min(10, waiting.size()))) +
                        (waiting.size() > 10 ? " and others" : "") + " had not ended after " + timeout +
                        "; they go on");
        }
    }

    /** Takes note of what has ended; what is left is still waited for. */
    private List<String> count(final Api api, final JsonValue reply)
    {
        final List<JsonValue> failures = reply.field("failures").items();
        for (final JsonValue session : failures)
        {
            terminal().err().println("plimsoll: " + Sessions.howItEnded(session));
        }
        final long all = reply.number("failed", 0);
        failed += all;
        if (all > failures.size())
        {
            terminal().err().println("plimsoll: " + (all - failures.size()) + " more did not succeed either");
        }
        // What the manager's memory does not know may be in history.
        final List<String> unknown = reply.field("unknown").texts();
        if (!unknown.isEmpty())
        {
            IdRanges.parse(unknown).forEachId(id -> one(api, id));
        }
        return reply.field("waiting").texts();
    }

    private void one(final Api api, final long id)
    {
        final JsonValue session = api.awaitEnd(id, Math.max(0, leftNs()));
        if (null == session)
        {
            requireTime(List.of(Long.toString(id)));
            throw new CliException(ExitCode.WAIT_TIMEOUT, "session " + id + " had not ended");
        }
        sessions.add(session);
        if (!Sessions.hasSucceeded(session))
        {
            failed++;
            terminal().err().println("plimsoll: " + Sessions.howItEnded(session));
        }
    }
}
