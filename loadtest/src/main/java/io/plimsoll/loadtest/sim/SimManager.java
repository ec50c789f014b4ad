package io.plimsoll.loadtest.sim;

import io.plimsoll.core.CoreOptions;
import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.SchedulerCore;
import io.plimsoll.core.pipeline.HostedCore;
import io.plimsoll.core.pipeline.ThreadingMode;
import io.plimsoll.manager.ManagerClocks;
import io.plimsoll.manager.ManagerContext;
import io.plimsoll.manager.ManagerPorts;
import io.plimsoll.manager.ManagerStages;
import io.plimsoll.manager.RestoredView;
import io.plimsoll.manager.control.ClusterControl;
import io.plimsoll.manager.link.AgentAuthority;
import java.util.SplittableRandom;
import java.util.UUID;
import org.agrona.concurrent.Agent;

/** One life of the manager's process: restored from the disk, then stepped until it crashes. */
final class SimManager
{
    static final UUID CLUSTER_ID = new UUID(0x706c696dL, 0x736f6c6cL);

    private static final long SECOND_NS = 1_000_000_000L;
    private static final int RING_SIZE = 64;

    private final SchedulerCore core;
    private final ManagerStages stages;
    private final Agent[] cycles;
    private final SplittableRandom random;
    private Throwable failure;

    SimManager(
        final SimTime time,
        final SimDisk disk,
        final SimNetwork network,
        final SimUplink uplink,
        final AgentAuthority authority,
        final SplittableRandom random)
    {
        this.random = random;
        core = new SchedulerCore(CoreOptions.defaults());
        final HostedCore hosted = new HostedCore(core);
        final RestoredView restored = new RestoredView();
        final RecordFlyweight record = new RecordFlyweight();
        for (int i = 0; i < disk.tape().size(); i++)
        {
            disk.tape().wrap(i, record);
            hosted.restore(record);
            restored.onRecord(record);
        }
        stages = new ManagerStages(
            context(),
            new ManagerPorts(CLUSTER_ID, hosted, disk, disk, () -> true, network, uplink, authority),
            restored,
            new ManagerClocks(time::epochNs, time::nowNs, this::fill),
            () ->
            {
            },
            (exitCode, cause) -> failure = cause);
        cycles = new Agent[]
        {
            stages.pipeline().coreStage(), stages.pipeline().journalStage(), stages.pipeline().egressStage(),
            stages.ioStage(), stages.feedStage()
        };
    }

    /** Lost after 20 s of silence, suspect after 3 s. */
    static ManagerContext context()
    {
        return new ManagerContext()
            .ringSize(RING_SIZE)
            .threadingMode(ThreadingMode.SHARED)
            .liveness(SECOND_NS, 3 * SECOND_NS, 20 * SECOND_NS)
            .build("sim");
    }

    ClusterControl control()
    {
        return stages.control();
    }

    SchedulerCore core()
    {
        return core;
    }

    boolean hasBegun()
    {
        return stages.hasBegun();
    }

    ManagerStages stages()
    {
        return stages;
    }

    /** Every stage has its turn or not, in any order. */
    void step()
    {
        for (int i = 0; i < cycles.length; i++)
        {
            try
            {
                cycles[random.nextInt(cycles.length)].doWork();
            }
            catch (final Exception ex)
            {
                throw new SimulationException("a stage of the manager threw: " + ex, ex);
            }
            if (null != failure)
            {
                throw new SimulationException("the manager failed: " + failure, failure);
            }
        }
    }

    /** Every stage in its order, until there is nothing left to do at this moment. */
    void settle()
    {
        for (int i = 0; i < 100; i++)
        {
            for (final Agent cycle : cycles)
            {
                try
                {
                    cycle.doWork();
                }
                catch (final Exception ex)
                {
                    throw new SimulationException("a stage of the manager threw: " + ex, ex);
                }
            }
        }
    }

    private void fill(final byte[] bytes)
    {
        for (int i = 0; i < bytes.length; i++)
        {
            bytes[i] = (byte)random.nextInt();
        }
    }
}
