package io.plimsoll.loadtest.simulate;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.Result;
import io.plimsoll.loadtest.simulate.Scenario.FailureSpec;
import io.plimsoll.loadtest.simulate.Timeline.Phase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Runs a scenario to its end: until nothing more can happen, or until a time that the caller sets.
 *
 * <p>What is submitted at one instant is looked at together, whoever submitted it and in whatever order. Each session
 * is handed in a nanosecond early with that instant as its start time, which is no cause to look at anybody. So the
 * first command of the instant, the end of a kernel for example, is followed by a pass that sees all of them. Kernels
 * run at once when they are placed, unless their session says otherwise.
 */
public final class ScenarioRun implements VirtualCluster.Listener
{
    /** It runs until nothing more can happen. */
    public static final long TO_THE_END = Long.MAX_VALUE;
    private static final long EARLY_NS = 1;
    private static final long SET_UP_NS = -2;
    private static final int EXIT_CODE_KILLED = 143;
    private static final long STEPS_AT_ONCE_MAX = 100_000;
    private static final long STEPS_PER_SESSION_MAX = 1_000;
    /** Of sessions that wait at the end: to ask about one is a look at all agents. */
    private static final int ASKED_MAX = 1_000;

    private final Scenario scenario;
    private final VirtualCluster cluster;
    private final Timeline timeline = new Timeline();
    private final List<SessionRun> sessions = new ArrayList<>();
    private final Map<String, SessionRun> byName = new HashMap<>();
    private final Map<Long, SessionRun> byId = new HashMap<>();
    private final Map<String, VirtualAgent> agentByName = new HashMap<>();
    private SessionRun submitting;
    /** Ends that are foreseen, by time. */
    private final Map<Long, Integer> endsAhead = new HashMap<>();
    private boolean ending;
    private int killsAhead;
    private long nowNs = SET_UP_NS;
    private long stepsAtOnce;

    /**
     * Of one scenario.
     *
     * @param scenario to run.
     * @param events   sees every event; null: nobody does.
     */
    public ScenarioRun(final Scenario scenario, final EventPrinter events)
    {
        this.scenario = scenario;
        cluster = new VirtualCluster(this, events);
    }

    /**
     * Of one scenario, whose records somebody keeps.
     *
     * @param scenario to run.
     * @param events   sees every event; null: nobody does.
     * @param records  takes every command with its events.
     */
    public ScenarioRun(
        final Scenario scenario, final EventPrinter events, final Consumer<RecordFlyweight> records)
    {
        this.scenario = scenario;
        cluster = new VirtualCluster(this, events, records);
    }

    /**
     * Runs it.
     *
     * @param untilNs where to stop at the latest, or {@link #TO_THE_END}.
     * @return this.
     */
    public ScenarioRun run(final long untilNs)
    {
        setUp();
        foresee();
        while (true)
        {
            final long deadlineNs = cluster.core().nextDeadlineNs();
            final long nextNs = timeline.nextNs();
            if (Math.min(deadlineNs, nextNs) > untilNs || VirtualCore.NEVER == Math.min(deadlineNs, nextNs))
            {
                askWhoWaits();
                return this;
            }
            if (nextNs > VirtualCore.HORIZON_NS && nextNs <= deadlineNs)
            {
                throw new ScenarioException(
                    "at " + Seconds.text(nowNs()) + "s: what happens next is more than 18 years from the start; " +
                        "--until ends a scenario earlier");
            }
            checkProgress(Math.min(deadlineNs, nextNs));
            // What is due at the time of a command expires with that command.
            if (deadlineNs < nextNs)
            {
                nowNs = Math.max(nowNs, deadlineNs);
                cluster.core().wake(nowNs);
            }
            else
            {
                nowNs = nextNs;
                timeline.step();
            }
        }
    }

    private void askWhoWaits()
    {
        int asked = 0;
        for (final SessionRun session : sessions)
        {
            if (session.isPending() && asked++ < ASKED_MAX)
            {
                session.waitsFor(cluster.allWaitsFor(session.id()));
            }
        }
    }

    /** Rules that send the scheduler round in circles would keep it at one instant for ever. */
    private void checkProgress(final long atNs)
    {
        stepsAtOnce = atNs > nowNs ? 0 : stepsAtOnce + 1;
        if (stepsAtOnce > STEPS_AT_ONCE_MAX + STEPS_PER_SESSION_MAX * sessions.size())
        {
            throw new ScenarioException("at " + Seconds.text(nowNs) + "s the scheduler goes round in circles");
        }
    }

