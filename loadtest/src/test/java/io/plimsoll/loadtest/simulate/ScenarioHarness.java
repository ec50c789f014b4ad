package io.plimsoll.loadtest.simulate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Runs scenarios for tests, and says in short lines what came of them. */
final class ScenarioHarness
{
    private ScenarioHarness()
    {
    }

    static ScenarioRun run(final String text)
    {
        return new ScenarioRun(ScenarioParser.parse(text), null).run(ScenarioRun.TO_THE_END);
    }

    /** The lines of {@code -o jsonl}. */
    static List<String> json(final String text)
    {
        final List<String> lines = new ArrayList<>();
        new ScenarioReport(run(text)).jsonLines(lines::add, false);
        return lines;
    }

    static SessionRun session(final ScenarioRun run, final String name)
    {
        return run.sessions().stream().filter(session -> session.spec().name().equals(name)).findFirst().orElseThrow();
    }

    /** Agents of its kernels, in order of the kernels. */
    static List<String> agents(final ScenarioRun run, final String name)
    {
        return session(run, name).kernels().stream().map(kernel -> kernel.agent().spec().name()).toList();
    }

    /** Names of those that started, in order of their starts; ties as submitted. */
    static List<String> startOrder(final ScenarioRun run)
    {
        return run.sessions()
            .stream()
            .filter(session -> session.startedNs() >= 0)
            .sorted(Comparator.comparingLong(SessionRun::startedNs))
            .map(session -> session.spec().name())
            .toList();
    }

    /** Name, state, reason, start and end in seconds, for each session. */
    static String outcome(final ScenarioRun run, final String name)
    {
        final SessionRun session = session(run, name);
        return name + " " + session.state() + " " + session.reason() + " " + seconds(session.startedNs()) + " " +
            seconds(session.endedNs());
    }

    private static String seconds(final long ns)
    {
        return ns < 0 ? "-" : Seconds.text(ns);
    }
}
