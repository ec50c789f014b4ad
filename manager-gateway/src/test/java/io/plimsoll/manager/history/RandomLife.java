package io.plimsoll.manager.history;

import io.plimsoll.core.sbe.AccountLevel;
import io.plimsoll.manager.bed.ManagerBed;
import io.plimsoll.manager.bed.TestAgent;
import io.plimsoll.manager.control.AccountOptions;
import io.plimsoll.manager.control.SessionChange;
import io.plimsoll.manager.control.SessionRequest;
import io.plimsoll.manager.control.SubmitRequest;
import io.plimsoll.manager.view.IdRange;
import io.plimsoll.transport.sbe.ReportKind;
import io.plimsoll.transport.sbe.ReportReason;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** What happens in a cluster, drawn from a seed: hours in which sessions come, run, fail and go. */
final class RandomLife
{
    /** Accounts that sessions count for: member of project 12 in domain 10 by user 13, another user, and nobody. */
    static final int[] OWNERS = {20, 14, 0};

    final ManagerBed bed = new ManagerBed();
    private final List<TestAgent> agents = new ArrayList<>();
    private final List<Kernel> kernels = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();
    private final Random random;

    RandomLife(final long seed, final long forgetAfterNs)
    {
        random = new Random(seed);
        bed.context.coreOptions(bed.context.coreOptions().withForgetting(forgetAfterNs, 1_000));
        bed.start();
        account(10, "domain/research", AccountLevel.DOMAIN, 0, 0);
        account(12, "project/vision", AccountLevel.PROJECT, 10, 0);
        account(13, "user/ana", AccountLevel.USER, 10, 0);
        account(14, "user/bo", AccountLevel.USER, 10, 0);
        account(15, "keypair/K", AccountLevel.KEYPAIR, 13, 0);
        account(20, "ana@vision", AccountLevel.MEMBER, 15, 12);
        agents.add(bed.join("a"));
        agents.add(bed.join("b"));
    }

    private void account(
        final int id, final String name, final AccountLevel level, final int parentId, final int projectId)
    {
        final var configured = bed.stages.configuration().configureAccount(name, (current, known) ->
            new AccountOptions(
                id, name, level, parentId, projectId, 1_000, -1, -1, -1, -1, 100, 0, Map.of(), Map.of()));
        bed.run();
        bed.answered(configured).join();
    }

    /** So many things happen, a few minutes each. */
    void goOn(final int count)
    {
        for (int i = 0; i < count; i++)
        {
            switch (random.nextInt(10))
            {
                case 0, 1 -> submit(ManagerBed.session("s" + i, 1, 1, false));
                case 2 -> submit(ManagerBed.session("gang" + i, 2, 1, false));
                case 3 -> submit(ManagerBed.session("array" + i, 1, 1 + random.nextInt(5), true));
                case 4 -> change(i);
                default -> report();
            }
            bed.clock.advance(random.nextInt(600_000), TimeUnit.MILLISECONDS);
            agents.forEach(TestAgent::heartbeat);
            bed.run();
            agents.forEach(this::receive);
        }
    }

    private void submit(final SessionRequest session)
    {
        final int owner = OWNERS[random.nextInt(OWNERS.length)];
        final var reply = bed.stages.control().submit(new SubmitRequest(owner, null, new byte[0], List.of(session)));
        bed.run();
        bed.answered(reply).join();
    }

    private void change(final int number)
    {
        final long first = 1 + random.nextInt(40);
        final IdRange range = new IdRange(first, first + random.nextInt(3));
        if (random.nextBoolean())
        {
            bed.stages.control().cancel(List.of(range));
        }
        else
        {
            bed.stages.control().update(List.of(range), new SessionChange(random.nextInt(100), null, "n" + number));
        }
        bed.run();
    }

    private void receive(final TestAgent agent)
    {
        agent.receive();
        for (final TestAgent.Assigned assigned : agent.assigned)
        {
            if (seen.add(assigned.kernelId() + "@" + assigned.attempt()))
            {
                kernels.add(new Kernel(agent, assigned));
            }
        }
        for (final long killed : agent.killed)
        {
            kernels.stream().filter(kernel -> kernel.assigned.kernelId() == killed).toList().forEach(kernel ->
            {
                kernel.agent.report(kernel.assigned, ReportKind.EXITED, ReportReason.USER_REQUESTED, 143);
                kernels.remove(kernel);
            });
        }
        agent.killed.clear();
        bed.run();
    }

    /** One of the kernels goes a step on. */
    private void report()
    {
        if (kernels.isEmpty())
        {
            return;
        }
        final Kernel kernel = kernels.get(random.nextInt(kernels.size()));
        if (!kernel.isRunning)
        {
            kernel.isRunning = random.nextInt(5) > 0;
            kernel.agent.report(kernel.assigned, ReportKind.ACKNOWLEDGED, ReportReason.NONE, -1);
            kernel.agent.report(
                kernel.assigned,
                kernel.isRunning ? ReportKind.RUNNING : ReportKind.FAILED,
                kernel.isRunning ? ReportReason.NONE : ReportReason.LAUNCH_FAILED,
                -1);
            if (!kernel.isRunning)
            {
                kernels.remove(kernel);
            }
            return;
        }
        kernels.remove(kernel);
        final int exitCode = random.nextInt(3);
        kernel.agent.report(
            kernel.assigned,
            ReportKind.EXITED,
            0 == exitCode ? ReportReason.COMPLETED : ReportReason.EXIT_CODE,
            exitCode);
    }

    private static final class Kernel
    {
        private final TestAgent agent;
        private final TestAgent.Assigned assigned;
        private boolean isRunning;

        private Kernel(final TestAgent agent, final TestAgent.Assigned assigned)
        {
            this.agent = agent;
            this.assigned = assigned;
        }
    }
}
