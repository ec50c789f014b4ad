package io.plimsoll.loadtest.sim;

import io.plimsoll.agent.AgentPorts;
import io.plimsoll.agent.kernel.Assignment;
import io.plimsoll.agent.kernel.KernelEnd;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.agent.kernel.KernelStore;
import io.plimsoll.agent.runtime.KernelListener;
import io.plimsoll.agent.runtime.KernelRuntime;
import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.StateSink;
import io.plimsoll.core.pipeline.CommandHandler;
import io.plimsoll.core.pipeline.RecordJournal;
import io.plimsoll.core.sbe.AgentLostEncoder;
import io.plimsoll.core.sbe.AgentSuspectDecoder;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.journal.ByteFile;
import io.plimsoll.journal.ByteFiles;
import io.plimsoll.journal.CommitMode;
import io.plimsoll.manager.control.SubmitRequest;
import io.plimsoll.transport.link.LinkEndpoint;
import io.plimsoll.transport.uplink.UplinkReceiver;
import io.plimsoll.transport.uplink.UplinkSender;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Mistakes that somebody could make, each put between the parts of a simulation: the simulator has to notice them. */
enum PlantedBug
{
    /** Records are released without being forced to the disk. */
    SKIP_FSYNC(40, SkipFsync::new),
    /** The manifest is put in place, but its new name is not forced. */
    SKIP_NAME_SYNC(40, SkipNameSync::new),
    /** That the disk failed to force something is passed over. */
    SWALLOW_SYNC_FAILURE(200, SwallowSyncFailure::new),
    /** A snapshot counts before it is on the disk. */
    SNAPSHOT_NOT_FORCED(200, SnapshotNotForced::new),
    /** A snapshot leaves the last row of each table out. */
    SNAPSHOT_LEAVES_OUT(40, SnapshotLeavesOut::new),
    /** A group of records is released one commit before it is in the journal. */
    RELEASE_BEFORE_JOURNAL(40, ReleaseBeforeJournal::new),
    /** Some timers never wake anybody. */
    LOSE_TIMER(40, LoseTimer::new),
    /** A start leaves records out. */
    SKIP_RECORD_AT_RESTORE(40, SkipRecordAtRestore::new),
    /** A decision depends on something that is in no command. */
    UNRECORDED_INPUT(20, UnrecordedInput::new),
    /** What is only suspected to be lost counts as lost, before its lease has run out. */
    LOST_TOO_EARLY(200, LostTooEarly::new),
    /** Supervisors let kernels run on when their lease has run out. */
    IGNORE_LEASE(60, IgnoreLease::new, PlantedBug::cutOffLongEnough),
    /** A kernel that is to be killed is called gone while it still runs, and its devices are given to others. */
    REUSE_EARLY(60, ReuseEarly::new),
    /** An agent that starts again starts its kernels again. */
    IGNORE_STARTED(60, IgnoreStarted::new),
    /** An agent says that it has an assignment before it has kept it. */
    ACKNOWLEDGE_BEFORE_STORING(100, AcknowledgeBeforeStoring::new),
    /** A report is acknowledged and not handed on. */
    LOSE_REPORT(40, LoseReport::new),
    /** An order to end a kernel gets lost on the way to the agent's link. */
    LOSE_KILL(200, LoseKill::new),
    /** A submission that is repeated with its key is taken for another one. */
    IGNORE_IDEMPOTENCY_KEY(100, IgnoreIdempotencyKey::new);

    private final int seedsMax;
    private final Supplier<SimWiring> wiring;
    private final LongFunction<FaultPlan> plans;

    PlantedBug(final int seedsMax, final Supplier<SimWiring> wiring)
    {
        this(seedsMax, wiring, FaultPlan::of);
    }

    PlantedBug(final int seedsMax, final Supplier<SimWiring> wiring, final LongFunction<FaultPlan> plans)
    {
        this.seedsMax = seedsMax;
        this.wiring = wiring;
        this.plans = plans;
    }

    /** What is run under a seed. */
    FaultPlan plan(final long seed)
    {
        return plans.apply(seed);
    }

    /** A busy cluster, of which one host in each group is cut off for longer than it takes to be lost. */
    private static FaultPlan cutOffLongEnough(final long seed)
    {
        final SplittableRandom random = new SplittableRandom(seed);
        final long cutMs = random.nextLong(8_000, 12_000);
        final List<Work> work = new ArrayList<>();
        for (long atMs = 2_000; atMs < cutMs + 2_000; atMs += 1 + random.nextLong(150))
        {
            work.add(new Work(atMs, Work.Kind.SUBMIT, random.nextLong()));
        }
        final List<Fault> faults = List.of(
            new Fault(cutMs, FaultKind.PARTITION, 0, 40_000, 0), new Fault(cutMs, FaultKind.PARTITION, 1, 40_000, 0));
        return new FaultPlan(seed, 5, CommitMode.SYNC, 60_000, faults, work);
    }

