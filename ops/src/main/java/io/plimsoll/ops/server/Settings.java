package io.plimsoll.ops.server;

import io.plimsoll.agent.AgentContext;
import io.plimsoll.agent.allocation.Affinity;
import io.plimsoll.agent.runtime.CpuList;
import io.plimsoll.agent.runtime.ServicePorts;
import io.plimsoll.agent.topology.HostTopology;
import io.plimsoll.core.pipeline.IdleKind;
import io.plimsoll.core.pipeline.ThreadingMode;
import io.plimsoll.journal.CheckpointOptions;
import io.plimsoll.journal.CommitMode;
import io.plimsoll.journal.Retention;
import io.plimsoll.manager.ManagerContext;
import io.plimsoll.manager.ManagerContextValidator;
import io.plimsoll.manager.ManagerDefaults;
import io.plimsoll.manager.history.HistoryOptions;
import io.plimsoll.manager.http.ChangingLimits;
import io.plimsoll.manager.http.HttpGatewayLauncher;
import io.plimsoll.manager.http.HttpLimits;
import io.plimsoll.manager.http.TlsOptions;
import io.plimsoll.manager.snapshot.SnapshotOptions;
import io.plimsoll.ops.cli.CliException;
import io.plimsoll.ops.cli.ExitCode;
import io.plimsoll.ops.cli.Terminal;
import io.plimsoll.ops.cli.VersionCommand;
import io.plimsoll.ops.etcd.EtcdOptions;
import io.plimsoll.transport.auth.JoinToken;
import io.plimsoll.transport.auth.SecretFiles;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What the configuration file and the options say, put into the contexts of manager and agent. Every key is read in
 * exactly one place below; docs/CONFIGURATION.md explains them.
 */
final class Settings
{
    private static final long MEBIBYTE = 1L << 20;
    private static final long GIBIBYTE = 1L << 30;
    private static final long USAGE_INTERVAL_MIN_NS = 1_000_000_000L;
    private static final long RESERVE_FILE_MIN = 32 * MEBIBYTE;

    private final Terminal terminal;
    private final ConfigTrace trace = new ConfigTrace();
    private final List<ConfigException> mistakes = new ArrayList<>();
    private final ManagerContext manager = new ManagerContext();
    private final AgentContext agent = new AgentContext();
    private final ShownConfiguration shown = new ShownConfiguration();
    private List<String> warnings = List.of();
    private EtcdOptions etcd;
    private LogSettings log = new LogSettings(LogSettings.Level.INFO, Map.of());
    private Path data;
    private String managerAddress;
    /** Null: none. */
    private InetSocketAddress binaryAddress;
    private boolean isTls;
    private ChangingLimits limits = new ChangingLimits(HttpLimits.DEFAULTS);

    private Settings(final Terminal terminal)
    {
        this.terminal = terminal;
    }

    /**
     * Reads the file, if any, under the environment and the options.
     *
     * @param terminal for paths, and the environment.
     * @param file     null: none.
     * @param options  of the command line.
     * @throws CliException that names the places of all mistakes, a line each.
     */
    static Settings read(final Terminal terminal, final String file, final ServerOptions options)
    {
        return read(new SettingsSource(terminal, file, terminal.environment(), options));
    }

    /**
     * The same, of all that can be said.
     *
     * @throws CliException that names the places of all mistakes, a line each.
     */
    static Settings read(final SettingsSource source)
    {
        final Settings settings = attempt(source);
        if (!settings.mistakes.isEmpty())
        {
            throw new CliException(ExitCode.USAGE, settings.explanation());
        }
        return settings;
    }

    /** The same, with its mistakes; what has any is good for nothing else. */
    static Settings attempt(final SettingsSource source)
    {
        final Settings settings = new Settings(source.terminal());
        try
        {
            settings.readAll(source);
        }
        catch (final ConfigException | IllegalArgumentException ex)
        {
            settings.mistakes.add(ConfigNode.mistake(ex));
        }
        settings.shown.show(settings.trace);
        return settings;
    }

