package io.plimsoll.agent.runtime;

import io.plimsoll.agent.allocation.Seat;
import io.plimsoll.agent.device.DeviceAccess;
import io.plimsoll.agent.kernel.Assignment;
import io.plimsoll.agent.kernel.SlotGrant;
import io.plimsoll.agent.topology.HostTopology;
import io.plimsoll.transport.LaunchSpec;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.function.Function;

/** What a kernel sees of the world: a small environment, the same whoever started the agent. */
final class LaunchEnvironment
{
    private static final String PATH_DEFAULT = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static final String CUDA_DEVICE = "cuda.device";
    private static final String CUDA_SHARES = "cuda.shares";
    private static final String CUDA_SLICES = "cuda.mig-";
    private static final String MAIN = "main";
    private static final String SUB = "sub";

    private final Map<String, String> inherited = new LinkedHashMap<>();

    private final HostTopology host;
    private Function<Collection<String>, DeviceAccess> deviceAccess = devices -> DeviceAccess.NONE;

    LaunchEnvironment(final Map<String, String> agentEnvironment, final HostTopology host)
    {
        this.host = host;
        inherited.put("PATH", agentEnvironment.getOrDefault("PATH", PATH_DEFAULT));
        inherited.put("HOME", agentEnvironment.getOrDefault("HOME", "/"));
        inherited.put("LANG", agentEnvironment.getOrDefault("LANG", "C.UTF-8"));
    }

    /**
     * Environment of a kernel: the agent's PATH, HOME and LANG, then the launch spec's, then PLIMSOLL_*.
     *
     * @param launch of the kernel.
     * @param seat   where it sits.
     * @return variables by name.
     */
    Map<String, String> variables(final KernelLaunch launch, final Seat seat)
    {
        final Map<String, String> variables = new LinkedHashMap<>(inherited);
        put(variables, launch.assignment(), launch.spec(), seat);
        putVisible(variables, launch.assignment(), seat);
        return variables;
    }

    /** The same for a container: its image has a PATH of its own, and its devices are numbered anew. */
    Map<String, String> ofContainer(final Assignment assignment, final LaunchSpec spec, final Seat seat)
    {
        final Map<String, String> variables = new LinkedHashMap<>();
        put(variables, assignment, spec, seat);
        return variables;
    }

    void deviceAccess(final Function<Collection<String>, DeviceAccess> access)
    {
        deviceAccess = access;
    }

    /** What comes with the devices of a kernel. */
    DeviceAccess access(final Seat seat)
    {
        return deviceAccess.apply(seat.deviceIds());
    }

    private void put(
        final Map<String, String> variables, final Assignment assignment, final LaunchSpec spec, final Seat seat)
    {
        variables.putAll(access(seat).variables());
        if (null != spec.env())
        {
            variables.putAll(spec.env());
        }
        variables.put("PLIMSOLL_SESSION_ID", Long.toString(assignment.sessionId()));
        variables.put("PLIMSOLL_KERNEL_ID", Long.toString(assignment.key().kernelId()));
        variables.put("PLIMSOLL_KERNEL_INDEX", Integer.toString(assignment.kernelIndex()));
        variables.put("PLIMSOLL_KERNEL_COUNT", Integer.toString(assignment.kernelCount()));
        variables.put("PLIMSOLL_HOSTS", String.join(",", assignment.hosts()));
        if (assignment.arrayIndex() >= 0)
        {
            variables.put("PLIMSOLL_ARRAY_INDEX", Integer.toString(assignment.arrayIndex()));
        }
        variables.put("PLIMSOLL_ATTEMPT", Integer.toString(assignment.key().attempt()));
        variables.put("PLIMSOLL_CPUS", CpuList.format(seat.cpus()));
        variables.put("PLIMSOLL_DEVICES", Seating.devices(assignment, seat));
        variables.put("PLIMSOLL_CLUSTER_ROLE", 0 == assignment.kernelIndex() ? MAIN : SUB);
        variables.put("PLIMSOLL_CLUSTER_INDEX", Integer.toString(assignment.kernelIndex()));
        variables.put("PLIMSOLL_CLUSTER_SIZE", Integer.toString(assignment.kernelCount()));
        final StringJoiner peers = new StringJoiner(",");
        for (int i = 0; i < assignment.kernelCount(); i++)
        {
            peers.add(role(i));
        }
        variables.put("PLIMSOLL_CLUSTER_PEERS", peers.toString());
    }

