package io.plimsoll.agent.allocation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.agent.Assignments;
import io.plimsoll.agent.kernel.Assignment;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.agent.kernel.SlotGrant;
import io.plimsoll.agent.runtime.CpuList;
import io.plimsoll.agent.topology.HostTopology;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SeatsTest
{
    private static final int NOWHERE = -1;
    private static final long GIB = 1L << 30;

    private final Hosts hosts = Hosts.host()
        .node("0-3", "8g")
        .node("4-7", "8g")
        .devices("cuda.device", "g", 1, 0, 0, 1, 1);

    /** As its configuration says, and never on what the host keeps. */
    @Test
    void shouldSeatWhereItIsTold()
    {
        final BitSet reserved = new BitSet();
        reserved.set(0);
        final HostTopology host = hosts.make().with(new HostTopology.Reserve(reserved, 0));
        assertEquals("4-7", CpuList.format(new Seats(host).take(kernel(1, 4000, 0), NOWHERE).cpus()));
        assertEquals(
            "1-2,4-5",
            CpuList.format(new Seats(host, Affinity.INTERLEAVED).take(kernel(1, 4000, 0), NOWHERE).cpus()));
        assertEquals("1-7", CpuList.format(new Seats(host).take(kernel(1, 8000, 0), NOWHERE).cpus()));
    }

    @Test
    void shouldMapNumbersToNearDevicesAndKeepThemWhileUsed()
    {
        final Seats seats = new Seats(hosts.make());
        final Seat one = seats.take(kernel(1, 2000, 1, 0), NOWHERE);
        assertEquals("{cuda.device={0=g0}}", one.devices().toString());
        assertEquals("0-1", CpuList.format(one.cpus()));
        // Two of one node, although the numbers would not say so.
        final Seat two = seats.take(kernel(2, 2000, 1, 1, 2), NOWHERE);
        assertEquals("{cuda.device={1=g2, 2=g3}}", two.devices().toString());
        assertEquals("4-5", CpuList.format(two.cpus()));
        assertEquals("1", CpuList.format(two.memoryNodes()));
        // A number that is in use stands for the same device, and brings cores along from beside it.
        final Seat three = seats.take(kernel(3, 1000, 1, 2), NOWHERE);
        assertEquals("{cuda.device={2=g3}}", three.devices().toString());
        assertEquals("6", CpuList.format(three.cpus()));

        seats.leave(key(2));
        seats.leave(key(1));
        assertEquals("{cuda.device={2=g3}}", seats.take(kernel(4, 0, 0, 2), NOWHERE).devices().toString());
        assertEquals(
            "{cuda.device={1=g0, 3=g1}}", seats.take(kernel(5, 0, 0, 1, 3), NOWHERE).devices().toString());
    }

    @Test
    void shouldGiveSlicesThatAreOnlyCountedOneByOne()
    {
        final Hosts sliced = Hosts.host().node("0-3", "8g").node("4-7", "8g")
            .devices("cuda.mig-1g.5gb", "s", 1, 0, 0, 1);
        final Seats seats = new Seats(sliced.make());
        final Seat one = seats.take(slices(1, 1), NOWHERE);
        final Seat two = seats.take(slices(2, 2), NOWHERE);
        final Set<String> given = new HashSet<>(one.deviceIds());
        given.addAll(two.deviceIds());
        assertEquals(Set.of("s0", "s1", "s2"), given);
        assertEquals(List.of(), seats.take(slices(3, 1), NOWHERE).deviceIds(), "of none that is left");

        seats.leave(slices(3, 1).key());
        seats.leave(slices(1, 1).key());
        assertEquals(one.deviceIds(), seats.take(slices(4, 1), NOWHERE).deviceIds());

        // The next life of the agent finds them taken.
        final Seats next = new Seats(sliced.make());
        next.claim(slices(2, 2), two);
        assertEquals(one.deviceIds(), next.take(slices(5, 1), NOWHERE).deviceIds());
        next.leave(slices(2, 2).key());
        assertEquals(2, next.take(slices(6, 2), NOWHERE).deviceIds().size());
    }

    private static Assignment slices(final int kernel, final int count)
    {
        return Assignments.of(kernel).slots(new SlotGrant("cuda.mig-1g.5gb", false, count, 0)).make();
    }

    @Test
    void shouldShareTheDeviceThatANumberStandsFor()
    {
        final Seats seats = new Seats(hosts.make());
        // Taken by number 3 first, so that numbers and places differ.
        assertEquals("{cuda.device={3=g0}}", seats.take(kernel(1, 0, 0, 3), NOWHERE).devices().toString());
        final Seat half = seats.take(share(2, 0), NOWHERE);
        assertEquals("{cuda.shares={0=g1}}", half.devices().toString());
        assertEquals(half.devices(), seats.take(share(3, 0), NOWHERE).devices());
        assertEquals("{cuda.device={1=g2}}", seats.take(kernel(4, 0, 0, 1), NOWHERE).devices().toString());
        seats.leave(key(2));
        assertEquals("{cuda.device={2=g3}}", seats.take(kernel(5, 0, 0, 2), NOWHERE).devices().toString());
        seats.leave(key(3));
        assertEquals("{cuda.device={0=g1}}", seats.take(kernel(6, 0, 0, 0), NOWHERE).devices().toString());
    }

    @Test
    void shouldGiveADeviceThatIsOutToNobodyAnyMore()
    {
        final Seats seats = new Seats(hosts.make());
        assertEquals("{cuda.device={0=g0}}", seats.take(kernel(1, 0, 0, 0), NOWHERE).devices().toString());
        seats.takeOut("g0");
        seats.takeOut("g1");
        seats.takeOut("g1");
        seats.takeOut("nothing");
        // Who has it keeps it, and whoever shares its number has it too; numbers beyond stand for what works.
        assertEquals("{cuda.device={0=g0}}", seats.take(kernel(2, 0, 0, 0), NOWHERE).devices().toString());
        assertEquals("{cuda.device={1=g2}}", seats.take(kernel(3, 0, 0, 1), NOWHERE).devices().toString());
        seats.leave(key(1));
        seats.leave(key(2));
        assertEquals("{cuda.device={0=g3}}", seats.take(kernel(4, 0, 0, 0), NOWHERE).devices().toString());
        assertEquals("{cuda.device={}}", seats.take(kernel(5, 0, 0, 2), NOWHERE).devices().toString());
        seats.leave(key(3));
        assertEquals("{cuda.device={2=g2}}", seats.take(kernel(6, 0, 0, 2), NOWHERE).devices().toString());
    }

    private static Assignment share(final long id, final int number)
    {
        return new Assignment(
            new KernelKey(0, 0, id, 1, 1), 0, 0, 0, id, 0, 1, -1, false, 0, 0, 0, 0,
            List.of(new SlotGrant("cuda.shares", true, 500, 1L << number)), List.of(), List.of(), new byte[0]);
    }

    @Test
    void shouldSeatWhoeverIsAssigned()
    {
        final Seats seats = new Seats(hosts.make());
        assertEquals("0-7", CpuList.format(seats.take(kernel(1, 8000, 16), NOWHERE).cpus()));
        assertEquals("0-1", CpuList.format(seats.take(kernel(2, 2000, 4), NOWHERE).cpus()));
        assertEquals("2-3", CpuList.format(seats.take(kernel(3, 2000, 4, 0, 1, 2, 3, 9), NOWHERE).cpus()));
        assertEquals(
            "{cuda.device={0=g0, 1=g1, 2=g2, 3=g3}}",
            seats.take(kernel(3, 2000, 4, 0, 1, 2, 3, 9), NOWHERE).devices().toString());
        seats.leave(key(2));
        seats.leave(key(3));
        seats.leave(key(1));
        seats.leave(key(1));
        assertEquals("0-7", CpuList.format(seats.take(kernel(4, 8000, 16), NOWHERE).cpus()));
    }

    @Test
    void shouldPreferTheCoreItIsStartedFrom()
    {
        final Seats seats = new Seats(hosts.make());
        assertEquals("2", CpuList.format(seats.take(kernel(1, 1000, 1), 2).cpus()));
        assertEquals("1", CpuList.format(seats.take(kernel(2, 1000, 1), 1).cpus()));
        assertEquals("0", CpuList.format(seats.take(kernel(3, 1000, 1), 2).cpus()));
    }

    @Test
    void shouldGiveNothingTwiceWhateverComesAndGoes()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            final Random random = new Random(seed);
            Seats seats = new Seats(hosts.make());
            final Map<Long, Seat> sitting = new HashMap<>();
            final Map<Long, Assignment> assignments = new HashMap<>();
            for (long id = 1; id < 60; id++)
            {
                final BitSet numbers = new BitSet();
                final BitSet cores = new BitSet();
                sitting.values().forEach(seat -> cores.or(seat.cpus()));
                for (int number = 0; number < 4; number++)
                {
                    final int wanted = number;
                    final boolean used = sitting.values().stream().anyMatch(seat ->
                        seat.devices().values().stream().anyMatch(devices -> devices.containsKey(wanted)));
                    numbers.set(number, !used && random.nextInt(3) == 0);
                }
                final int idle = 8 - cores.cardinality();
                final Assignment assignment = kernel(
                    id, 1000L * random.nextInt(idle + 1), 0, numbers.stream().toArray());
                assignments.put(id, assignment);
                sitting.put(id, seats.take(assignment, NOWHERE));
                check(sitting);
                for (final Long leaving : List.copyOf(sitting.keySet()))
                {
                    if (random.nextInt(3) == 0)
                    {
                        seats.leave(key(leaving));
                        sitting.remove(leaving);
                    }
                }
                if (random.nextInt(5) == 0)
                {
                    // As after a restart of the agent.
                    final Seats again = new Seats(hosts.make());
                    sitting.forEach((kernel, seat) -> again.claim(assignments.get(kernel), seat));
                    seats = again;
                }
            }
        }
    }

    private static void check(final Map<Long, Seat> sitting)
    {
        final Set<String> devices = new HashSet<>();
        final BitSet cores = new BitSet();
        for (final Seat seat : sitting.values())
        {
            assertTrue(!cores.intersects(seat.cpus()), sitting.toString());
            cores.or(seat.cpus());
            seat.devices().values().forEach(of -> of.values().forEach(device ->
                assertTrue(devices.add(device), sitting.toString())));
        }
    }

    static KernelKey key(final long id)
    {
        return kernel(id, 0, 0).key();
    }

    static Assignment kernel(final long id, final long cpuMillis, final long gib, final int... numbers)
    {
        long mask = 0;
        for (final int number : numbers)
        {
            mask |= 1L << number;
        }
        final List<SlotGrant> slots = 0 == mask ?
            List.of() : List.of(new SlotGrant("cuda.device", true, numbers.length, mask));
        return new Assignment(
            new KernelKey(0, 0, id, 1, 1), 0, 0, 0, id, 0, 1, -1, false, cpuMillis, gib * GIB, 0, 0, slots, List.of(),
            List.of(), new byte[0]);
    }
}
