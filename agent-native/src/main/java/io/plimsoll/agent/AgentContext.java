package io.plimsoll.agent;

import io.plimsoll.agent.allocation.Affinity;
import io.plimsoll.agent.runtime.DockerOptions;
import io.plimsoll.agent.runtime.ProcessOptions;
import io.plimsoll.agent.runtime.ServicePorts;
import io.plimsoll.agent.topology.HostTopology;
import io.plimsoll.transport.auth.JoinToken;
import io.plimsoll.transport.link.AgentPortLookup;
import io.plimsoll.transport.uplink.MediaDriverHost;
import io.plimsoll.transport.uplink.UplinkSenderFactory;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** How to launch an agent. What is not set has a default that needs nothing. Durations in nanoseconds. */
public final class AgentContext
{
    private static final long LOG_BYTES_MAX_DEFAULT = 64L * 1024 * 1024;
    private static final int REPORTS_UNDER_WAY_MAX_DEFAULT = 4096;
    private static final int ENDED_MAX_DEFAULT = 50_000;
    private static final long ENDED_KEEP_NS_DEFAULT = TimeUnit.HOURS.toNanos(24);
    private static final long HANDSHAKE_TIMEOUT_NS_DEFAULT = TimeUnit.SECONDS.toNanos(10);
    private static final int SILENCE_MIN_DEFAULT = 5;
    private static final long BACKOFF_FIRST_NS_DEFAULT = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long BACKOFF_MAX_NS_DEFAULT = TimeUnit.SECONDS.toNanos(5);
    private static final long SCAN_INTERVAL_NS_DEFAULT = TimeUnit.SECONDS.toNanos(1);
    private static final long USAGE_INTERVAL_NS_DEFAULT = TimeUnit.SECONDS.toNanos(10);

    private Path dataDirectory;
    private String managerHost = "127.0.0.1";
    private int managerPort;
    private boolean portIsApi;
    private AgentPortLookup managerLookup;
    private JoinToken joinToken;
    private String name = "";
    private String group = "default";
    private String build = "";
    private final Map<String, Long> capacities = new LinkedHashMap<>();
    private final Map<String, String> labels = new LinkedHashMap<>();
    private final Map<String, String> devices = new LinkedHashMap<>();
    private final Map<String, String> runtimes = new LinkedHashMap<>();
    private String runtime = "";
    private int kernelsMax = -1;
    private long usageIntervalNs = USAGE_INTERVAL_NS_DEFAULT;
    private boolean pinning = true;
    private Affinity placement = Affinity.NEAREST;
    private HostTopology.Reserve reserved = HostTopology.Reserve.NONE;
    private boolean memoryLimits = true;
    private String ports = ServicePorts.RANGE_DEFAULT;
    private ProcessOptions process = ProcessOptions.defaults();
    private DockerOptions docker = DockerOptions.defaults();
    private long logBytesMax = LOG_BYTES_MAX_DEFAULT;
    private int endedMax = ENDED_MAX_DEFAULT;
    private long endedKeepNs = ENDED_KEEP_NS_DEFAULT;
    private long backoffMaxNs = BACKOFF_MAX_NS_DEFAULT;
    private String idle = "";
    private UplinkSenderFactory uplinks;
    private MediaDriverHost sharedMediaDriver;
    private String mediaDriverDirectory;
    private Consumer<Throwable> onFailure = AgentContext::ignore;

    /** Directory for everything that is kept; must be set. */
    public AgentContext dataDirectory(final Path directory)
    {
        dataDirectory = directory;
        return this;
    }

    public Path dataDirectory()
    {
        return dataDirectory;
    }

    /** Where the manager listens for agents; the port must be set, here or by {@link #managerApi}. */
    public AgentContext manager(final String managerHostName, final int agentPort)
    {
        managerHost = managerHostName;
        managerPort = agentPort;
        portIsApi = false;
        return this;
    }

    /** Where the manager serves its API; it is asked where it listens for agents before each attempt to connect. */
    public AgentContext managerApi(final String managerHostName, final int apiPort)
    {
        managerHost = managerHostName;
        managerPort = apiPort;
        portIsApi = true;
        return this;
    }