    /** All mistakes with their places. */
    String explanation()
    {
        return String.join("\nplimsoll: ", mistakes.stream().map(this::explained).distinct().toList());
    }

    List<ConfigException> mistakes()
    {
        return mistakes;
    }

    Origin origin(final ConfigException mistake)
    {
        return null == mistake.origin() ? trace.origin(mistake.key()) : mistake.origin();
    }

    private String explained(final ConfigException mistake)
    {
        return origin(mistake).complaint() + mistake.getMessage();
    }

    /** What the manager shows of it. */
    ShownConfiguration shown()
    {
        return shown;
    }

    /** Null: etcd is not used. */
    EtcdOptions etcd()
    {
        return etcd;
    }

    LogSettings log()
    {
        return log;
    }

    /** Of the HTTP API; a manager that was started with these settings goes by them. */
    ChangingLimits limits()
    {
        return limits;
    }

    /** What each key came to, and where from. */
    ConfigTrace trace()
    {
        return trace;
    }

    /** What is odd and no mistake, for people. */
    List<String> warnings()
    {
        return warnings;
    }

    /** What the command that was given these settings has around it. */
    Terminal terminal()
    {
        return terminal;
    }

    Path data()
    {
        return data;
    }

    ManagerContext manager()
    {
        return manager;
    }

    AgentContext agent()
    {
        return agent;
    }

    /** Whether the API is served over TLS. */
    boolean isTls()
    {
        return isTls;
    }

    /** Where a separate agent finds its manager: HOST:PORT of its agent listener, or the URL of its API. */
    String managerAddress()
    {
        return managerAddress;
    }

    private void readAll(final SettingsSource source)
    {
        final ConfigEnvironment environment = new ConfigEnvironment(source.environment());
        final ConfigNode root = ConfigNode.of(source.read(), environment, trace);
        source.putEtcd(root);
        source.options().putOver(root);
        attempt(root, "etcd", section -> etcd = EtcdSettings.read(section, terminal));
        attempt(root, "log", section -> log = LogSettings.read(section));
        attempt(root, () -> readTop(root), false);
        attempt(root, "liveness", this::readLiveness);
        attempt(root, "threads", this::readThreads);
        attempt(root, "journal", this::readJournal);
        attempt(root, "http", section -> limits = new ChangingLimits(HttpSettings.read(section)));
        attempt(root, "telemetry", section -> manager.tracing(TelemetrySettings.read(section)));
        attempt(root, "tls", this::readTls);
        root.shorten("database", "url");
        attempt(root, "database", node -> manager.database(DatabaseSettings.read(terminal, node)));
        attempt(root, "callbacks", node -> manager.callbacks(CallbackSettings.read(node, terminal::path)));
        attempt(root, "history", this::readHistory);
        attempt(root, "limits", this::readLimits);
        attempt(root, "groups", groups -> GroupSettings.read(groups, source.environment(), manager));
        attempt(root, "agent", this::readAgent);
        if (mistakes.isEmpty())
        {
            // Not by way of the manager itself: that has a logger, and where logs go is not known yet.
            ManagerContextValidator.validate(manager);
        }
        root.finish(mistakes);
        warnings = environment.warnings(root.known());
    }

    private void attempt(final ConfigNode root, final String section, final Consumer<ConfigNode> reader)
    {
        // The section itself may not be one.
        attempt(root, () ->
        {
            final ConfigNode node = root.section(section);
            attempt(node, () -> reader.accept(node), true);
        }, false);
    }

    /** Goes on after a mistake, so that all parts can tell theirs at once. */
    private void attempt(final ConfigNode node, final Runnable reader, final boolean below)
    {
        try
        {
            reader.run();
        }
        catch (final ConfigException | IllegalArgumentException ex)
        {
            mistakes.add(ConfigNode.mistake(ex));
            node.abandon(below);
        }
    }

    private void readTop(final ConfigNode root)
    {
        data = terminal.path(root.text("data", "~/.plimsoll"));
        manager.dataDirectory(data).build(VersionCommand.version());
        agent.dataDirectory(data).build(VersionCommand.version());
        readAddresses(root);
        manager.commitMode(root.choice("durability", CommitMode.SYNC, CommitMode.class));
        manager.replyTimeoutNs(root.duration("reply-timeout", ManagerDefaults.REPLY_TIMEOUT_NS));
    }

