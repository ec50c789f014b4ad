package io.plimsoll.loadtest.jobs;

import io.plimsoll.core.SessionPart;
import io.plimsoll.core.sbe.AccountLevel;
import io.plimsoll.loadtest.simulate.AccountSpec;
import io.plimsoll.loadtest.simulate.Scenario;
import io.plimsoll.loadtest.simulate.Scenario.SlotAmount;
import io.plimsoll.loadtest.simulate.SessionSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The sessions of a scenario as a workload; its cluster, its limits and its failures are no part of that. */
final class ScenarioWorkload
{
    private ScenarioWorkload()
    {
    }

    static Workload of(final String name, final Scenario scenario)
    {
        final Map<Integer, AccountSpec> accounts = new HashMap<>();
        scenario.accounts().forEach(account -> accounts.put(account.id(), account));
        final WorkloadBuilder builder = new WorkloadBuilder(name);
        for (final SessionSpec session : scenario.sessions())
        {
            builder.add(new Job(
                session.name(), session.atNs(), tenant(session, accounts), session.type(), session.priority(),
                session.rules().preemptible(), new JobRequest(kernels(session), session.constraints()),
                session.rules().limitNs(), 1,
                List.of(new Life(session.behaviour().durationNs(0), session.behaviour().exitCode(0))),
                session.after()));
        }
        return builder.build();
    }

    private static Tenant tenant(final SessionSpec session, final Map<Integer, AccountSpec> accounts)
    {
        final Map<AccountLevel, String> names = new HashMap<>();
        for (AccountSpec account = accounts.get(session.ownerId()); null != account;
            account = accounts.get(account.parentId()))
        {
            names.put(account.level(), account.name());
        }
        return new Tenant(
            names.getOrDefault(AccountLevel.USER, names.getOrDefault(AccountLevel.KEYPAIR, "")),
            names.getOrDefault(AccountLevel.PROJECT, ""),
            names.getOrDefault(AccountLevel.DOMAIN, ""),
            session.group());
    }

    private static List<KernelSet> kernels(final SessionSpec session)
    {
        final SessionSpec.Request request = session.request();
        final List<KernelSet> kernels = new ArrayList<>();
        kernels.add(new KernelSet(
            request.kernels(), new Need(request.cpuMillis(), request.memoryBytes(), request.slots())));
        for (final SessionPart part : request.parts())
        {
            final List<SlotAmount> slots = new ArrayList<>();
            part.slots().forEach((slot, amount) -> slots.add(new SlotAmount(slot, amount)));
            kernels.add(new KernelSet(part.kernels(), new Need(part.cpuMillis(), part.memoryBytes(), slots)));
        }
        return kernels;
    }
}
