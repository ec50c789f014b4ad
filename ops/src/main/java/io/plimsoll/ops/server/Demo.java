package io.plimsoll.ops.server;

import io.plimsoll.ops.cli.Api;
import io.plimsoll.ops.cli.IdRanges;
import io.plimsoll.ops.cli.JsonValue;
import io.plimsoll.ops.cli.Sessions;
import io.plimsoll.ops.cli.Terminal;
import io.plimsoll.ops.cli.TextTable;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;

/** The sessions of the demo and what is expected of each. Amounts are small, so that one core is enough. */
final class Demo
{
    private static final long POLL_NS = 20_000_000;
    private static final long START_TIMEOUT_NS = 30_000_000_000L;
    private static final long END_TIMEOUT_NS = 300_000_000_000L;
    private static final int FAILING_EXIT_CODE = 3;

    private final Terminal terminal;
    private final int arraySize;
    private final boolean each;
    private final boolean json;
    private final long startNs = System.nanoTime();
    private final List<Row> rows = new ArrayList<>();
    private boolean isWell = true;

    Demo(final Terminal terminal, final int arraySize, final boolean each, final boolean json)
    {
        this.terminal = terminal;
        this.arraySize = arraySize;
        this.each = each;
        this.json = json;
    }

    /** Progress; beside the result when that is JSON. */
    void say(final String text)
    {
        final long millis = (System.nanoTime() - startNs) / 1_000_000;
        final String time = millis / 1_000 + "." + millis % 1_000 / 100;
        final PrintStream target = json ? terminal.err() : terminal.out();
        target.println("[" + " ".repeat(Math.max(0, 5 - time.length())) + time + " s] " + text);
        target.flush();
    }

    /** Runs everything and shows the result; answers whether all went as it should. */
    boolean run(final Api api)
    {
        awaitAgent(api);
        plain(api);
        pair(api);
        array(api);
        failing(api);
        cancelled(api);
        if (json)
        {
            final List<Object> sessions = new ArrayList<>();
            rows.forEach(row -> sessions.addAll(row.sessions()));
            terminal.out().println(JsonValue.of(sessions).pretty());
        }
        else
        {
            table().print(terminal.out());
        }
        return isWell;
    }

    private void awaitAgent(final Api api)
    {
        final long deadlineNs = System.nanoTime() + START_TIMEOUT_NS;
        while (System.nanoTime() < deadlineNs)
        {
            for (final JsonValue agent : api.agents())
            {
                if (agent.isTrue("reconciled"))
                {
                    final String cores = agent.field("capacity").text("cpu");
                    say("agent " + agent.text("name") + " is ready with " + cores + " cores");
                    return;
                }
            }
            LockSupport.parkNanos(POLL_NS);
        }
        expect(false, "the agent has not become ready");
    }

    private void plain(final Api api)
    {
        final long id = submit(api, shell("plain", "0.5", "echo hello from session $PLIMSOLL_SESSION_ID"));
        say("session " + id + ": a plain command");
        final JsonValue ended = await(api, id);
        final String output = log(api, id, "stdout", 0);
        say("session " + id + ": it said: " + output);
        expect(Sessions.hasSucceeded(ended) && output.startsWith("hello"), "the plain command should succeed");
        rows.add(new Row(Long.toString(id), "plain command", List.of(ended)));
    }

    private void pair(final Api api)
    {
        final Map<String, Object> session =
            shell("pair", "0.25", "echo kernel $PLIMSOLL_KERNEL_INDEX of $PLIMSOLL_KERNEL_COUNT");
        session.put("kernels", 2);
        final long id = submit(api, session);
        say("session " + id + ": two kernels that start together");
        final JsonValue ended = await(api, id);
        final String first = log(api, id, "stdout", 0);
        final String second = log(api, id, "stdout", 1);
        say("session " + id + ": they said: " + first + "; " + second);
        expect(
            Sessions.hasSucceeded(ended) && "kernel 0 of 2".equals(first) && "kernel 1 of 2".equals(second),
            "both kernels should succeed");
        rows.add(new Row(Long.toString(id), "two kernels", List.of(ended)));
    }

    private void array(final Api api)
    {
        final Map<String, Object> session = shell("array", "0.25", "exit 0");
        session.put("count", arraySize);
        final JsonValue reply = api.submit(session);
        final long firstId = reply.number("firstId", 0);
        final String ids = reply.text("ids");
        say("sessions " + ids + ": an array of " + arraySize + " processes");
        final long deadlineNs = System.nanoTime() + END_TIMEOUT_NS;
        List<JsonValue> sessions = api.sessions("&all=true&array=" + firstId, arraySize);
        long shownNs = System.nanoTime();
        while (endedCount(sessions) < arraySize && System.nanoTime() < deadlineNs)
        {
            // A list of thousands is work for the manager too.
            LockSupport.parkNanos(Math.max(POLL_NS, arraySize * 100_000L));
            sessions = api.sessions("&all=true&array=" + firstId, arraySize);
            if (System.nanoTime() - shownNs > 500_000_000L)
            {
                shownNs = System.nanoTime();
                say("sessions " + ids + ": " + endedCount(sessions) + " of " + arraySize + " have ended");
            }
        }
        final long succeeded = sessions.stream().filter(Sessions::hasSucceeded).count();
        final long millis = spanMillis(sessions);
        say("sessions " + ids + ": " + succeeded + " of " + arraySize + " succeeded, " +
            Math.round(arraySize * 1_000.0 / Math.max(1, millis)) + " per second");
        expect(succeeded == arraySize, "all of the array should succeed");
        rows.add(new Row(ids, "array of " + arraySize, sessions));
    }

