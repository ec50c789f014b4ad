package io.plimsoll.manager;

import io.plimsoll.core.pipeline.FatalHandler;
import io.plimsoll.core.pipeline.Pipeline;
import io.plimsoll.core.pipeline.ThreadingMode;
import io.plimsoll.journal.Journal;
import io.plimsoll.journal.JournalContext;
import io.plimsoll.journal.JournalUnforcedException;
import io.plimsoll.manager.callback.CallbackPorts;
import io.plimsoll.manager.callback.CallbackPosition;
import io.plimsoll.manager.callback.CallbackSigner;
import io.plimsoll.manager.callback.HttpCallbackSender;
import io.plimsoll.manager.database.Database;
import io.plimsoll.manager.database.DatabaseOptions;
import io.plimsoll.manager.history.History;
import io.plimsoll.manager.history.HistoryService;
import io.plimsoll.manager.history.HistoryTailer;
import io.plimsoll.manager.history.JournalHistory;
import io.plimsoll.manager.identity.IdentityCache;
import io.plimsoll.manager.identity.IdentityService;
import io.plimsoll.manager.identity.KeypairSecrets;
import io.plimsoll.manager.link.AgentCredentials;
import io.plimsoll.manager.metrics.JournalMeter;
import io.plimsoll.manager.snapshot.RestoredManager;
import io.plimsoll.manager.snapshot.SnapshotStage;
import io.plimsoll.manager.trace.Tracing;
import io.plimsoll.manager.view.JournalRecords;
import io.plimsoll.manager.view.RecordSource;
import io.plimsoll.transport.auth.CertificateAuthority;
import io.plimsoll.transport.auth.Credentials;
import io.plimsoll.transport.auth.JoinToken;
import io.plimsoll.transport.link.ChannelEndpoint;
import io.plimsoll.transport.link.DownlinkServer;
import io.plimsoll.transport.link.LinkOptions;
import io.plimsoll.transport.uplink.AeronUplinkReceiver;
import io.plimsoll.transport.uplink.MediaDriverHost;
import io.plimsoll.transport.uplink.MediaDriverOptions;
import io.plimsoll.transport.uplink.UplinkReceiverOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.CompositeAgent;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running manager: locks its data directory, restores the journal, and gives threads and sockets to
 * {@link ManagerStages}. One thread (or three) carries the pipeline, one the agents' side, one the event feed.
 */
public final class Manager implements AutoCloseable
{
    private static final Logger LOGGER = LoggerFactory.getLogger(Manager.class);
    private static final int SNAPSHOT_IDLE_MS = 20;
    private static final int IDLE_CHECKS_MS = 100;
    private static final int CALLBACKS_MS = 20;
    private static final long LAST_SNAPSHOT_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long BEGIN_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long DRAIN_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(5);

    private final ManagerContext context;
    private final ManagerClocks clocks = ManagerClocks.system();
    private final SecureRandom random = new SecureRandom();
    private final FeedIdle feedIdle = new FeedIdle();
    private final Deque<AutoCloseable> resources = new ArrayDeque<>();
    private final List<AgentRunner> pipelineRunners = new ArrayList<>();
    private AgentRunner ioRunner;
    private AgentRunner feedRunner;
    private AgentRunner idleRunner;
    private AgentRunner callbackRunner;
    private SnapshotStage snapshotStage;
    private AgentRunner snapshotRunner;
    private JournalCheckpoints checkpoints;
    private AgentRunner checkpointRunner;
    private ManagerStages stages;
    private ManagerServices services;
    private Gateway gateway;
    private Database database;
    private volatile IdentityService identities;
    private History history = History.NONE;
    private AgentRunner historyRunner;
    private Tracing tracing = Tracing.OFF;
    private volatile Throwable failure;
    private boolean closed;

    private Manager(final ManagerContext context)
    {
        this.context = context;
    }

    /**
     * Starts a manager; returns when it is ready.
     *
     * @param context values.
     * @return the running manager.
     * @throws DataDirectoryInUseException if another manager holds the data directory.
     * @throws IllegalArgumentException    if the context is wrong; the message is for people.
     * @throws UncheckedIOException        if a file or socket cannot be had; the message is for people.
     * @throws io.plimsoll.journal.JournalException if the journal is damaged or full.
     */
    public static Manager launch(final ManagerContext context)
    {
        ManagerContextValidator.validate(context);
        final Manager manager = new Manager(context);
        try
        {
            manager.start();
            return manager;
        }
        catch (final IOException e)
        {
            manager.close();
            throw new UncheckedIOException(e.getMessage(), e);
        }
        catch (final RuntimeException e)
        {
            manager.close();
            throw e;
        }
    }