    /** Sessions in the order of their submission. */
    public List<SessionRun> sessions()
    {
        return sessions;
    }

    /** The scenario that ran. */
    public Scenario scenario()
    {
        return scenario;
    }

    /** When the last thing happened. */
    public long nowNs()
    {
        return Math.max(0, nowNs);
    }

    /** Hash of the state of the core: equal for equal scenarios, on any machine. */
    public long stateHash()
    {
        return cluster.core().stateHash();
    }

    private void setUp()
    {
        cluster.start(SET_UP_NS);
        scenario.groups().forEach(group -> cluster.configure(group, SET_UP_NS));
        for (final AgentSpec spec : scenario.agents())
        {
            final VirtualAgent agent = cluster.add(spec);
            agentByName.put(spec.name(), agent);
            if (spec.atNs() > 0)
            {
                timeline.add(spec.atNs(), Phase.JOIN, () -> join(agent));
            }
            else
            {
                cluster.join(agent, SET_UP_NS);
            }
        }
        scenario.accounts().forEach(account -> cluster.configure(account, SET_UP_NS));
        scenario.groups().forEach(group -> cluster.configureMix(group, SET_UP_NS));
    }

    private void foresee()
    {
        for (final SessionSpec spec : scenario.sessions())
        {
            final SessionRun session = new SessionRun(spec);
            sessions.add(session);
            byName.put(spec.name(), session);
            timeline.add(spec.atNs() - EARLY_NS, Phase.SUBMIT, () -> submit(session));
            if (spec.behaviour().cancelAtNs() >= 0)
            {
                timeline.add(spec.behaviour().cancelAtNs(), Phase.CANCEL, () -> cancel(session));
            }
        }
        for (final FailureSpec failure : scenario.failures())
        {
            final VirtualAgent agent = agentByName.get(failure.agent());
            timeline.add(failure.atNs(), Phase.FAIL, () -> fail(agent, failure.kind()));
            if (failure.downNs() >= 0)
            {
                // What is back at once is so behind its failure; machines come before they fail otherwise.
                timeline.add(
                    failure.atNs() + failure.downNs(),
                    0 == failure.downNs() ? Phase.FAIL : Phase.JOIN,
                    () -> recover(agent, failure.kind()));
            }
        }
    }

    /* What happens. */

    private void submit(final SessionRun session)
    {
        final SessionSpec spec = session.spec();
        final long[] dependencies = new long[spec.after().size()];
        for (int i = 0; i < dependencies.length; i++)
        {
            final SessionRun before = byName.get(spec.after().get(i).session());
            dependencies[i] = before.id();
            if (0 == before.id())
            {
                // Nobody can wait for what a manager has refused.
                session.rejected(
                    "unknown-dependency", "unknown-dependency: " + before.spec().name() + " was refused", spec.atNs());
                return;
            }
        }
        submitting = session;
        final long startsAtNs = Math.max(spec.atNs(), spec.rules().startsAtNs());
        final long id = cluster.submitAhead(spec, startsAtNs, dependencies, nowNs);
        submitting = null;
        if (0 == id)
        {
            session.rejected(cluster.rejectionCode(), cluster.rejection(), spec.atNs());
        }
        else
        {
            session.submitted(id);
            byId.put(id, session);
        }
    }

    private void cancel(final SessionRun session)
    {
        if (0 != session.id() && !session.isEnded())
        {
            cluster.cancel(session.id(), nowNs);
        }
    }

    private void start(final VirtualKernel kernel)
    {
        if (kernel.isGone())
        {
            return;
        }
        if (kernel.agent().startsFail())
        {
            cluster.failed(kernel, Reason.LAUNCH_FAILED, nowNs);
            return;
        }
        final SessionRun session = byId.get(kernel.sessionId());
        session.started(nowNs);
        cluster.running(kernel, nowNs);
        final SessionSpec spec = session.spec();
        final long durationNs = spec.behaviour().durationNs(kernel.index());
        final long limitNs = spec.rules().limitNs();
        if (limitNs > 0 && limitNs < durationNs)
        {
            end(kernel, limitNs, Reason.WALLTIME, EXIT_CODE_KILLED);
        }
        else if (SessionSpec.FOREVER != durationNs)
        {
            end(kernel, durationNs, Reason.NONE, spec.behaviour().exitCode(kernel.index()));
        }
    }

