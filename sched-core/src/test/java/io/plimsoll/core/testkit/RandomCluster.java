package io.plimsoll.core.testkit;

import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.ReportKind;
import io.plimsoll.core.testkit.Commands.Epoch;
import io.plimsoll.core.testkit.Commands.GroupSettings;
import java.util.ArrayList;
import java.util.List;

/**
 * A cluster that lives by a seed: users submit and cancel, agents come, go, fall silent and return, links break and
 * lose what was on its way, kernels start, fail and end, the manager restarts, time passes. It asks a {@link Target}
 * for each command's events and acts on them as real agents would; it throws when anything ran in two epochs at once.
 */
public final class RandomCluster
{
    private static final int OWNERS = 9;
    /** Timers that may pass without anything to do before all counts as being at rest. */
    private static final int IDLE_ROUNDS = 300;
    private static final int ROUNDS_MAX = 20_000;

    /** What is driven: a core, or several that must agree. */
    public interface Target
    {
        byte[] onCommand(byte[] command, long sequence, long timestampNs);

        boolean continueNeeded();

        long nextDeadlineNs();
    }

    private final SeededRandom random;
    private final RandomRequests requests;
    private final Target target;
    private final Commands command = new Commands();
    private final List<FakeAgent> agents = new ArrayList<>();
    private final EventDelivery delivery;
    private long nowNs = 1_700_000_000L * Commands.SECOND_NS;
    private long sequence;
    private long term;
    private long nextKey = 1;

    public RandomCluster(final long seed, final Target target)
    {
        this(seed, target, null);
    }

    /** All groups select by one policy that scores. */
    public RandomCluster(final long seed, final Target target, final String policy)
    {
        random = new SeededRandom(seed);
        requests = new RandomRequests(random, policy);
        this.target = target;
        delivery = new EventDelivery(random);
    }

    public long sequence()
    {
        return sequence;
    }

    public int ended()
    {
        return delivery.ended();
    }

    public int sessionsMade()
    {
        return delivery.sessionsMade();
    }

    /** Starts the manager, its groups and some agents. */
    public RandomCluster start(final int agentCount)
    {
        startManager();
        configure();
        for (int id = 1; id <= RandomRequests.ACCOUNTS; id++)
        {
            run(command.configureAccount(requests.account(id)));
        }
        for (int i = 0; i < agentCount; i++)
        {
            agents.add(new FakeAgent(requests.hello(i)));
        }
        return this;
    }

    private void startManager()
    {
        term += random.between(1, 2);
        delivery.onManagerStart(term, random.nextLong());
        for (final FakeAgent agent : agents)
        {
            agent.connected = false;
            agent.inventoryPart = -1;
        }
        run(command.managerStarted(term, delivery.nonce(term)));
    }

    private void configure()
    {
        final GroupSettings settings = requests.group();
        run(command.configureGroup(settings));
        requests.otherGroup(settings);
        run(command.configureGroup(settings));
    }

    /** Does one random thing. */
    public void step()
    {
        nowNs += random.below(1_000_000);
        final int dice = random.below(1000);
        if (dice < 120)
        {
            submit();
        }
        else if (dice < 600)
        {
            stepAgent();
        }
        else if (dice < 800)
        {
            stepLink();
        }
        else if (dice < 900)
        {
            passTime();
        }
        else if (dice < 950)
        {
            cancel();
        }
        else if (dice < 975 || random.percent(50))
        {
            stepOperator();
        }
        else if (random.percent(50))
        {
            configure();
        }
        else
        {
            startManager();
        }
    }

    /* Rest. */

    /**
     * Nobody asks for anything any more and nobody gives up waiting, all machines are there, and all that runs comes to
     * its end: until there is nothing to wait for. Throws if that does not come.
     */
    public void comeToRest()
    {
        final GroupSettings settings = requests.group();
        settings.pendingTimeoutNs = 0;
        run(command.configureGroup(settings));
        requests.otherGroup(settings);
        run(command.configureGroup(settings));
        for (final FakeAgent agent : agents)
        {
            if (agent.agentId > 0)
            {
                run(command.drain(agent.agentId, false));
            }
        }
        int idle = 0;
        for (int round = 0; idle < IDLE_ROUNDS; round++)
        {
            if (round == ROUNDS_MAX)
            {
                throw new IllegalStateException("does not come to rest");
            }
            final boolean acts = actAll();
            while (target.continueNeeded())
            {
                feed(command.goOn().bytes());
            }
            idle = acts ? 0 : idle + 1;
            final long next = target.nextDeadlineNs();
            if (!acts && Long.MAX_VALUE != next)
            {
                nowNs = Math.max(nowNs, next);
                run(command.timePassed());
            }
            else if (!acts)
            {
                return;
            }
        }
    }