    private void start() throws IOException
    {
        final DataDirectory directory = new DataDirectory(context.dataDirectory());
        resources.push(ManagerLock.acquire(directory.lock()));
        final String adminTokenHash = Credentials.hash(directory.adminToken(random));
        final CertificateAuthority authority =
            directory.authority(random, TimeUnit.NANOSECONDS.toMillis(clocks.epoch().nanoTime()));
        final JoinToken joinToken = directory.joinToken(authority.sha256(), random);
        final AgentCredentials credentials = held(
            AgentCredentials.open(directory.agentCredentials(), joinToken, random));

        final Journal journal = held(Journal.open(journalContext(directory)));
        final RestoredManager<RestoredView> restored = restore(journal);
        final RestoredView view = restored.view();

        final MediaDriverHost driver = null == context.mediaDriver() ?
            held(MediaDriverHost.launch(MediaDriverOptions.embedded())) : context.mediaDriver();
        final InetSocketAddress uplinkAddress = context.uplinkAddress();
        final AeronUplinkReceiver uplink = held(AeronUplinkReceiver.launch(
            driver,
            UplinkReceiverOptions.of(uplinkAddress.getHostString(), uplinkAddress.getPort())
                .withAdvertisedHost(context.uplinkAdvertisedHost())));
        final DownlinkServer downlink = held(DownlinkServer.launch(
            LinkOptions.defaults(), authority.server(), resolved(context.agentAddress())));

        final KeypairSecrets secrets = KeypairSecrets.open(directory.keypairKey(), random);
        final RecordSource records = new JournalRecords(journal, view.view()::sequence);
        stages = new ManagerStages(
            context,
            new ManagerPorts(
                journal.clusterId(),
                restored.hosted(),
                journal.startWriting(),
                records,
                journal::reserveKept,
                new ChannelEndpoint(downlink),
                uplink,
                credentials,
                callbackPorts(directory, secrets)),
            view,
            clocks,
            feedIdle,
            this::onFatal);
        downlink.counters().forEach(
            (name, help, value) -> stages.counters().counter("downlink_" + name + "_total", help, value));
        uplink.counters().forEach(
            (name, help, value) -> stages.counters().counter("uplink_" + name + "_total", help, value));
        registerMemory(stages.counters());
        tracing = held(Tracing.open(context.tracing(), context.build()));
        tracing.register(stages.counters());
        stages.tap().sink(tracing.sink());
        JournalMeter.register(directory.journal(), stages.pipeline().counters(), stages.counters());
        startThreads(new CertificateRenewal(authority, downlink::identity, clocks.epoch(), clocks.monotonic()));
        startCheckpoints(journal);
        startSnapshots(journal, records);
        startIdentities(adminTokenHash, directory, secrets);
        startHistory(journal, records);
        services = services(
            new ClusterInfo(
                journal.clusterId().toString(),
                0,
                downlink.port(),
                uplink.channel(),
                context.commitMode().label(),
                context.build()));
        gateway = context.gatewayLauncher().launch(services, resolved(context.apiAddress()));
        LOGGER.info(
            "manager ready: api port {}, agent port {}, term {}",
            gateway.port(), downlink.port(), stages.view().terms().current().term());
    }