    private void readAddresses(final ConfigNode root)
    {
        final Endpoint api = endpoint(root, "listen", "127.0.0.1:" + ManagerDefaults.API_PORT);
        manager.apiAddress(api.socketAddress());
        final InetSocketAddress agents = address(root, "agent-listen");
        if (null != agents)
        {
            manager.agentAddress(agents);
        }
        binaryAddress = address(root, "binary-listen");
        final InetSocketAddress uplink = address(root, "uplink-listen");
        if (null != uplink)
        {
            manager.uplinkAddress(uplink);
        }
        manager.uplinkAdvertisedHost(root.text("uplink-advertise", ""));
    }

    private void readLiveness(final ConfigNode liveness)
    {
        final long suspectNs = liveness.duration("suspect", ManagerDefaults.SUSPECT_NS);
        final long lostNs = liveness.duration("lost", ManagerDefaults.LOST_NS);
        final long heartbeatDefaultNs = Math.min(ManagerDefaults.HEARTBEAT_INTERVAL_NS, suspectNs / 3);
        final long heartbeatNs = liveness.duration("heartbeat", heartbeatDefaultNs);
        manager.liveness(heartbeatNs, suspectNs, lostNs);
        final long leaseNs = liveness.duration("lease", manager.agentSide().leaseNs());
        manager.agentSide(manager.agentSide().withTimes(heartbeatNs, leaseNs, suspectNs, lostNs));
    }

    private void readThreads(final ConfigNode threads)
    {
        manager.threadingMode(threads.choice("mode", null, ThreadingMode.class));
        manager.idleKind(threads.choice("idle", IdleKind.BLOCKING, IdleKind.class));
    }

    private void readJournal(final ConfigNode journal)
    {
        manager.segmentLength(journal.size("segment", manager.segmentLength()));
        manager.reserveLength(journal.size("reserve", manager.reserveLength()));
        manager.reserveFileLength(journal.size("reserve-file", manager.reserveFileLength()));
        readSnapshots(journal, manager.snapshots());
        readCheckpoints(journal, manager.checkpoints());
        if (manager.segmentLength() < MEBIBYTE || manager.segmentLength() > GIBIBYTE)
        {
            throw new ConfigException("journal.segment", "use 1m to 1g");
        }
        if (manager.reserveLength() > GIBIBYTE / 2)
        {
            throw new ConfigException("journal.reserve", "use at most 512m");
        }
        if (manager.reserveFileLength() > 0 && manager.reserveFileLength() < RESERVE_FILE_MIN)
        {
            throw new ConfigException("journal.reserve-file", "use 0 for none, or 32m and more");
        }
    }

    private void readSnapshots(final ConfigNode journal, final SnapshotOptions otherwise)
    {
        final Retention retention = otherwise.retention();
        manager.snapshots(new SnapshotOptions(
            journal.duration("snapshot-interval", otherwise.intervalNs()),
            journal.number("snapshot-records", otherwise.records(), 1, Long.MAX_VALUE),
            new Retention(
                (int)journal.number("keep-snapshots", retention.snapshots(), 1, 1_000),
                journal.duration("keep", retention.periodNs()),
                journal.size("keep-size", retention.bytes()))));
    }

    private void readCheckpoints(final ConfigNode journal, final CheckpointOptions otherwise)
    {
        final String key = journal.text("checkpoint-key", null);
        manager.checkpoints(otherwise
            .withIntervalNs(journal.duration("checkpoint-interval", otherwise.intervalNs()))
            .withKeptMax((int)journal.number("keep-checkpoints", otherwise.keptMax(), 1, 1_000_000))
            .withKey(null == key ? otherwise.key() : terminal.path(key)));
    }

