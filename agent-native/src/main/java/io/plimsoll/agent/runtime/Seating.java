package io.plimsoll.agent.runtime;

import io.plimsoll.agent.allocation.Affinity;
import io.plimsoll.agent.allocation.Seat;
import io.plimsoll.agent.allocation.Seats;
import io.plimsoll.agent.kernel.Assignment;
import io.plimsoll.agent.kernel.KernelDirectory;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.agent.kernel.SlotGrant;
import io.plimsoll.agent.topology.HostTopology;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * Where the kernels of all runtimes of an agent sit. Which physical devices a kernel has is kept in its directory, so
 * that the next life of the agent gives them to nobody else. Of the agent's thread.
 */
final class Seating
{
    private static final int DIGITS_MAX = 4;
    /** In place of a slot: no name of one has it. */
    private static final String MEMORY = "@memory";

    private final HostTopology host;
    private final CpuAffinity affinity;
    private final boolean pinning;
    private final Seats seats;

    Seating(
        final HostTopology host, final CpuAffinity affinity, final boolean pinning, final Affinity placement)
    {
        this.host = host;
        this.affinity = affinity;
        this.pinning = pinning;
        seats = new Seats(host, placement);
    }

    /** Whether kernels are bound to cores here. */
    boolean pins()
    {
        return pinning && affinity.usable();
    }

    /**
     * Seats a kernel that is to be started.
     *
     * @param assignment of it.
     * @param directory  of it, in which its devices are kept.
     * @return its seat; without cores if kernels are not bound.
     * @throws IOException if its devices cannot be kept, or are not had in such pieces.
     */
    Seat take(final Assignment assignment, final Path directory) throws IOException
    {
        SlotCheck.check(assignment, host);
        final Seat seat = seats.take(assignment, Libc.sched_getcpu());
        if (!seat.devices().isEmpty() || isCounted(assignment, seat))
        {
            Files.write(
                directory.resolve(KernelDirectory.DEVICES),
                text(seat, isCounted(assignment, seat)).getBytes(StandardCharsets.UTF_8));
        }
        return pins() ? seat : new Seat(new BitSet(), seat.memoryNodes(), seat.devices());
    }

    /** Whether it matters on which node its memory is counted. */
    private boolean isCounted(final Assignment assignment, final Seat seat)
    {
        return host.numa().size() > 1 && assignment.memoryBytes() > 0 && !seat.memoryNodes().isEmpty();
    }

    /** Leaves a kernel that was found to run where it is. */
    Seat claim(final Assignment assignment, final Path directory, final BitSet cpus)
    {
        final Seat seat = new Seat(cpus, memoryNodes(directory), devices(directory));
        seats.claim(assignment, seat);
        return seat;
    }

    /** See {@link Seats#takeOut}. */
    void takeOut(final String device)
    {
        seats.takeOut(device);
    }

    /** The kernel is gone. */
    void leave(final KernelKey key)
    {
        seats.leave(key);
    }

    private static String text(final Seat seat, final boolean isCounted)
    {
        final StringBuilder text = new StringBuilder();
        if (isCounted)
        {
            text.append(MEMORY).append(' ').append(CpuList.format(seat.memoryNodes())).append('\n');
        }
        seat.devices().forEach((slot, devices) ->
        {
            text.append(slot).append('\n');
            devices.forEach((number, device) ->
                text.append(slot).append(' ').append(number).append(' ').append(device).append('\n'));
        });
        return text.append(".\n").toString();
    }

    /** Lines of words; none if it was not written to its end. */
    private static List<String[]> lines(final Path directory)
    {
        final String text = KernelFiles.text(directory.resolve(KernelDirectory.DEVICES));
        return null == text || !text.endsWith(".\n") ? List.of() :
            text.lines().filter(line -> !".".equals(line)).map(line -> line.split(" ")).toList();
    }

    private BitSet memoryNodes(final Path directory)
    {
        final BitSet nodes = new BitSet();
        lines(directory).stream().filter(words -> MEMORY.equals(words[0])).map(words -> CpuList.parse(words[1]))
            .forEach(nodes::or);
        // Nodes may be gone with the next start of the host.
        nodes.stream().filter(node -> host.indexOf(node) < 0).forEach(nodes::clear);
        return nodes;
    }

    private Map<String, SortedMap<Integer, String>> devices(final Path directory)
    {
        final Map<String, SortedMap<Integer, String>> devices = new LinkedHashMap<>();
        lines(directory).stream().filter(words -> !MEMORY.equals(words[0])).forEach(words ->
        {
            final SortedMap<Integer, String> ofSlot = devices.computeIfAbsent(words[0], slot -> new TreeMap<>());
            if (3 == words.length && host.devices().stream().anyMatch(device -> device.id().equals(words[2])))
            {
                ofSlot.put(Integer.parseInt(words[1]), words[2]);
            }
        });
        return devices;
    }

    /** Numbers of the physical devices as {@code cuda.device=0,2;other.device=1}. */
    static String devices(final Assignment assignment, final Seat seat)
    {
        final StringJoiner devices = new StringJoiner(";");
        for (final SlotGrant slot : assignment.slots())
        {
            if (slot.device() && 0 != slot.devices())
            {
                devices.add(slot.name() + '=' + list(numbers(slot, seat)));
            }
            else if (!slot.device() && seat.devices().containsKey(slot.name()))
            {
                // Slices of several GPUs may end with the same number.
                devices.add(slot.name() + '=' + String.join(",", seat.devices().get(slot.name()).values()));
            }
        }
        return devices.toString();
    }

    /**
     * Numbers of the physical devices: those that their ids end with. Numbers of a slot that is only declared stand for
     * themselves; those for which no device is left stand for nothing.
     */
    static BitSet numbers(final SlotGrant slot, final Seat seat)
    {
        final SortedMap<Integer, String> devices = seat.devices().get(slot.name());
        if (null == devices)
        {
            return BitSet.valueOf(new long[]{slot.devices()});
        }
        final BitSet numbers = new BitSet();
        devices.forEach((number, id) -> numbers.set(ordinal(id, number)));
        return numbers;
    }

    /** As {@code 0,2}. */
    static String list(final BitSet numbers)
    {
        final StringJoiner list = new StringJoiner(",");
        numbers.stream().forEach(number -> list.add(Integer.toString(number)));
        return list.toString();
    }

    private static int ordinal(final String id, final int otherwise)
    {
        int start = id.length();
        while (start > 0 && Character.isDigit(id.charAt(start - 1)))
        {
            start--;
        }
        final int digits = id.length() - start;
        return digits > 0 && digits <= DIGITS_MAX ? Integer.parseInt(id.substring(start)) : otherwise;
    }
}