    /** What the core, and copies of it, take outside of the heap; the JVM has a limit for it. */
    private static void registerMemory(final Counters counters)
    {
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> "direct".equals(pool.getName()))
            .forEach(pool -> counters.gauge(
                "direct_memory_bytes", "Memory of buffers outside of the heap", pool::getMemoryUsed));
    }

    private static InetSocketAddress resolved(final InetSocketAddress address)
    {
        return address.isUnresolved() ?
            new InetSocketAddress(address.getHostString(), address.getPort()) : address;
    }

    private <T extends AutoCloseable> T held(final T resource)
    {
        resources.push(resource);
        return resource;
    }

    private JournalContext journalContext(final DataDirectory directory)
    {
        return new JournalContext()
            .directory(directory.journal())
            .commitMode(context.commitMode())
            .segmentLength(context.segmentLength())
            .reserveLength(context.reserveLength())
            .reserveFileLength(context.reserveFileLength());
    }

    private RestoredManager<RestoredView> restore(final Journal journal)
    {
        final long startNs = clocks.monotonic().nanoTime();
        final RestoredManager<RestoredView> restored =
            new RestoredManager<>(context.coreOptions(), RestoredView::new, RestoredView::onRecord);
        final long last = journal.restore(restored);
        LOGGER.info(
            "restored up to sequence {}, from a snapshot of sequence {} on, in {} ms",
            last,
            restored.snapshotSequence(),
            TimeUnit.NANOSECONDS.toMillis(clocks.monotonic().nanoTime() - startNs));
        if (restored.view().poisonedCount() > 0)
        {
            LOGGER.error("{}", restored.view().poisonDiagnosis(context.build()));
        }
        return restored;
    }

    private CallbackPorts callbackPorts(final DataDirectory directory, final KeypairSecrets secrets) throws IOException
    {
        final CallbackSigner.Key own = new CallbackSigner.Key("manager", directory.callbackSecret(random));
        return new CallbackPorts(
            context.callbacks(),
            new HttpCallbackSender(context.callbacks()),
            new CallbackSigner(
                ownerId -> null == identities ? own : secrets.callbackKey(identities.identity(), ownerId, own)),
            new CallbackPosition(directory.callbackPosition()));
    }

    /** The database is opened beside everything else; who is known by then, and what is not, is told by the API. */
    private void startIdentities(
        final String adminTokenHash, final DataDirectory directory, final KeypairSecrets secrets) throws IOException
    {
        database = new Database(context.database(), directory.postgres(), random);
        final DatabaseOptions options = context.database();
        identities = new IdentityService(
            database,
            DatabaseOptions.Kind.NONE == options.kind() ? null : new IdentityCache(
                directory.identityCache(), Credentials.hash(options.kind() + " " + options.url()),
                InstantSource.system(), stages.counters()),
            adminTokenHash,
            secrets,
            stages.configuration(),
            stages.view(),
            InstantSource.system(),
            stages.counters());
        stages.idle().identities(identities::identity);
        stages.callbacks().identities(identities::identity);
        database.start();
    }

    /** Reads what the journal holds by then and later, as long as there is a database; nothing waits for it. */
    private void startHistory(final Journal journal, final RecordSource records)
    {
        if (!context.history().isEnabled() || Database.State.OFF == database.state())
        {
            return;
        }
        final HistoryTailer tailer = new HistoryTailer(
            context.history(),
            database,
            new JournalHistory(journal, records, stages.view()::sequence),
            clocks.epoch(),
            clocks.monotonic());
        tailer.register(stages.counters());
        history = new HistoryService(database, tailer, stages.view());
        historyRunner = run(tailer, new SleepingMillisIdleStrategy(SNAPSHOT_IDLE_MS));
    }

    private void startCheckpoints(final Journal journal)
    {
        checkpoints = JournalCheckpoints.open(
            journal, context.checkpoints(), stages.view()::sequence, clocks);
        checkpoints.register(stages.counters());
        if (null != checkpoints.tailer())
        {
            JournalMeter.lag(stages.counters(), "checkpoint", () -> Math.max(
                0, stages.view().sequence() - checkpoints.tailer().signedSequence()));
        }
        if (null != checkpoints.tailer())
        {
            checkpointRunner = run(checkpoints.tailer(), new SleepingMillisIdleStrategy(SNAPSHOT_IDLE_MS));
        }
    }

    private void startSnapshots(final Journal journal, final RecordSource records)
    {
        snapshotStage = new SnapshotStage(
            context.snapshots(),
            context.coreOptions(),
            stages.pipeline(),
            journal.snapshots(),
            records,
            stages.view()::sequence,
            clocks.epoch(),
            clocks.monotonic());
        snapshotStage.register(stages.counters());
        snapshotRunner = run(snapshotStage, new SleepingMillisIdleStrategy(SNAPSHOT_IDLE_MS));
    }

    private void onFatal(final int exitCode, final Throwable cause)
    {
        failure = cause;
        LOGGER.error("manager stops with exit code {}", exitCode, cause);
        context.fatalHandler().onFatal(exitCode, cause);
    }

    private void startThreads(final CertificateRenewal certificates)
    {
        final Pipeline pipeline = stages.pipeline();
        if (ThreadingMode.SHARED == context.threadingMode())
        {
            pipelineRunners.add(run(pipeline.sharedStage(), pipeline.coreIdle()));
        }
        else
        {
            pipelineRunners.add(run(pipeline.coreStage(), pipeline.coreIdle()));
            pipelineRunners.add(run(pipeline.journalStage(), pipeline.journalIdle()));
            pipelineRunners.add(run(pipeline.egressStage(), pipeline.egressIdle()));
        }
        awaitBegun();
        ioRunner = run(new CompositeAgent(stages.ioStage(), certificates), new IoIdle(clocks.monotonic()));
        feedRunner = run(stages.feedStage(), feedIdle);
        callbackRunner = run(stages.callbacks(), new SleepingMillisIdleStrategy(CALLBACKS_MS));
        idleRunner = run(stages.idle(), new SleepingMillisIdleStrategy(IDLE_CHECKS_MS));
    }

    private AgentRunner run(final Agent agent, final IdleStrategy idle)
    {
        final AgentRunner runner = new AgentRunner(idle, this::onStageError, null, agent);
        AgentRunner.startOnThread(
            runner,
            task ->
            {
                final Thread thread = new Thread(task, "plimsoll-" + agent.roleName());
                thread.setDaemon(true);
                return thread;
            });
        return runner;
    }

    private void onStageError(final Throwable error)
    {
        onFatal(
            error instanceof JournalUnforcedException ? FatalHandler.EXIT_JOURNAL : FatalHandler.EXIT_INTERNAL, error);
    }

    private void awaitBegun()
    {
        final long deadlineNs = clocks.monotonic().nanoTime() + BEGIN_TIMEOUT_NS;
        while (!stages.hasBegun())
        {
            if (null != failure)
            {
                throw new IllegalStateException("the first commands failed: " + failure.getMessage(), failure);
            }
            if (clocks.monotonic().nanoTime() - deadlineNs >= 0)
            {
                throw new IllegalStateException("the first commands were not journalled in time");
            }
            LockSupport.parkNanos(POLL_NS);
        }
    }

    private ManagerServices services(final ClusterInfo info)
    {
        return stages.services()
            .tokens(identities)
            .identities(identities)
            .history(history)
            .health(() -> stages.health(failure))
            .tracing(tracing)
            .info(() -> new ClusterInfo(
                info.clusterId(),
                stages.view().terms().current().term(),
                info.agentPort(),
                info.uplinkChannel(),
                info.commitMode(),
                info.build()))
            .build();
    }

    /** For callers within the process. */
    public ManagerServices services()
    {
        return services;
    }

    /** Port of the gateway. */
    public int apiPort()
    {
        return gateway.port();
    }

    /** Port of the binary ingress, 0 if there is none. */
    public int binaryPort()
    {
        return gateway.binaryPort();
    }

    /** Port that agents connect to. */
    public int agentPort()
    {
        return services.info().get().agentPort();
    }

    /**
     * Ends in order: no more calls, agents told to come back later, what was taken is journalled and answered, files
     * closed. Kernels run on. Idempotent.
     */
    @Override
    public synchronized void close()
    {
        if (closed)
        {
            return;
        }
        closed = true;
        closeQuietly(gateway);
        closeQuietly(identities);
        closeQuietly(historyRunner);
        closeQuietly(database);
        closeQuietly(idleRunner);
        closeQuietly(callbackRunner);
        closeQuietly(ioRunner);
        if (null != stages && null == failure)
        {
            stages.shutDownLinks();
            awaitDrained();
            awaitLastSnapshot();
        }
        closeQuietly(snapshotRunner);
        pipelineRunners.forEach(Manager::closeQuietly);
        closeQuietly(feedRunner);
        closeQuietly(checkpointRunner);
        closeQuietly(checkpoints);
        if (null != stages)
        {
            stages.failPending();
        }
        while (!resources.isEmpty())
        {
            closeQuietly(resources.pop());
        }
    }

    private void awaitDrained()
    {
        final long deadlineNs = clocks.monotonic().nanoTime() + DRAIN_TIMEOUT_NS;
        while (stages.pipeline().occupancy() > 0 && null == failure &&
            clocks.monotonic().nanoTime() - deadlineNs < 0)
        {
            LockSupport.parkNanos(POLL_NS);
        }
    }

    /** The pipeline is still there to answer. A start without this snapshot takes longer, and that is all. */
    private void awaitLastSnapshot()
    {
        if (null == snapshotRunner)
        {
            return;
        }
        snapshotStage.end();
        final long deadlineNs = clocks.monotonic().nanoTime() + LAST_SNAPSHOT_TIMEOUT_NS;
        while (!snapshotStage.hasEnded() && null == failure && clocks.monotonic().nanoTime() - deadlineNs < 0)
        {
            LockSupport.parkNanos(POLL_NS);
        }
    }

    private static void closeQuietly(final AutoCloseable resource)
    {
        if (null != resource)
        {
            try
            {
                resource.close();
            }
            catch (final Exception e)
            {
                LOGGER.warn("while closing {}", resource.getClass().getSimpleName(), e);
            }
        }
    }
}