    /** Tells where the manager listens for agents before each attempt to connect; closed by whoever made it. */
    public AgentContext managerLookup(final AgentPortLookup lookup)
    {
        managerLookup = lookup;
        return this;
    }

    /** Null: the manager is where {@link #manager} or {@link #managerApi} said. */
    public AgentPortLookup managerLookup()
    {
        return managerLookup;
    }

    public String managerHost()
    {
        return managerHost;
    }

    public int managerPort()
    {
        return managerPort;
    }

    /** Whether the port is that of the API. */
    public boolean portIsApi()
    {
        return portIsApi;
    }

    /** To join with; not needed by an agent that has joined before. */
    public AgentContext joinToken(final JoinToken token)
    {
        joinToken = token;
        return this;
    }

    public JoinToken joinToken()
    {
        return joinToken;
    }

    /** Name for people; empty: that of the host. */
    public AgentContext name(final String agentName)
    {
        name = agentName;
        return this;
    }

    public String name()
    {
        return name;
    }

    /** Resource group to join. */
    public AgentContext group(final String groupName)
    {
        group = groupName;
        return this;
    }

    public String group()
    {
        return group;
    }

    /** Version of this software, for the manager to show. */
    public AgentContext build(final String version)
    {
        build = version;
        return this;
    }

    public String build()
    {
        return build;
    }

    /** Capacity of a slot instead of, or besides, what the host is found to have: cpu in millicores, mem in bytes. */
    public AgentContext capacity(final String slot, final long amount)
    {
        capacities.put(slot, amount);
        return this;
    }

    public Map<String, Long> capacities()
    {
        return capacities;
    }

    /** Tells sessions something about this agent; null takes it back. */
    public AgentContext label(final String key, final String value)
    {
        if (null == value)
        {
            labels.remove(key);
        }
        else
        {
            labels.put(key, value);
        }
        return this;
    }

    public Map<String, String> labels()
    {
        return labels;
    }

    /** Lets a device plugin look for devices, with a setting of its own. */
    public AgentContext device(final String plugin, final String setting)
    {
        devices.put(plugin, setting);
        return this;
    }

    public Map<String, String> devices()
    {
        return devices;
    }

    /** Lets a runtime plugin run kernels, with a setting of its own. */
    public AgentContext runtime(final String plugin, final String setting)
    {
        runtimes.put(plugin, setting);
        return this;
    }

    public Map<String, String> runtimes()
    {
        return runtimes;
    }

    /** Runtime plugin for kernels without an image that name none; empty: they are processes. */
    public AgentContext runtime(final String plugin)
    {
        runtime = plugin;
        return this;
    }

    public String runtime()
    {
        return runtime;
    }

    /** Most kernels at a time; negative: no limit. */
    public AgentContext kernelsMax(final int max)
    {
        kernelsMax = max;
        return this;
    }

    public int kernelsMax()
    {
        return kernelsMax;
    }

    /** Between two looks at what the host and its kernels use; 0: nobody looks. */
    public AgentContext usageIntervalNs(final long intervalNs)
    {
        usageIntervalNs = intervalNs;
        return this;
    }

    public long usageIntervalNs()
    {
        return usageIntervalNs;
    }

    /** Whether kernels are bound to cores. */
    public AgentContext pinning(final boolean isOn)
    {
        pinning = isOn;
        return this;
    }

    public boolean pinning()
    {
        return pinning;
    }

    /** Where on the host the cores, memory and devices of a kernel are. */
    public AgentContext placement(final Affinity affinity)
    {
        placement = affinity;
        return this;
    }

    public Affinity placement()
    {
        return placement;
    }

    /** What the host keeps for itself: no kernel gets it, and it is not offered. */
    public AgentContext reserved(final HostTopology.Reserve reserve)
    {
        reserved = reserve;
        return this;
    }

    public HostTopology.Reserve reserved()
    {
        return reserved;
    }

    /** Whether kernels get memory limits, where the host permits. */
    public AgentContext memoryLimits(final boolean isOn)
    {
        memoryLimits = isOn;
        return this;
    }

