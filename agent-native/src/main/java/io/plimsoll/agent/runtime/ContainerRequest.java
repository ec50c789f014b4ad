package io.plimsoll.agent.runtime;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Device;
import com.github.dockerjava.api.model.DeviceRequest;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.Ports;
import com.github.dockerjava.api.model.Ulimit;
import com.github.dockerjava.api.model.Volume;
import io.plimsoll.agent.device.DeviceAccess;
import io.plimsoll.transport.StdinMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A plan as docker-java says it. Thread-safe. */
final class ContainerRequest
{
    /** Of a terminal that nobody looks at yet. */
    static final int ROWS = 24;
    static final int COLUMNS = 80;
    private static final String MAX_SIZE = "max-size";
    private static final String MAX_FILE = "max-file";
    private static final long CPU_PERIOD_US = 100_000;
    /** Engines take no less. */
    private static final long CPU_QUOTA_MIN_US = 1000;

    private ContainerRequest()
    {
    }

    static void fill(final CreateContainerCmd command, final ContainerPlan plan)
    {
        command
            .withName(plan.name())
            .withCmd(plan.command())
            .withEnv(plan.environment())
            .withLabels(plan.labels())
            .withTty(plan.tty())
            .withStdinOpen(StdinMode.NONE != plan.stdin())
            // The engine does not end that of a terminal, which has a key for it.
            .withStdInOnce(StdinMode.ONCE == plan.stdin() && !plan.tty())
            .withHostConfig(hostConfig(plan));
        if (!plan.user().isEmpty())
        {
            command.withUser(plan.user());
        }
        if (!plan.directory().isEmpty())
        {
            command.withWorkingDir(plan.directory());
        }
        if (!plan.hostName().isEmpty())
        {
            command.withHostName(plan.hostName());
        }
        final ContainerPlan.Network network = plan.network();
        if (!network.alias().isEmpty())
        {
            command.withAliases(network.alias());
        }
        final List<ExposedPort> exposed = new ArrayList<>();
        network.published().values().forEach(port -> exposed.add(ExposedPort.tcp(port)));
        command.withExposedPorts(exposed);
    }

    static HostConfig hostConfig(final ContainerPlan plan)
    {
        final ContainerPlan.Limits limits = plan.limits();
        final HostConfig config = HostConfig.newHostConfig().withInit(true);
        if (plan.tty())
        {
            // Engines of before 2022 leave it at nothing until they are told.
            config.withConsoleSize(List.of(ROWS, COLUMNS));
        }
        if (!limits.cpus().isEmpty())
        {
            config.withCpusetCpus(limits.cpus());
        }
        if (!limits.memoryNodes().isEmpty())
        {
            config.withCpusetMems(limits.memoryNodes());
        }
        if (limits.cpuQuotaUs() > 0)
        {
            config.withCpuPeriod(CPU_PERIOD_US).withCpuQuota(Math.max(CPU_QUOTA_MIN_US, limits.cpuQuotaUs()));
        }
        if (limits.memoryBytes() > 0)
        {
            // Equal: nothing of it may be swapped out.
            config.withMemory(limits.memoryBytes()).withMemorySwap(limits.memoryBytes());
        }
        if (limits.shmBytes() > 0)
        {
            config.withShmSize(limits.shmBytes());
        }
        if (limits.pidsMax() > 0)
        {
            config.withPidsLimit(limits.pidsMax());
        }
        final List<Ulimit> ulimits = new ArrayList<>();
        limits.ulimits().forEach((name, value) -> ulimits.add(new Ulimit(name, value, value)));
        config.withUlimits(ulimits);
        devices(config, limits.gpus(), plan.access());
        if (limits.logBytesMax() > 0)
        {
            config.withLogConfig(plan.tty() ?
                // What is shown in a terminal is compared with this, by lines that have their ends.
                new LogConfig(LogConfig.LoggingType.JSON_FILE, Map.of(
                    MAX_SIZE, Long.toString(limits.logBytesMax()), MAX_FILE, "2")) :
                // The other one writes something else for bytes that are no text.
                new LogConfig(LogConfig.LoggingType.LOCAL, Map.of(
                    MAX_SIZE, Long.toString(limits.logBytesMax()), MAX_FILE, "2", "compress", "false")));
        }
        final List<Bind> binds = new ArrayList<>();
        for (final ContainerPlan.Bind bind : plan.binds())
        {
            binds.add(new Bind(
                bind.source(), new Volume(bind.target()), bind.readOnly() ? AccessMode.ro : AccessMode.rw));
        }
        for (final DeviceAccess.Mount mount : plan.access().mounts())
        {
            binds.add(new Bind(
                mount.source(), new Volume(mount.target()), mount.readOnly() ? AccessMode.ro : AccessMode.rw));
        }
        config.withBinds(binds);
        network(config, plan.network());
        return config;
    }

    private static void devices(final HostConfig config, final List<String> gpus, final DeviceAccess access)
    {
        final List<DeviceRequest> requests = new ArrayList<>();
        if (!gpus.isEmpty())
        {
            requests.add(new DeviceRequest()
                .withDriver("nvidia")
                .withDeviceIds(gpus)
                .withCapabilities(List.of(List.of("gpu"))));
        }
        for (final DeviceAccess.Request request : access.requests())
        {
            requests.add(new DeviceRequest()
                .withDriver(request.driver())
                .withDeviceIds(request.ids())
                .withCapabilities(List.of(request.capabilities())));
        }
        if (!requests.isEmpty())
        {
            config.withDeviceRequests(requests);
        }
        if (!access.files().isEmpty())
        {
            config.withDevices(access.files().stream().map(file ->
                new Device(file.permissions(), file.target(), file.path())).toList());
        }
        if (!access.cgroupRules().isEmpty())
        {
            config.withDeviceCgroupRules(access.cgroupRules());
        }
    }

    private static void network(final HostConfig config, final ContainerPlan.Network network)
    {
        if (!network.name().isEmpty())
        {
            config.withNetworkMode(network.name());
        }
        if (!network.domain().isEmpty())
        {
            // Names without a dot are those of the session first, whatever others in that network are called.
            config.withDnsSearch(network.domain()).withDnsOptions(List.of("ndots:1"));
        }
        config.withExtraHosts(network.hosts().toArray(String[]::new));
        final Ports ports = new Ports();
        network.published().forEach((host, container) ->
            ports.bind(ExposedPort.tcp(container), Ports.Binding.bindPort(host)));
        config.withPortBindings(ports);
    }
}