    private void end(final VirtualKernel kernel, final long afterNs, final Reason reason, final int exitCode)
    {
        endsAhead.merge(nowNs + afterNs, 1, Integer::sum);
        timeline.add(nowNs + afterNs, Phase.END, () -> onEnd(kernel, reason, exitCode));
    }

    /**
     * The core looks at its queue after each command, so what ends first at an instant could be given to somebody who
     * has to wait, or to another agent, once the rest of the instant is known. So it is told first of all that ends,
     * and of what is killed because of that.
     */
    private void onEnd(final VirtualKernel kernel, final Reason reason, final int exitCode)
    {
        final boolean more = null != endsAhead.computeIfPresent(nowNs, (at, ends) -> 1 == ends ? null : ends - 1);
        if (kernel.isGone())
        {
            return;
        }
        final boolean followed = more || hasSiblings(kernel);
        if (followed && !ending)
        {
            timeline.add(nowNs, Phase.ENDED, this::onEnded);
        }
        ending = followed;
        cluster.exited(kernel, reason, exitCode, nowNs, followed);
    }

    private boolean hasSiblings(final VirtualKernel kernel)
    {
        return byId.get(kernel.sessionId()).kernels().stream().anyMatch(other -> other != kernel && !other.isGone());
    }

    private void onEnded()
    {
        ending = false;
        cluster.ended(nowNs);
    }

    /** A machine that fails when it was to come is there once it has been repaired. */
    private void join(final VirtualAgent agent)
    {
        if (!agent.isFailing(FailureSpec.Kind.DOWN))
        {
            cluster.join(agent, !agent.hasJoined() && agent.isFailing(FailureSpec.Kind.DRAIN), nowNs);
        }
    }

    /** The scheduler can be told of agents that it knows; it keeps that while they are away. */
    private void drain(final VirtualAgent agent, final boolean drained)
    {
        if (agent.hasJoined())
        {
            cluster.drain(agent, drained, nowNs);
        }
    }

    private void fail(final VirtualAgent agent, final FailureSpec.Kind kind)
    {
        agent.failureBegins(kind);
        switch (kind)
        {
            case DOWN ->
            {
                if (agent.isUp())
                {
                    cluster.crash(agent, nowNs);
                }
            }
            case STARTS_FAIL -> agent.startsFail(true);
            case DRAIN -> drain(agent, true);
            default -> throw new IllegalStateException("kind=" + kind);
        }
    }

    private void recover(final VirtualAgent agent, final FailureSpec.Kind kind)
    {
        if (!agent.failureEnds(kind))
        {
            return;
        }
        switch (kind)
        {
            case DOWN ->
            {
                if (!agent.isUp() && agent.spec().atNs() <= nowNs)
                {
                    join(agent);
                }
            }
            case STARTS_FAIL -> agent.startsFail(false);
            case DRAIN -> drain(agent, false);
            default -> throw new IllegalStateException("kind=" + kind);
        }
    }

    /* What the core decides. */

    @Override
    public void onSession(
        final long sessionId, final LifeState state, final Result result, final Reason reason, final int attempt)
    {
        session(sessionId).advanced(state, result, reason, attempt, nowNs);
    }

    /** A session whose dependency has failed ends in the very command that submits it, before its id is known here. */
    private SessionRun session(final long sessionId)
    {
        final SessionRun known = byId.get(sessionId);
        final SessionRun session = null == known ? submitting : known;
        if (null == session)
        {
            throw new IllegalStateException("sessionId=" + sessionId + " is of no session of the scenario");
        }
        return session;
    }

    @Override
    public void onAssigned(final VirtualKernel kernel)
    {
        final SessionRun session = session(kernel.sessionId());
        session.assigned(kernel);
        timeline.add(nowNs + session.spec().behaviour().startDelayNs(), Phase.START, () -> start(kernel));
    }

    @Override
    public void onKill(final VirtualKernel kernel, final Reason reason)
    {
        killsAhead++;
        timeline.add(nowNs, Phase.START, () -> kill(kernel, reason));
    }

    /** What is killed at one instant ends together too. */
    private void kill(final VirtualKernel kernel, final Reason reason)
    {
        killsAhead--;
        final boolean followed = ending || killsAhead > 0;
        if (kernel.isGone())
        {
            if (!followed)
            {
                cluster.ended(nowNs);
            }
        }
        else if (VirtualKernel.NOT_STARTED == kernel.startedNs())
        {
            cluster.failed(kernel, Reason.NEVER_STARTED, nowNs, followed);
        }
        else
        {
            cluster.exited(kernel, reason, EXIT_CODE_KILLED, nowNs, followed);
        }
    }
}
