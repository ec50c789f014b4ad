package io.plimsoll.manager;

import io.plimsoll.core.CoreOptions;
import io.plimsoll.core.pipeline.FatalHandler;
import io.plimsoll.core.pipeline.IdleKind;
import io.plimsoll.core.pipeline.PipelineDefaults;
import io.plimsoll.core.pipeline.ThreadingMode;
import io.plimsoll.journal.CheckpointOptions;
import io.plimsoll.journal.CommitMode;
import io.plimsoll.journal.JournalDefaults;
import io.plimsoll.manager.callback.CallbackOptions;
import io.plimsoll.manager.database.DatabaseOptions;
import io.plimsoll.manager.history.HistoryOptions;
import io.plimsoll.manager.http.HttpGatewayLauncher;
import io.plimsoll.manager.link.AgentSideOptions;
import io.plimsoll.manager.snapshot.SnapshotOptions;
import io.plimsoll.transport.uplink.MediaDriverHost;
import io.plimsoll.manager.trace.TracingOptions;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Values of a {@link Manager}: the data directory must be given, the rest has defaults. */
public final class ManagerContext
{
    private Path dataDirectory;
    private InetSocketAddress apiAddress = InetSocketAddress.createUnresolved("127.0.0.1", ManagerDefaults.API_PORT);
    private InetSocketAddress agentAddress;
    private InetSocketAddress uplinkAddress;
    private String uplinkAdvertisedHost = "";
    private CommitMode commitMode = CommitMode.SYNC;
    private long segmentLength = JournalDefaults.SEGMENT_LENGTH;
    private long reserveLength = JournalDefaults.RESERVE_LENGTH;
    private long reserveFileLength = JournalDefaults.RESERVE_FILE_LENGTH;
    private SnapshotOptions snapshots = SnapshotOptions.DEFAULT;
    private CheckpointOptions checkpoints;
    private int ownerInFlightMax = ManagerDefaults.OWNER_IN_FLIGHT_MAX;
    private int ringSize = PipelineDefaults.RING_SIZE;
    private int recordBufferLength = PipelineDefaults.RECORD_BUFFER_LENGTH;
    private ThreadingMode threadingMode;
    private IdleKind idleKind = IdleKind.BLOCKING;
    private CoreOptions coreOptions = CoreOptions.defaults();
    private AgentSideOptions agentSide = new AgentSideOptions(
        ManagerDefaults.HEARTBEAT_INTERVAL_NS,
        ManagerDefaults.LEASE_NS,
        ManagerDefaults.SUSPECT_NS,
        ManagerDefaults.LOST_NS,
        ManagerDefaults.HANDSHAKE_TIMEOUT_NS,
        ManagerDefaults.ATTACH_TIMEOUT_NS,
        ManagerDefaults.UNAUTHENTICATED_MAX,
        ManagerDefaults.LOG_STREAMS_MAX);
    private long killMarginNs = ManagerDefaults.KILL_MARGIN_NS;
    private final Map<String, Map<String, String>> groups = new LinkedHashMap<>();
    private long replyTimeoutNs = ManagerDefaults.REPLY_TIMEOUT_NS;
    private DatabaseOptions database = DatabaseOptions.NONE;
    private CallbackOptions callbacks = CallbackOptions.DEFAULTS;
    private HistoryOptions history = HistoryOptions.DEFAULT;
    private TracingOptions tracing = TracingOptions.OFF;
    private String build = "development";
    private MediaDriverHost mediaDriver;
    private GatewayLauncher gatewayLauncher = new HttpGatewayLauncher();
    private FatalHandler fatalHandler = ManagerContext::halt;

    private static void halt(final int exitCode, final Throwable cause)
    {
        Runtime.getRuntime().halt(exitCode);
    }

    public Path dataDirectory()
    {
        return dataDirectory;
    }

    /** Where everything is kept; made if it is not there. */
    public ManagerContext dataDirectory(final Path value)
    {
        dataDirectory = value;
        return this;
    }

    public InetSocketAddress apiAddress()
    {
        return apiAddress;
    }