    private void failing(final Api api)
    {
        final String script = "echo 'no such data set: /data/missing' >&2; exit " + FAILING_EXIT_CODE;
        final long id = submit(api, shell("failing", "0.5", script));
        say("session " + id + ": one that fails");
        final JsonValue ended = await(api, id);
        final String error = log(api, id, "stderr", 0);
        say("session " + id + ": exit code " + ended.text("exitCode") + ", its stderr: " + error);
        expect(
            FAILING_EXIT_CODE == ended.number("exitCode", -1) && error.startsWith("no such data set"),
            "the failing command should end with exit code " + FAILING_EXIT_CODE);
        rows.add(new Row(Long.toString(id), "fails", List.of(ended)));
    }

    private void cancelled(final Api api)
    {
        final long id = submit(api, session("cancelled", "0.5", "sleep", "600"));
        say("session " + id + ": one that would run for ten minutes");
        final long deadlineNs = System.nanoTime() + START_TIMEOUT_NS;
        while (!"RUNNING".equals(api.get("/v1/sessions/" + id).text("state")) && System.nanoTime() < deadlineNs)
        {
            LockSupport.parkNanos(POLL_NS);
        }
        say("session " + id + ": runs; cancelling it");
        api.cancel(IdRanges.parse(List.of(Long.toString(id))));
        final JsonValue ended = await(api, id);
        expect("user-requested".equals(ended.text("reason")), "the cancelled session should end as cancelled");
        rows.add(new Row(Long.toString(id), "cancelled", List.of(ended)));
    }

    private TextTable table()
    {
        final TextTable table = new TextTable(
            "SESSION", "WHAT", "STATE", "REASON", "AGENT", "CORES", ">EXIT", ">START AFTER", ">END AFTER");
        for (final Row row : rows)
        {
            if (1 == row.sessions().size())
            {
                tableRow(table, row.ids(), row.what(), row.sessions().get(0));
            }
            else if (each)
            {
                row.sessions().forEach(session -> tableRow(table, session.text("id"), row.what(), session));
            }
            else
            {
                summaryRow(table, row);
            }
        }
        return table;
    }

    private static void tableRow(final TextTable table, final String ids, final String what, final JsonValue session)
    {
        table.row(
            ids,
            what,
            session.text("state"),
            session.text("reason"),
            Sessions.agents(session),
            Sessions.cpus(session),
            session.text("exitCode"),
            Sessions.duration(Sessions.millisBetween(session.text("submittedAt"), session.text("startedAt"))),
            Sessions.duration(Sessions.millisBetween(session.text("submittedAt"), session.text("endedAt"))));
    }

    private static void summaryRow(final TextTable table, final Row row)
    {
        final TreeSet<String> states = new TreeSet<>();
        final TreeSet<String> reasons = new TreeSet<>();
        final TreeSet<String> agents = new TreeSet<>();
        final TreeSet<String> cores = new TreeSet<>();
        final TreeSet<String> codes = new TreeSet<>();
        final List<Long> starts = new ArrayList<>();
        final List<Long> ends = new ArrayList<>();
        for (final JsonValue session : row.sessions())
        {
            states.add(session.text("state"));
            reasons.add(session.text("reason"));
            agents.add(Sessions.agents(session));
            cores.add(Sessions.cpus(session));
            codes.add(session.text("exitCode"));
            starts.add(Sessions.millisBetween(session.text("submittedAt"), session.text("startedAt")));
            ends.add(Sessions.millisBetween(session.text("submittedAt"), session.text("endedAt")));
        }
        table.row(
            row.ids(),
            row.what(),
            String.join(",", states),
            String.join(",", reasons),
            String.join(",", agents),
            String.join(",", cores),
            String.join(",", codes),
            range(starts),
            range(ends));
    }

    private static String range(final List<Long> millis)
    {
        final long min = millis.stream().mapToLong(Long::longValue).min().orElse(-1);
        final long max = millis.stream().mapToLong(Long::longValue).max().orElse(-1);
        return Sessions.duration(min) + ".." + Sessions.duration(max);
    }

    private static long spanMillis(final List<JsonValue> sessions)
    {
        long longest = 0;
        for (final JsonValue session : sessions)
        {
            longest = Math.max(longest, Sessions.millisBetween(session.text("submittedAt"), session.text("endedAt")));
        }
        return longest;
    }

    private static long endedCount(final List<JsonValue> sessions)
    {
        return sessions.stream().filter(Sessions::hasEnded).count();
    }

    private void expect(final boolean holds, final String expectation)
    {
        if (!holds)
        {
            isWell = false;
            terminal.err().println("plimsoll: " + expectation + ", and has not");
        }
    }

    private static long submit(final Api api, final Map<String, Object> session)
    {
        return api.submit(session).number("id", 0);
    }

    private static JsonValue await(final Api api, final long id)
    {
        final JsonValue ended = api.awaitEnd(id, END_TIMEOUT_NS);
        return null == ended ? api.get("/v1/sessions/" + id) : ended;
    }

    private static String log(final Api api, final long id, final String stream, final int kernel)
    {
        return api.text("/v1/sessions/" + id + "/logs?stream=" + stream + "&kernel=" + kernel).strip();
    }

    private static Map<String, Object> shell(final String name, final String cpu, final String script)
    {
        return session(name, cpu, "sh", "-c", script);
    }

    private static Map<String, Object> session(final String name, final String cpu, final String... command)
    {
        final Map<String, Object> session = new LinkedHashMap<>();
        session.put("name", "demo-" + name);
        session.put("cpu", cpu);
        session.put("mem", "32m");
        session.put("command", List.of(command));
        return session;
    }

    /**
     * A row of the result, or as many as it has sessions.
     *
     * @param ids      of its sessions.
     * @param what     it shows.
     * @param sessions as they ended.
     */
    private record Row(String ids, String what, List<JsonValue> sessions)
    {
    }
}