    /** By then it has to be found. */
    int seedsMax()
    {
        return seedsMax;
    }

    /** A seed that finds it as things are, and so goes first; 1: nobody has looked. */
    int seedKnown()
    {
        return switch (this)
        {
            case SKIP_FSYNC, SKIP_NAME_SYNC -> 3;
            case SWALLOW_SYNC_FAILURE -> 58;
            default -> 1;
        };
    }

    SimWiring wiring()
    {
        return wiring.get();
    }

    private static final class SkipFsync extends SimWiring
    {
        @Override
        ByteFiles files(final ByteFiles files)
        {
            return new BrokenFiles(files)
            {
                @Override
                void sync(final ByteFile file)
                {
                    // Forgotten.
                }
            };
        }
    }

    private static final class SkipNameSync extends SimWiring
    {
        @Override
        ByteFiles files(final ByteFiles files)
        {
            return new BrokenFiles(files)
            {
                @Override
                public void syncNames()
                {
                    // Forgotten.
                }
            };
        }
    }

    private static final class SwallowSyncFailure extends SimWiring
    {
        @Override
        ByteFiles files(final ByteFiles files)
        {
            return new BrokenFiles(files)
            {
                @Override
                void sync(final ByteFile file)
                {
                    try
                    {
                        super.sync(file);
                    }
                    catch (final UncheckedIOException ex)
                    {
                        // It will be all right.
                    }
                }
            };
        }
    }

    private static final class SnapshotNotForced extends SimWiring
    {
        @Override
        ByteFiles files(final ByteFiles files)
        {
            return new BrokenFiles(files)
            {
                private ByteFile snapshot;

                @Override
                ByteFile wrap(final String name, final ByteFile file)
                {
                    snapshot = name.startsWith("snapshot-") ? file : snapshot;
                    return super.wrap(name, file);
                }

                @Override
                void sync(final ByteFile file)
                {
                    if (file != snapshot)
                    {
                        super.sync(file);
                    }
                }
            };
        }
    }

    private static final class SnapshotLeavesOut extends SimWiring
    {
        @Override
        CommandHandler core(final CommandHandler core)
        {
            return new BrokenCore(core)
            {
                @Override
                public void writeState(final StateSink sink)
                {
                    super.writeState((blockId, width, count, buffer, offset) ->
                        sink.onBlock(blockId, width, count > 1 ? count - 1 : count, buffer, offset));
                }
            };
        }
    }

    private static final class ReleaseBeforeJournal extends SimWiring
    {
        @Override
        RecordJournal journal(final RecordJournal journal)
        {
            return new RecordJournal()
            {
                private final List<RecordFlyweight> late = new ArrayList<>();
                private int ready;

                @Override
                public void append(final RecordFlyweight record)
                {
                    final byte[] bytes = new byte[record.length()];
                    record.buffer().getBytes(record.offset(), bytes);
                    late.add(new RecordFlyweight().wrap(new UnsafeBuffer(bytes), 0));
                }

                @Override
                public void commit()
                {
                    for (int i = 0; i < ready; i++)
                    {
                        journal.append(late.get(i));
                    }
                    late.subList(0, ready).clear();
                    ready = late.size();
                    journal.commit();
                }
            };
        }
    }

    private static final class LoseTimer extends SimWiring
    {
        @Override
        CommandHandler core(final CommandHandler core)
        {
            return new BrokenCore(core)
            {
                @Override
                public long nextDeadlineNs()
                {
                    final long deadlineNs = super.nextDeadlineNs();
                    return 0 == deadlineNs % 3 ? Long.MAX_VALUE : deadlineNs;
                }
            };
        }
    }

    private static final class SkipRecordAtRestore extends SimWiring
    {
        @Override
        boolean isRestored(final RecordFlyweight record)
        {
            return 0 != record.sequence() % 40;
        }
    }

    private static final class UnrecordedInput extends SimWiring
    {
        private static final AtomicLong RUNS = new AtomicLong();
        private final long run = RUNS.incrementAndGet();

        @Override
        CommandHandler core(final CommandHandler core)
        {
            return new BrokenCore(core)
            {
                @Override
                long stamp(final long timestampNs)
                {
                    // As a clock would, that is read while something is decided.
                    return timestampNs + (run & 1);
                }
            };
        }
    }

    private static final class LostTooEarly extends SimWiring
    {
        @Override
        CommandHandler core(final CommandHandler core)
        {
            return new BrokenCore(core)
            {
                @Override
                void before(final MutableDirectBuffer buffer, final int offset)
                {
                    final int templateOffset = offset + MessageHeaderDecoder.templateIdEncodingOffset();
                    if (AgentSuspectDecoder.TEMPLATE_ID == buffer.getShort(templateOffset, ByteOrder.LITTLE_ENDIAN))
                    {
                        // Both have the same fields.
                        buffer.putShort(
                            templateOffset, (short)AgentLostEncoder.TEMPLATE_ID, ByteOrder.LITTLE_ENDIAN);
                    }
                }
            };
        }
    }