    private void readHistory(final ConfigNode history)
    {
        final HistoryOptions otherwise = HistoryOptions.DEFAULT;
        final boolean isEnabled = history.flag("enabled", otherwise.isEnabled());
        final long retentionNs = history.duration("retention", otherwise.retentionNs());
        final long usageNs = history.duration(
            "usage-retention", 0 == retentionNs ? 0 : Math.max(retentionNs, otherwise.usageRetentionNs()));
        if (0 != usageNs && (0 == retentionNs || usageNs < retentionNs))
        {
            throw new ConfigException(
                "history.usage-retention", "use 0 (for ever) or at least as long as history.retention");
        }
        manager.history(new HistoryOptions(isEnabled, retentionNs, usageNs));
    }

    private void readTls(final ConfigNode tls)
    {
        final String certificate = tls.text("certificate", null);
        final String key = tls.text("key", null);
        if (null == certificate != (null == key))
        {
            throw new ConfigException("tls", "give both certificate and key (PEM files), or neither");
        }
        final String clientCa = tls.text("client-ca", null);
        final ClientAuth clientAuth = tls.choice("client-auth", ClientAuth.REQUIRED, ClientAuth.class);
        isTls = null != certificate;
        if (!isTls && null != clientCa)
        {
            throw new ConfigException("tls.client-ca", "give certificate and key as well; without, there is no TLS");
        }
        manager.gatewayLauncher(new HttpGatewayLauncher(
            isTls ? new TlsOptions(
                terminal.path(certificate),
                terminal.path(key),
                null == clientCa ? null : terminal.path(clientCa),
                ClientAuth.OPTIONAL == clientAuth) : null,
            shown,
            binaryAddress,
            limits));
    }

    private enum ClientAuth
    {
        REQUIRED, OPTIONAL
    }

    private void readLimits(final ConfigNode limits)
    {
        final long forgetNs = limits.duration("forget-after", manager.coreOptions().forgetAfterNs());
        final int endedMax = (int)limits.number("ended", manager.coreOptions().endedMax(), 1, 10_000_000);
        manager.coreOptions(manager.coreOptions().withForgetting(forgetNs, endedMax));
        final int ringSize = (int)limits.number("ring", manager.ringSize(), 64, 1 << 20);
        if (1 != Integer.bitCount(ringSize))
        {
            throw new ConfigException(
                "limits.ring", "use a power of two such as " + 2 * Integer.highestOneBit(ringSize));
        }
        manager.ringSize(ringSize);
        manager.ownerInFlightMax(
            (int)limits.number("owner-in-flight", manager.ownerInFlightMax(), 1, Integer.MAX_VALUE));
    }

    private void readAgent(final ConfigNode node)
    {
        managerAddress = node.text("manager", null);
        agent.name(node.text("name", "")).group(node.text("group", ManagerDefaults.GROUP));
        agent.usageIntervalNs(usageInterval(node));
        agent.pinning(node.flag("pinning", true)).memoryLimits(node.flag("memory-limits", true));
        agent.placement(node.choice("placement", agent.placement(), Affinity.class));
        agent.reserved(new HostTopology.Reserve(
            reservedCpus(node.text("reserved-cpus", "")), node.size("reserved-mem", 0)));
        agent.logBytesMax(node.size("log-max", agent.logBytesMax())).idle(node.text("idle", ""));
        capacity("cpu", node.cores("cpu", -1));
        capacity("mem", node.size("mem", -1));
        final ConfigNode slots = node.section("slots");
        for (final String slot : slots.names())
        {
            capacity(slot, slots.number(slot, 0, 0, Long.MAX_VALUE));
        }
        readDevices(node.section("devices"));
        readRuntimes(node.section("runtimes"), node.text("runtime", ""));
        final ConfigNode labels = node.section("labels");
        for (final String label : labels.names())
        {
            agent.label(label, labels.text(label, null));
        }
        agent.kernelsMax((int)node.number("max-kernels", -1, -1, Integer.MAX_VALUE));
        agent.ports(ports(node, agent.ports()));
        agent.process(ProcessSettings.read(node.section("process"), agent.process()));
        agent.docker(DockerSettings.read(node.section("docker"), agent.docker()));
        joinToken(node.secret("join-token"), node.text("join-token-file", null));
        // A cap below one page would cut every message in pieces.
        if (agent.logBytesMax() < MEBIBYTE / 256)
        {
            throw new ConfigException("agent.log-max", "too small; use 4k or more");
        }
    }