    public boolean memoryLimits()
    {
        return memoryLimits;
    }

    /** Ports of this host for those that sessions publish, as {@code 30000-30999}. */
    public AgentContext ports(final String range)
    {
        ports = range;
        return this;
    }

    public String ports()
    {
        return ports;
    }

    /** How kernels without an image run. */
    public AgentContext process(final ProcessOptions options)
    {
        process = options;
        return this;
    }

    public ProcessOptions process()
    {
        return process;
    }

    /** How kernels with an image run; null: not at all. */
    public AgentContext docker(final DockerOptions options)
    {
        docker = options;
        return this;
    }

    public DockerOptions docker()
    {
        return docker;
    }

    /** Bytes kept of each of stdout and stderr of a kernel whose launch spec does not say. */
    public AgentContext logBytesMax(final long bytes)
    {
        logBytesMax = bytes;
        return this;
    }

    public long logBytesMax()
    {
        return logBytesMax;
    }

    /** Bounds of what is kept of ended kernels that the manager has journalled but not discarded. */
    public AgentContext retention(final int kernels, final long keepNs)
    {
        endedMax = kernels;
        endedKeepNs = keepNs;
        return this;
    }

    /** Longest pause between attempts to connect. */
    public AgentContext backoffMaxNs(final long durationNs)
    {
        backoffMaxNs = durationNs;
        return this;
    }

    /** Idle strategy of the agent's thread by name, see {@code IdleStrategies}; empty: its own. */
    public AgentContext idle(final String strategy)
    {
        idle = strategy;
        return this;
    }

    public String idle()
    {
        return idle;
    }

    /** Uplinks to use instead of those of a media driver of the agent's own. */
    public AgentContext uplinks(final UplinkSenderFactory factory)
    {
        uplinks = factory;
        return this;
    }

    public UplinkSenderFactory uplinks()
    {
        return uplinks;
    }

    /** Media driver of a manager in the same process: the uplink then does without UDP, and without a second driver. */
    public AgentContext sharedMediaDriver(final MediaDriverHost driver)
    {
        sharedMediaDriver = driver;
        return this;
    }

    public MediaDriverHost sharedMediaDriver()
    {
        return sharedMediaDriver;
    }

    /** Directory of a running media driver to use; null: the agent starts one of its own. */
    public AgentContext mediaDriverDirectory(final String directory)
    {
        mediaDriverDirectory = directory;
        return this;
    }

    public String mediaDriverDirectory()
    {
        return mediaDriverDirectory;
    }

    /** Told if the agent ends by itself; kernels go on. Called on the agent's thread, which has logged it. */
    public AgentContext onFailure(final Consumer<Throwable> handler)
    {
        onFailure = handler;
        return this;
    }

    public Consumer<Throwable> onFailure()
    {
        return onFailure;
    }

    private static void ignore(final Throwable error)
    {
        // Logged where it happened.
    }

    long scanIntervalNs()
    {
        return SCAN_INTERVAL_NS_DEFAULT;
    }

    /** What the protocol needs of it, with what is configured on top of processors and memory of this host. */
    AgentOptions options(final String hostName, final JoinToken token, final String caSha256)
    {
        return options(hostName, token, caSha256, new Offer(Topology.capacities(capacities), labels));
    }

    /** What the protocol needs of it. */
    AgentOptions options(final String hostName, final JoinToken token, final String caSha256, final Offer offer)
    {
        return new AgentOptions(
            name.isEmpty() ? hostName : name,
            group,
            Topology.arch(),
            build,
            managerHost,
            managerPort,
            null == token ? "" : token.secretPart(),
            caSha256,
            offer.capacities(),
            offer.labels(),
            kernelsMax,
            REPORTS_UNDER_WAY_MAX_DEFAULT,
            endedMax,
            endedKeepNs,
            HANDSHAKE_TIMEOUT_NS_DEFAULT,
            SILENCE_MIN_DEFAULT,
            BACKOFF_FIRST_NS_DEFAULT,
            Math.max(BACKOFF_FIRST_NS_DEFAULT, backoffMaxNs));
    }
}