    /** Name by which the kernels of a session know each other: main, sub1, sub2 and so on. */
    static String role(final int kernelIndex)
    {
        return 0 == kernelIndex ? MAIN : SUB + kernelIndex;
    }

    /** What programs call the slices of GPUs that a kernel has; empty: it has none. */
    List<String> slices(final Assignment assignment, final Seat seat)
    {
        final List<String> uuids = new ArrayList<>();
        for (final SlotGrant slot : assignment.slots())
        {
            if (slot.name().startsWith(CUDA_SLICES))
            {
                final Collection<String> ids = seat.devices().getOrDefault(slot.name(), new TreeMap<>()).values();
                host.devices().stream()
                    .filter(device -> ids.contains(device.id())).map(device -> device.details().uuid())
                    .forEach(uuids::add);
            }
        }
        return uuids;
    }

    private void putVisible(
        final Map<String, String> variables, final Assignment assignment, final Seat seat)
    {
        boolean asked = false;
        final BitSet visible = new BitSet();
        for (final SlotGrant slot : assignment.slots())
        {
            if (CUDA_DEVICE.equals(slot.name()) || CUDA_SHARES.equals(slot.name()))
            {
                asked = true;
                visible.or(Seating.numbers(slot, seat));
            }
        }
        final List<String> slices = slices(assignment, seat);
        if (!slices.isEmpty())
        {
            // One program sees whole GPUs or slices of them, never both.
            variables.putIfAbsent("CUDA_VISIBLE_DEVICES", String.join(",", slices));
        }
        else if (asked || assignment.slots().stream().anyMatch(slot -> slot.name().startsWith(CUDA_SLICES)))
        {
            variables.putIfAbsent("CUDA_VISIBLE_DEVICES", Seating.list(visible));
            // Else CUDA numbers the fastest first, and not as NVML and the host do.
            variables.putIfAbsent("CUDA_DEVICE_ORDER", "PCI_BUS_ID");
        }
    }

    /** As {@code NAME=value}. */
    static List<String> pairs(final Map<String, String> variables)
    {
        final List<String> pairs = new ArrayList<>(variables.size());
        variables.forEach((name, value) -> pairs.add(name + '=' + value));
        return pairs;
    }

    /**
     * Why a kernel cannot be started, as far as that can be seen beforehand.
     *
     * @param command   of the launch spec.
     * @param path      of the kernel's environment.
     * @param directory that it starts in.
     * @return null if nothing speaks against it, else the reason for people.
     */
    static String obstacle(final List<String> command, final String path, final Path directory)
    {
        if (null == command || command.isEmpty() || command.get(0).isEmpty())
        {
            return "the launch spec names no command";
        }
        final String program = command.get(0);
        if (!Files.isDirectory(directory))
        {
            return "working directory not found: " + directory + " (for the command " + program + ")";
        }
        if (!Files.isExecutable(directory))
        {
            return "working directory cannot be entered: " + directory + " (for the command " + program + ")";
        }
        if (program.indexOf('/') >= 0)
        {
            final Path file = directory.resolve(program);
            return Files.isDirectory(file) ? "command is a directory: " + program :
                !Files.isRegularFile(file) ? "command not found: " + program :
                !Files.isExecutable(file) ? "command is not executable: " + program : null;
        }
        for (final String place : path.split(File.pathSeparator))
        {
            final Path file = directory.resolve(place).resolve(program);
            if (Files.isRegularFile(file) && Files.isExecutable(file))
            {
                return null;
            }
        }
        return "command not found: " + program + " (PATH=" + path + ")";
    }
}