    private static AgentPorts with(final AgentPorts ports, final KernelStore store, final KernelRuntime runtime)
    {
        return new AgentPorts(
            ports.clock(), ports.links(), ports.lookup(), ports.uplinks(), ports.memoryStore(), store, runtime,
            ports.leaseFile(), ports.load(), ports.kernels(), ports.usage());
    }

    private static final class IgnoreLease extends SimWiring
    {
        @Override
        void prepare(final SimUplink uplink, final HostKernels kernels)
        {
            kernels.ignoreLeases();
        }
    }

    private static final class ReuseEarly extends SimWiring
    {
        @Override
        AgentPorts agent(final int host, final AgentPorts ports)
        {
            return with(ports, ports.kernelStore(), new BrokenRuntime(ports.runtime())
            {
                private final Set<KernelKey> called = new HashSet<>();
                private final Set<KernelKey> told = new HashSet<>();

                @Override
                public void kill(final KernelKey key, final long graceNs, final long nowNs)
                {
                    super.kill(key, graceNs, nowNs);
                    called.add(key);
                }

                @Override
                public int poll(final KernelListener listener, final long nowNs)
                {
                    for (final KernelKey key : called)
                    {
                        if (told.add(key))
                        {
                            listener.onEnded(key, KernelEnd.exited(143));
                        }
                    }
                    called.clear();
                    return super.poll(new KernelListener()
                    {
                        @Override
                        public void onStarted(
                            final KernelKey key, final long sinceNs, final String cpus, final String devices)
                        {
                            if (!told.contains(key))
                            {
                                listener.onStarted(key, sinceNs, cpus, devices);
                            }
                        }

                        @Override
                        public void onEnded(final KernelKey key, final KernelEnd how)
                        {
                            if (told.add(key))
                            {
                                listener.onEnded(key, how);
                            }
                        }
                    }, nowNs);
                }
            });
        }
    }

    private static final class IgnoreStarted extends SimWiring
    {
        @Override
        AgentPorts agent(final int host, final AgentPorts ports)
        {
            return with(ports, ports.kernelStore(), new BrokenRuntime(ports.runtime())
            {
                @Override
                public boolean adopt(final Assignment assignment, final long nowNs)
                {
                    return false;
                }
            });
        }
    }

    private static final class AcknowledgeBeforeStoring extends SimWiring
    {
        @Override
        AgentPorts agent(final int host, final AgentPorts ports)
        {
            return with(ports, new BrokenStore(ports.kernelStore())
            {
                private final Map<KernelKey, Assignment> later = new HashMap<>();

                @Override
                public String tryStore(final Assignment assignment)
                {
                    later.put(assignment.key(), assignment);
                    return null;
                }

                private void storeNow(final KernelKey key)
                {
                    final Assignment assignment = later.remove(key);
                    if (null != assignment)
                    {
                        super.tryStore(assignment);
                    }
                }

                @Override
                public void verdict(final KernelKey key, final KernelEnd end)
                {
                    storeNow(key);
                    super.verdict(key, end);
                }

                @Override
                public void acknowledged(final KernelKey key)
                {
                    storeNow(key);
                    super.acknowledged(key);
                }
            }, ports.runtime());
        }
    }

    private static final class LoseReport extends SimWiring
    {
        private int reports;

        @Override
        UplinkReceiver uplink(final UplinkReceiver uplink)
        {
            return new UplinkReceiver()
            {
                @Override
                public String channel()
                {
                    return uplink.channel();
                }

                @Override
                public void admit(
                    final int agentId, final long connection, final byte[] heartbeatKey, final byte[] reportKey)
                {
                    uplink.admit(agentId, connection, heartbeatKey, reportKey);
                }

                @Override
                public void dismiss(final int agentId, final long connection)
                {
                    uplink.dismiss(agentId, connection);
                }

                @Override
                public int poll(final Handler handler, final int limit)
                {
                    return uplink.poll(
                        (agentId, connection, streamId, buffer, offset, length) ->
                            UplinkSender.REPORT_STREAM == streamId && 0 == ++reports % 20 ||
                            handler.onMessage(agentId, connection, streamId, buffer, offset, length),
                        limit);
                }

                @Override
                public void close()
                {
                    uplink.close();
                }
            };
        }
    }

    private static final class LoseKill extends SimWiring
    {
        @Override
        LinkEndpoint links(final LinkEndpoint links)
        {
            return new DeafLinks(links);
        }
    }

    private static final class IgnoreIdempotencyKey extends SimWiring
    {
        private int requests;

        @Override
        SubmitRequest request(final SubmitRequest request)
        {
            final String key = null == request.idempotencyKey() ? null : request.idempotencyKey() + requests++;
            return new SubmitRequest(request.ownerId(), key, request.body(), request.sessions());
        }
    }
}
