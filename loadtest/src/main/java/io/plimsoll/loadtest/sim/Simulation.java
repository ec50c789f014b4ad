package io.plimsoll.loadtest.sim;

import io.plimsoll.core.CoreOptions;
import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.loadtest.proof.JournalProof;
import io.plimsoll.loadtest.proof.RecordTape;
import io.plimsoll.loadtest.workload.ClusterAudit;
import io.plimsoll.manager.link.AgentAuthority;
import io.plimsoll.manager.view.AgentView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;

/**
 * One run under one seed: a time in which anything may go wrong, then a time in which everything works and all that was
 * promised has to come true. Checked at every step: no kernel runs in two epochs at once, the books balance, no session
 * ends twice; and at the end: every promised session has ended, nothing is held, nothing runs, and the journal proves
 * itself. The same seed gives the same journal, byte for byte.
 */
public final class Simulation
{
    private static final long MILLISECOND_NS = 1_000_000L;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long SAFETY_NS = 240 * SECOND_NS;
    private static final long LIVENESS_NS = 3 * 3_600 * SECOND_NS;
    private static final int HOSTS = 4;
    private static final int MANAGER_DOWN_ONE_IN = 4_000;

    private final long seed;
    private final SplittableRandom random;
    private final SimTime time = new SimTime();
    private final SimDisk disk = new SimDisk();
    private final KernelWorld world = new KernelWorld();
    private final ClusterAudit audit = new ClusterAudit();
    private final SimNetwork network;
    private final SimUplink uplink;
    private final SimClient client;
    private final List<SimHost> hosts = new ArrayList<>();
    private final Map<UUID, String> credentials = new HashMap<>();
    private final RecordFlyweight record = new RecordFlyweight();
    private final FaultLog faults = new FaultLog();
    private SimManager manager;
    private long managerBackNs;
    private int audited;

    /**
     * Prepares a run.
     *
     * @param seed of everything random in it.
     */
    public Simulation(final long seed)
    {
        this.seed = seed;
        random = new SplittableRandom(seed);
        network = new SimNetwork(time, random.split(), HOSTS);
        uplink = new SimUplink(time, network, random.split());
        client = new SimClient(random.split());
        for (int i = 0; i < HOSTS; i++)
        {
            hosts.add(new SimHost(i, time, network, uplink, world, random.split()));
        }
    }

    /** Plants a bug: supervisors let kernels outlive their lease. */
    public Simulation withLeasesIgnored()
    {
        hosts.forEach(host -> host.kernels().ignoreLeases());
        return this;
    }

    /**
     * Runs it.
     *
     * @return what happened.
     * @throws SimulationException that names the seed if a rule was broken.
     */
    public Outcome run()
    {
        try
        {
            hosts.forEach(SimHost::start);
            final long safetyEndNs = time.nowNs() + SAFETY_NS;
            while (time.nowNs() < safetyEndNs)
            {
                faultsAndWork();
                step();
            }
            heal();
            final long livenessEndNs = time.nowNs() + LIVENESS_NS;
            while (!isQuiet())
            {
                if (time.nowNs() > livenessEndNs)
                {
                    throw new SimulationException("not over: " + describe());
                }
                step();
            }
            return verify();
        }
        catch (final RuntimeException ex)
        {
            throw new SimulationException(
                "seed=" + seed + " timeMs=" + time.nowNs() / MILLISECOND_NS + " sequence=" + disk.committed() + " " +
                    faults + ": " + ex.getMessage(),
                ex);
        }
    }

    /** Records that were committed; for looking into a failure. */
    public RecordTape tape()
    {
        return disk.tape();
    }

    private void step()
    {
        time.advance(1 + random.nextLong(0 == random.nextInt(10) ? 200 * MILLISECOND_NS : 10 * MILLISECOND_NS));
        if (null == manager && time.nowNs() >= managerBackNs)
        {
            manager = new SimManager(time, disk, network, uplink, new Authority(), random.split());
            network.onManagerUp();
        }
        if (null != manager && time.nowNs() >= managerBackNs)
        {
            manager.step();
        }
        for (final SimHost host : hosts)
        {
            if (0 != random.nextInt(4))
            {
                host.step();
            }
        }
        audit();
    }

    private void faultsAndWork()
    {
        if (null != manager && manager.hasBegun() && 0 == random.nextInt(60))
        {
            client.act(manager.control());
        }
        if (null != manager && 0 == random.nextInt(MANAGER_DOWN_ONE_IN))
        {
            if (random.nextBoolean())
            {
                faults.count("managerCrash");
                crashManager();
            }
            else
            {
                faults.count("managerPause");
                managerBackNs = time.nowNs() + random.nextLong(40 * SECOND_NS);
            }
        }
        for (final SimHost host : hosts)
        {
            if (0 == random.nextInt(1_500))
            {
                faultOf(host);
            }
            if (!host.isUp() && 0 == random.nextInt(300))
            {
                host.start();
            }
            if (network.isPartitioned(host.index()) && 0 == random.nextInt(1_200))
            {
                network.partition(host.index(), false);
            }
        }
    }