    /** Whether any machine had anything to do. */
    private boolean actAll()
    {
        boolean acts = false;
        for (final FakeAgent agent : agents)
        {
            acts |= !agent.connected || agent.inventoryPart >= 0 || agent.suspect || agent.lost ||
                !agent.kernels.isEmpty();
            if (!agent.connected)
            {
                connect(agent);
            }
            while (agent.connected && agent.inventoryPart >= 0)
            {
                sendInventory(agent);
            }
            if (agent.connected && (agent.suspect || agent.lost))
            {
                agent.suspect = false;
                agent.lost = false;
                run(command.agentReturned(agent.agentId, agent.connection));
            }
            for (final FakeKernel kernel : List.copyOf(agent.kernels.values()))
            {
                comeToEnd(agent, kernel);
            }
        }
        return acts;
    }

    private void comeToEnd(final FakeAgent agent, final FakeKernel kernel)
    {
        if (!kernel.hasEnded() && kernel.isRunning())
        {
            kernel.end(ReportKind.EXITED, Reason.COMPLETED, 0);
        }
        else if (!kernel.hasEnded() && kernel.killed)
        {
            kernel.end(ReportKind.FAILED, Reason.NEVER_STARTED, 0);
        }
        else if (!kernel.hasEnded() && agent.mayStart())
        {
            kernel.kind = ReportKind.RUNNING;
            checkRunsOnce(kernel.epoch);
        }
        if (agent.connected && agent.inventoryPart < 0)
        {
            report(agent, kernel);
        }
    }

    private void report(final FakeAgent agent, final FakeKernel kernel)
    {
        kernel.reported = true;
        run(command.report(
            agent.agentId, agent.connection, kernel.epoch, kernel.kind, kernel.reason, kernel.exitCode));
        if (kernel.hasEnded())
        {
            agent.kernels.remove(kernel.epoch.kernelId(), kernel);
        }
    }

    private void submit()
    {
        final SubmitSpec[] sessions = new SubmitSpec[1 + random.below(4)];
        for (int i = 0; i < sessions.length; i++)
        {
            sessions[i] = requests.session(sessionsMade(), nowNs);
        }
        if (random.percent(20))
        {
            final long key = random.percent(60) ? nextKey++ : random.between(1, nextKey);
            run(command.submit(key, random.percent(90) ? key : 0, sessions));
        }
        else
        {
            run(command.submitAs(1 + random.below(OWNERS), sessions));
        }
    }

    private void cancel()
    {
        if (random.percent(45))
        {
            update();
            return;
        }
        final long first = requests.anyId(sessionsMade());
        run(command.cancel(
            first, first + random.below(6), requests.anyId(sessionsMade()), requests.anyId(sessionsMade())));
    }

    private void update()
    {
        final long first = requests.anyId(sessionsMade());
        run(command.update(
            first,
            first + (random.percent(50) ? 0 : random.below(12)),
            random.percent(70) ? random.below(4) * 20 : -1,
            random.percent(50) ? random.below(5) * 40 * Commands.SECOND_NS : -1,
            random.percent(20) ? "n" + random.below(9) : null));
    }

    private void passTime()
    {
        final long next = target.nextDeadlineNs();
        if (random.percent(40) && Long.MAX_VALUE != next)
        {
            nowNs = Math.max(nowNs, next);
        }
        else
        {
            nowNs += random.percent(80) ? random.between(0, 3) * Commands.SECOND_NS :
                random.between(0, 120) * Commands.SECOND_NS;
        }
        if (random.percent(3))
        {
            run(command.timeHeld(random.between(1, 20) * Commands.SECOND_NS));
        }
        else if (next <= nowNs)
        {
            run(command.timePassed());
        }
    }

    private void stepOperator()
    {
        if (random.percent(30))
        {
            final int id = 1 + random.below(RandomRequests.ACCOUNTS + 1) % RandomRequests.ACCOUNTS;
            run(command.configureAccount(requests.account(id)));
            return;
        }
        final FakeAgent agent = anyAgent();
        if (agent.agentId > 0)
        {
            run(command.drain(agent.agentId, random.percent(40)));
        }
    }

    private FakeAgent anyAgent()
    {
        return agents.get(random.below(agents.size()));
    }

    /* Links and liveness. */

    private void stepLink()
    {
        final FakeAgent agent = anyAgent();
        if (!agent.connected)
        {
            if (agent.agentId > 0 && !agent.lost && random.percent(20))
            {
                lose(agent);
            }
            else
            {
                connect(agent);
            }
        }
        else if (agent.inventoryPart >= 0)
        {
            sendInventory(agent);
        }
        else if (random.percent(10))
        {
            breakLink(agent);
        }
        else if (random.percent(15))
        {
            agent.suspect = true;
            run(command.agentSuspect(agent.agentId, agent.connection));
        }
        else if (agent.suspect && random.percent(20))
        {
            lose(agent);
        }
        else if ((agent.suspect || agent.lost) && random.percent(60))
        {
            agent.suspect = false;
            agent.lost = false;
            run(command.agentReturned(agent.agentId, agent.connection));
        }
    }

    private void lose(final FakeAgent agent)
    {
        agent.lost = true;
        agent.onLeaseExpired();
        run(command.agentLost(agent.agentId, agent.connection));
    }

