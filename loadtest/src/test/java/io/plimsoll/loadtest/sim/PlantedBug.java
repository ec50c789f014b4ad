package io.plimsoll.loadtest.sim;

import io.plimsoll.agent.AgentPorts;
import io.plimsoll.agent.kernel.Assignment;
import io.plimsoll.agent.kernel.KernelEnd;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.agent.kernel.KernelStore;
import io.plimsoll.agent.runtime.KernelListener;
import io.plimsoll.agent.runtime.KernelRuntime;
import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.pipeline.CommandHandler;
import io.plimsoll.core.pipeline.RecordJournal;
import io.plimsoll.core.sbe.AgentLostEncoder;
import io.plimsoll.core.sbe.AgentSuspectDecoder;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.journal.ByteFile;
import io.plimsoll.journal.ByteFiles;
import io.plimsoll.manager.control.SubmitRequest;
import io.plimsoll.transport.link.LinkEndpoint;
import io.plimsoll.transport.uplink.UplinkReceiver;
import io.plimsoll.transport.uplink.UplinkSender;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Mistakes that somebody could make, each put between the parts of a simulation: the simulator has to notice them. */
enum PlantedBug
{
    /** Records are released without being forced to the disk. */
    SKIP_FSYNC(40, SkipFsync::new),
    /** The manifest is put in place, but its new name is not forced. */
    SKIP_NAME_SYNC(40, SkipNameSync::new),
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

    PlantedBug(final int seedsMax, final Supplier<SimWiring> wiring)
    {
        this.seedsMax = seedsMax;
        this.wiring = wiring;
    }

    /** By then it has to be found. */
    int seedsMax()
    {
        return seedsMax;
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
                public int onCommand(
                    final DirectBuffer buffer,
                    final int offset,
                    final int length,
                    final long sequence,
                    final long timestampNs,
                    final MutableDirectBuffer eventsBuffer,
                    final int eventsOffset)
                {
                    // As a clock would, that is read while something is decided.
                    return super.onCommand(
                        buffer, offset, length, sequence, timestampNs + (run & 1), eventsBuffer, eventsOffset);
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
                public int onCommand(
                    final DirectBuffer buffer,
                    final int offset,
                    final int length,
                    final long sequence,
                    final long timestampNs,
                    final MutableDirectBuffer eventsBuffer,
                    final int eventsOffset)
                {
                    final int templateOffset = offset + MessageHeaderDecoder.templateIdEncodingOffset();
                    if (AgentSuspectDecoder.TEMPLATE_ID == buffer.getShort(templateOffset, ByteOrder.LITTLE_ENDIAN))
                    {
                        // Both have the same fields. The record holds what was decided on.
                        ((MutableDirectBuffer)buffer).putShort(
                            templateOffset, (short)AgentLostEncoder.TEMPLATE_ID, ByteOrder.LITTLE_ENDIAN);
                    }
                    return super.onCommand(
                        buffer, offset, length, sequence, timestampNs, eventsBuffer, eventsOffset);
                }
            };
        }
    }

    private static AgentPorts with(final AgentPorts ports, final KernelStore store, final KernelRuntime runtime)
    {
        return new AgentPorts(
            ports.clock(), ports.links(), ports.lookup(), ports.uplinks(), ports.memoryStore(), store, runtime,
            ports.leaseFile(), ports.load(), ports.kernels());
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
            final KernelStore store = ports.kernelStore();
            return with(ports, new KernelStore()
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
                        store.tryStore(assignment);
                    }
                }

                @Override
                public boolean tryFence(final KernelKey key, final KernelEnd end)
                {
                    return store.tryFence(key, end);
                }

                @Override
                public void verdict(final KernelKey key, final KernelEnd end)
                {
                    storeNow(key);
                    store.verdict(key, end);
                }

                @Override
                public void acknowledged(final KernelKey key)
                {
                    storeNow(key);
                    store.acknowledged(key);
                }

                @Override
                public void remove(final KernelKey key)
                {
                    store.remove(key);
                }

                @Override
                public void load(final Loader loader)
                {
                    store.load(loader);
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