    private void faultOf(final SimHost host)
    {
        switch (random.nextInt(6))
        {
            case 0:
                faults.count("agentCrash");
                if (host.isUp())
                {
                    host.crash();
                }
                break;
            case 1:
                faults.count("reboot");
                if (0 == random.nextInt(3))
                {
                    host.reboot();
                }
                break;
            case 2:
                faults.count("freeze");
                host.freeze(time.nowNs() + random.nextLong(60 * SECOND_NS));
                break;
            case 3:
                faults.count("cut");
                network.cut(host.index());
                break;
            case 4:
                faults.count("launchFailures");
                host.kernels().failures(random.nextBoolean());
                break;
            default:
                faults.count("partition");
                network.partition(host.index(), true);
                break;
        }
    }

    private void crashManager()
    {
        manager = null;
        disk.crash(random);
        network.onManagerDown();
        uplink.onManagerDown();
        managerBackNs = time.nowNs() + random.nextLong(30 * SECOND_NS);
    }

    private void heal()
    {
        managerBackNs = time.nowNs();
        for (final SimHost host : hosts)
        {
            network.partition(host.index(), false);
            host.freeze(0);
            host.kernels().failures(false);
            if (!host.isUp())
            {
                host.start();
            }
        }
    }

    private boolean isQuiet()
    {
        return null != manager && hosts.stream().allMatch(SimHost::isActive) && 0 == audit.openCount() &&
            0 == audit.heldCount() && 0 == world.alive();
    }

    private void audit()
    {
        while (audited < disk.committed())
        {
            audit.onRecord(disk.tape().wrap(audited++, record));
        }
    }

    private Outcome verify()
    {
        manager.settle();
        audit();
        for (final long id : client.promised())
        {
            final LifeState state = audit.state(id);
            // Null: ended and forgotten, which the audit has seen; one that never was would have thrown before.
            if (null == state && id > audit.highestId() || null != state && !ClusterAudit.isTerminal(state))
            {
                throw new SimulationException("session " + id + " was promised and is " + state);
            }
        }
        for (final AgentView agent : manager.stages().view().agents())
        {
            agent.used().forEach((slot, used) ->
            {
                if (0 != used)
                {
                    throw new SimulationException("nothing runs, but agent " + agent.name() + " gives " + slot + used);
                }
            });
        }
        final JournalProof.Result proof = JournalProof.prove(disk.tape(), CoreOptions.defaults(), seed);
        if (disk.committed() == disk.tape().size() && proof.stateHash() != manager.core().stateHash())
        {
            throw new SimulationException("the restored state is not the live one");
        }
        return new Outcome(
            proof.records(), proof.stateHash(), disk.tape().hash(), client.promised().size(), world.starts(),
            faults.total(), time.nowNs());
    }

    private String describe()
    {
        return "open=" + audit.openCount() + " " + audit.openIds(5) + " held=" + audit.heldCount() + " alive=" +
            world.alive() + " active=" + hosts.stream().filter(SimHost::isActive).count();
    }

    private final class Authority implements AgentAuthority
    {
        @Override
        public boolean admits(final UUID uuid, final String credential)
        {
            return credential.equals(credentials.get(uuid));
        }

        @Override
        public String join(final UUID uuid, final String joinToken)
        {
            if (!SimHost.JOIN_TOKEN.equals(joinToken))
            {
                return null;
            }
            final String credential = "credential-" + uuid;
            credentials.put(uuid, credential);
            return credential;
        }
    }

    private static final class FaultLog
    {
        private final Map<String, Integer> countByName = new HashMap<>();

        void count(final String name)
        {
            countByName.merge(name, 1, Integer::sum);
        }

        int total()
        {
            return countByName.values().stream().mapToInt(Integer::intValue).sum();
        }

        @Override
        public String toString()
        {
            return new TreeMap<>(countByName).toString();
        }
    }

    /**
     * What happened in a run.
     *
     * @param records     in the journal.
     * @param stateHash   of the core at the end.
     * @param journalHash over all bytes of the journal.
     * @param promised    sessions accepted.
     * @param starts      of kernels.
     * @param faults      injected.
     * @param endNs       simulated time.
     */
    public record Outcome(
        long records, long stateHash, long journalHash, int promised, int starts, int faults, long endNs)
    {
    }
}