    /** Where the gateway listens; port 0: a free one. */
    public ManagerContext apiAddress(final InetSocketAddress value)
    {
        apiAddress = value;
        return this;
    }

    /** Where agents connect: the API's host and next port unless set; a free one where the API's is. */
    public InetSocketAddress agentAddress()
    {
        final int port = 0 == apiAddress.getPort() ? 0 : apiAddress.getPort() + 1;
        return null == agentAddress ? new InetSocketAddress(apiAddress.getHostString(), port) : agentAddress;
    }

    public ManagerContext agentAddress(final InetSocketAddress value)
    {
        agentAddress = value;
        return this;
    }

    /** UDP address that agents report to: that of the agents' connections unless set. */
    public InetSocketAddress uplinkAddress()
    {
        return null == uplinkAddress ? agentAddress() : uplinkAddress;
    }

    public ManagerContext uplinkAddress(final InetSocketAddress value)
    {
        uplinkAddress = value;
        return this;
    }

    public String uplinkAdvertisedHost()
    {
        return uplinkAdvertisedHost;
    }

    /** Host that agents send reports to; empty: the one by which they reached the manager. */
    public ManagerContext uplinkAdvertisedHost(final String value)
    {
        uplinkAdvertisedHost = value;
        return this;
    }

    /** Options of resource groups by name, as texts by the names of {@code GroupOption}; others stay as they are. */
    public Map<String, Map<String, String>> groups()
    {
        return groups;
    }

    public CommitMode commitMode()
    {
        return commitMode;
    }

    /** What a commit promises. */
    public ManagerContext commitMode(final CommitMode value)
    {
        commitMode = value;
        return this;
    }

    public long segmentLength()
    {
        return segmentLength;
    }

    /** Length in bytes at which a segment of the journal is closed. */
    public ManagerContext segmentLength(final long value)
    {
        segmentLength = value;
        return this;
    }

    public long reserveLength()
    {
        return reserveLength;
    }

    /** Bytes kept allocated ahead in the current segment. */
    public ManagerContext reserveLength(final long value)
    {
        reserveLength = value;
        return this;
    }

    public long reserveFileLength()
    {
        return reserveFileLength;
    }

    /** Bytes kept in a file of their own, for a snapshot and for a start on a full disk. */
    public ManagerContext reserveFileLength(final long value)
    {
        reserveFileLength = value;
        return this;
    }

    public SnapshotOptions snapshots()
    {
        return snapshots;
    }

    /** When snapshots are made, and what of the journal is kept. */
    public ManagerContext snapshots(final SnapshotOptions value)
    {
        snapshots = value;
        return this;
    }

    /** Those in the data directory unless told. */
    public CheckpointOptions checkpoints()
    {
        return null == checkpoints ? CheckpointOptions.beside(dataDirectory.resolve("journal")) : checkpoints;
    }

    /** Where checkpoints of the journal go, and when they are made. */
    public ManagerContext checkpoints(final CheckpointOptions value)
    {
        checkpoints = value;
        return this;
    }

    public int ringSize()
    {
        return ringSize;
    }

    /** Entries of the input ring, a power of two. */
    public ManagerContext ringSize(final int value)
    {
        ringSize = value;
        return this;
    }

    public int ownerInFlightMax()
    {
        return ownerInFlightMax;
    }

    /** Sessions of one account that may be on their way to the core, so that it does not keep others waiting. */
    public ManagerContext ownerInFlightMax(final int value)
    {
        ownerInFlightMax = value;
        return this;
    }

    public int recordBufferLength()
    {
        return recordBufferLength;
    }

    /** Bytes of the buffer between core, journal and egress. */
    public ManagerContext recordBufferLength(final int value)
    {
        recordBufferLength = value;
        return this;
    }

    /** One thread for core, journal and egress, or one each: by the number of cores unless set. */
    public ThreadingMode threadingMode()
    {
        if (null != threadingMode)
        {
            return threadingMode;
        }
        return Runtime.getRuntime().availableProcessors() < ManagerDefaults.DEDICATED_CORES_MIN ?
            ThreadingMode.SHARED : ThreadingMode.DEDICATED;
    }

