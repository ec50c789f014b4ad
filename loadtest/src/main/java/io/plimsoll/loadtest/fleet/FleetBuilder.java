package io.plimsoll.loadtest.fleet;

import io.plimsoll.loadtest.simulate.ScenarioException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Makes a fleet of machines as lists of them tell, one by one; those that are alike are of one kind. One thread. */
final class FleetBuilder
{
    private static final int MILLIS = 1000;

    private final Path file;
    private final List<Machine> machines = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final Map<MachineKind, MachineKind> kinds = new HashMap<>();
    private final Set<String> kindNames = new HashSet<>();
    private final Set<String> names = new HashSet<>();
    private String place;

    FleetBuilder(final Path file)
    {
        this.file = file;
        place = file.toString();
    }

    /** Machines that are added from now on are of this line. */
    FleetBuilder at(final long line)
    {
        place = file + ", line " + line;
        return this;
    }

    void note(final String text)
    {
        notes.add(text);
    }

    /**
     * A machine with GPUs, or without.
     *
     * @param machine     name of it.
     * @param model       of its GPUs; empty without.
     * @param cpuMillis   millicores.
     * @param memoryBytes of it.
     * @param gpus        how many.
     */
    void add(
        final String machine, final String model, final long cpuMillis, final long memoryBytes, final int gpus)
    {
        final List<Devices> devices = 0 == gpus ? List.of() : List.of(new Devices("cuda", model, gpus));
        add(machine, "", MachineKind.of("", cpuMillis, memoryBytes, devices));
    }

    /** A machine of a kind; one without a name gets one that tells its devices and cores. */
    void add(final String machine, final String rack, final MachineKind nameless)
    {
        if (!names.add(machine))
        {
            throw new ScenarioException(place + ": there are two machines of the name " + machine);
        }
        machines.add(new Machine(machine, rack, kinds.computeIfAbsent(nameless, this::named)));
    }

    private MachineKind named(final MachineKind kind)
    {
        if (!kind.name().isEmpty())
        {
            return kind;
        }
        final StringBuilder text = new StringBuilder();
        for (final Devices some : kind.devices())
        {
            final String model = some.model().isEmpty() ? some.kind() : some.model();
            text.append(model.toLowerCase(Locale.ROOT)).append('x').append(some.count()).append('-');
        }
        text.append("cpu").append(kind.cpuMillis() / MILLIS);
        if (!kindNames.add(text.toString()))
        {
            text.append("-mem").append(kind.memoryBytes() >> 30);
            for (int number = 2; !kindNames.add(text.toString()); number++)
            {
                text.append('-').append(number);
            }
        }
        return new MachineKind(
            text.toString(), kind.group(), kind.arch(), kind.cpuMillis(), kind.memoryBytes(), kind.devices(),
            kind.slots(), kind.labels(), kind.costPerHour(), kind.kernelsMax());
    }

    Fleet build()
    {
        return new Fleet(FleetFiles.name(file), machines, notes);
    }
}