    private void connect(final FakeAgent agent)
    {
        if (random.percent(10))
        {
            agent.hello.slots.put("cpu", random.between(1, 6) * 1000);
        }
        if (sequence > 0 && agent.agentId > 0)
        {
            agent.hello.seen(term, delivery.nonce(term), sequence - random.below((int)Math.min(sequence, 3)));
        }
        if (random.percent(5))
        {
            // It was rebooted, and with it went what it knew of its kernels.
            agent.kernels.clear();
        }
        delivery.connecting(agent);
        run(command.agentConnected(agent.hello));
        delivery.connecting(null);
    }

    private void sendInventory(final FakeAgent agent)
    {
        final int size = 1 + random.below(5);
        final List<HeldKernel> rest = agent.inventory;
        final boolean last = rest.size() <= size;
        final List<HeldKernel> part = List.copyOf(rest.subList(0, Math.min(size, rest.size())));
        agent.inventory = new ArrayList<>(rest.subList(part.size(), rest.size()));
        final int number = agent.inventoryPart;
        agent.inventoryPart = last ? -1 : number + 1;
        if (random.percent(5))
        {
            // A stray part of an older connection.
            run(command.inventory(agent.agentId, agent.connection - 1, 0, true, Long.MAX_VALUE, List.of()));
        }
        run(command.inventory(agent.agentId, agent.connection, number, last, agent.highestAssignment, part));
        forgetReported(agent, part);
    }

    private static void forgetReported(final FakeAgent agent, final List<HeldKernel> part)
    {
        for (final HeldKernel held : part)
        {
            final FakeKernel kernel = agent.kernels.get(held.kernelId());
            if (null != kernel && kernel.hasEnded() && kernel.kind == held.kind() &&
                kernel.epoch.attempt() == held.attempt() && kernel.epoch.term() == held.term())
            {
                agent.kernels.remove(held.kernelId());
            }
        }
    }

    private void breakLink(final FakeAgent agent)
    {
        agent.connected = false;
        agent.inventoryPart = -1;
        run(command.agentDisconnected(agent.agentId, agent.connection));
    }

    /* Kernels. */

    private void stepAgent()
    {
        final FakeAgent agent = anyAgent();
        if (agent.kernels.isEmpty())
        {
            return;
        }
        final int pick = random.below(agent.kernels.size());
        final FakeKernel kernel = new ArrayList<>(agent.kernels.values()).get(pick);
        if (!kernel.hasEnded() || kernel.reported)
        {
            progress(agent, kernel);
        }
        if (agent.connected && agent.inventoryPart < 0)
        {
            report(agent, kernel);
        }
    }

    private void progress(final FakeAgent agent, final FakeKernel kernel)
    {
        if (kernel.hasEnded())
        {
            return;
        }
        if (kernel.killed && random.percent(70))
        {
            kernel.end(
                kernel.isRunning() ? ReportKind.EXITED : ReportKind.FAILED,
                kernel.isRunning() ? Reason.SIGNALLED : Reason.NEVER_STARTED,
                kernel.isRunning() ? 143 : 0);
        }
        else if (kernel.isRunning())
        {
            endRunning(kernel);
        }
        else if (random.percent(12))
        {
            kernel.end(ReportKind.FAILED, random.percent(50) ? Reason.LAUNCH_FAILED : Reason.PULL_FAILED, 0);
        }
        else if (kernel.kind == ReportKind.PREPARING)
        {
            if (agent.mayStart() && !kernel.killed)
            {
                kernel.kind = ReportKind.RUNNING;
                checkRunsOnce(kernel.epoch);
            }
        }
        else
        {
            kernel.kind = random.percent(40) ? ReportKind.PULLING : ReportKind.PREPARING;
        }
    }

    private void endRunning(final FakeKernel kernel)
    {
        final int dice = random.below(100);
        if (dice < 40)
        {
            kernel.end(ReportKind.EXITED, Reason.COMPLETED, 0);
        }
        else if (dice < 48)
        {
            kernel.end(ReportKind.EXITED, Reason.EXIT_CODE, 1 + random.below(200));
        }
        else if (dice < 52)
        {
            kernel.end(ReportKind.FAILED, Reason.SUPERVISOR_DIED, 0);
        }
    }

    private void checkRunsOnce(final Epoch epoch)
    {
        int running = 0;
        for (final FakeAgent agent : agents)
        {
            final FakeKernel kernel = agent.kernels.get(epoch.kernelId());
            running += null != kernel && kernel.isRunning() ? 1 : 0;
        }
        if (running > 1)
        {
            throw new IllegalStateException("runs in two epochs at once: " + epoch);
        }
    }

    /* Events. */

    private void run(final Commands written)
    {
        feed(written.bytes());
        while (target.continueNeeded() && random.percent(97))
        {
            feed(command.goOn().bytes());
        }
    }

    private void feed(final byte[] bytes)
    {
        sequence++;
        delivery.deliver(target.onCommand(bytes, sequence, nowNs), sequence);
    }
}