    public ManagerContext threadingMode(final ThreadingMode value)
    {
        threadingMode = value;
        return this;
    }

    public IdleKind idleKind()
    {
        return idleKind;
    }

    /** How the stages of the pipeline wait. */
    public ManagerContext idleKind(final IdleKind value)
    {
        idleKind = value;
        return this;
    }

    public CoreOptions coreOptions()
    {
        return coreOptions;
    }

    /** Sizes and times of the core. */
    public ManagerContext coreOptions(final CoreOptions value)
    {
        coreOptions = value;
        return this;
    }

    public AgentSideOptions agentSide()
    {
        return agentSide;
    }

    /** Heartbeats, lease, suspicion, loss, and bounds of links. */
    public ManagerContext agentSide(final AgentSideOptions value)
    {
        agentSide = value;
        return this;
    }

    /**
     * Changes the three times of liveness; lease and margin follow from the last. The shortest loss that supervisors
     * can serve is about six seconds.
     */
    public ManagerContext liveness(final long heartbeatIntervalNs, final long suspectNs, final long lostNs)
    {
        killMarginNs =
            Math.min(ManagerDefaults.KILL_MARGIN_NS, Math.max(lostNs / 4, ManagerDefaults.KILL_MARGIN_MIN_NS));
        final long leaseNs = Math.min(ManagerDefaults.LEASE_NS, (lostNs - killMarginNs) * 3 / 4);
        agentSide = agentSide.withTimes(heartbeatIntervalNs, leaseNs, suspectNs, lostNs);
        return this;
    }

    public long killMarginNs()
    {
        return killMarginNs;
    }

    /** What must lie between the end of a lease and the loss. */
    public ManagerContext killMarginNs(final long value)
    {
        killMarginNs = value;
        return this;
    }

    public long replyTimeoutNs()
    {
        return replyTimeoutNs;
    }

    /** From a call to its answer. */
    public ManagerContext replyTimeoutNs(final long value)
    {
        replyTimeoutNs = value;
        return this;
    }

    public DatabaseOptions database()
    {
        return database;
    }

    /** Where identities are kept; nowhere unless set: the administrator's token is the only one then. */
    public ManagerContext database(final DatabaseOptions value)
    {
        database = value;
        return this;
    }

    public CallbackOptions callbacks()
    {
        return callbacks;
    }

    /** Where callbacks may go, and how long they are tried. */
    public ManagerContext callbacks(final CallbackOptions value)
    {
        callbacks = value;
        return this;
    }

    public HistoryOptions history()
    {
        return history;
    }

    /** What of the past is kept in the database, if there is one. */
    public ManagerContext history(final HistoryOptions value)
    {
        history = value;
        return this;
    }

    /** Where traces of requests go. */
    public TracingOptions tracing()
    {
        return tracing;
    }

    /** Nowhere unless it is told. */
    public ManagerContext tracing(final TracingOptions value)
    {
        tracing = value;
        return this;
    }

    public String build()
    {
        return build;
    }

    /** Version and revision of this build; journalled with every start. */
    public ManagerContext build(final String value)
    {
        build = value;
        return this;
    }

    public MediaDriverHost mediaDriver()
    {
        return mediaDriver;
    }

    /** A running media driver to share, which stays its owner's; null: the manager starts one of its own. */
    public ManagerContext mediaDriver(final MediaDriverHost value)
    {
        mediaDriver = value;
        return this;
    }

    public GatewayLauncher gatewayLauncher()
    {
        return gatewayLauncher;
    }

    /** The front end. */
    public ManagerContext gatewayLauncher(final GatewayLauncher value)
    {
        gatewayLauncher = value;
        return this;
    }

    public FatalHandler fatalHandler()
    {
        return fatalHandler;
    }

    /** Ends the process when its state cannot be trusted any more; called after the reason was logged. */
    public ManagerContext fatalHandler(final FatalHandler value)
    {
        fatalHandler = value;
        return this;
    }
}