    private static BitSet reservedCpus(final String list)
    {
        try
        {
            return CpuList.parse(list);
        }
        catch (final NumberFormatException | IndexOutOfBoundsException e)
        {
            throw new ConfigException("agent.reserved-cpus", "not a list of processors; write such as 0,64-67");
        }
    }

    private static String ports(final ConfigNode node, final String otherwise)
    {
        final String ports = node.text("ports", otherwise);
        try
        {
            ServicePorts.checkRange(ports);
            return ports;
        }
        catch (final IllegalArgumentException ex)
        {
            throw new ConfigException("agent.ports", ex.getMessage());
        }
    }

    private long usageInterval(final ConfigNode node)
    {
        final long intervalNs = node.duration("usage-interval", agent.usageIntervalNs());
        if (0 != intervalNs && intervalNs < USAGE_INTERVAL_MIN_NS)
        {
            throw new ConfigException("agent.usage-interval", "use 1s or more, or 0 for no statistics");
        }
        return intervalNs;
    }

    private void readDevices(final ConfigNode devices)
    {
        for (final String plugin : devices.names())
        {
            final String setting = devices.text(plugin, "");
            agent.device(plugin, "file".equals(plugin) ? terminal.path(setting).toString() : setting);
        }
    }

    private void readRuntimes(final ConfigNode runtimes, final String otherwise)
    {
        for (final String plugin : runtimes.names())
        {
            agent.runtime(plugin, runtimes.text(plugin, ""));
        }
        if (!otherwise.isEmpty() && !agent.runtimes().containsKey(otherwise) && !"process".equals(otherwise))
        {
            throw new ConfigException(
                "agent.runtime", "'" + otherwise + "' is neither process nor one of those under agent.runtimes");
        }
        agent.runtime("process".equals(otherwise) ? "" : otherwise);
    }

    private void capacity(final String slot, final long amount)
    {
        if (amount >= 0)
        {
            agent.capacity(slot, amount);
        }
    }

    private void joinToken(final String token, final String file)
    {
        final String variable = "PLIMSOLL_JOIN_TOKEN";
        final String fromEnvironment = terminal.environment().get(variable);
        if (null != token)
        {
            joinToken(trace.origin("agent.join-token"), "agent.join-token", token);
        }
        else if (null != fromEnvironment)
        {
            final Origin origin = Origin.of(Origin.Kind.ENVIRONMENT, variable);
            trace.noteSecret("agent.join-token", true, origin);
            joinToken(origin, "agent.join-token", fromEnvironment);
        }
        else if (null != file)
        {
            try
            {
                joinToken(null, "agent.join-token-file", SecretFiles.readLine(terminal.path(file)));
            }
            catch (final IOException ex)
            {
                throw new ConfigException("agent.join-token-file", file + " cannot be read: " + ex.getMessage());
            }
        }
    }

    private void joinToken(final Origin origin, final String key, final String text)
    {
        try
        {
            agent.joinToken(JoinToken.parse(text.strip()));
        }
        catch (final IllegalArgumentException ex)
        {
            throw new ConfigException(origin, key, ex.getMessage());
        }
    }

    private static InetSocketAddress address(final ConfigNode node, final String key)
    {
        final Endpoint endpoint = endpoint(node, key, null);
        return null == endpoint ? null : endpoint.socketAddress();
    }

    private static Endpoint endpoint(final ConfigNode node, final String key, final String otherwise)
    {
        final String text = node.text(key, otherwise);
        if (null == text)
        {
            return null;
        }
        try
        {
            final Endpoint endpoint = Endpoint.parse(text);
            if (endpoint.socketAddress().isUnresolved())
            {
                throw new ConfigException(key, "the host " + endpoint.host() + " is not known");
            }
            return endpoint;
        }
        catch (final IllegalArgumentException ex)
        {
            throw new ConfigException(key, ex.getMessage());
        }
    }
}
