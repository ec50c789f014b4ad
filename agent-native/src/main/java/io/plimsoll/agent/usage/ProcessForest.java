package io.plimsoll.agent.usage;

import io.plimsoll.transport.usage.Usage;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All processes at one moment, for kernels that have no control group to ask. A process that has ended is counted by
 * the one that waited for it; one that nobody of its kernel waits for takes its count along.
 */
final class ProcessForest
{
    private static final long NS_PER_TICK = 10_000_000L;
    private static final int STATE = 0;
    private static final int PARENT = 1;
    private static final int GROUP = 2;
    private static final int SESSION = 3;
    private static final int USER_TICKS = 11;
    private static final int CHILDREN_SYSTEM_TICKS = 14;

    private final Path proc;
    private final Map<Integer, List<Integer>> childrenOf = new HashMap<>();
    private final Map<Integer, List<Integer>> membersOf = new HashMap<>();
    private final Map<Integer, Long> ticksOf = new HashMap<>();
    private final Set<Integer> ended = new HashSet<>();

    ProcessForest(final Path proc)
    {
        this.proc = proc;
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[1-9]*"))
        {
            for (final Path process : processes)
            {
                add(process);
            }
        }
        catch (final IOException e)
        {
            // Then there are none to be seen.
            ticksOf.clear();
        }
    }

    private void add(final Path process)
    {
        final String stat = SystemFiles.text(process.resolve("stat"));
        final int name = null == stat ? -1 : stat.lastIndexOf(')');
        if (name < 0)
        {
            return;
        }
        final String[] fields = stat.substring(name + 2).split(" ");
        final int pid = Integer.parseInt(process.getFileName().toString());
        if (fields.length <= CHILDREN_SYSTEM_TICKS || "X".equals(fields[STATE]))
        {
            return;
        }
        // What it has used comes back with whoever waits for it: left out now, it would be counted twice.
        if ("Z".equals(fields[STATE]))
        {
            ended.add(pid);
        }
        long ticks = 0;
        for (int i = USER_TICKS; i <= CHILDREN_SYSTEM_TICKS; i++)
        {
            ticks += SystemFiles.number(fields[i]);
        }
        ticksOf.put(pid, ticks);
        childrenOf.computeIfAbsent(Integer.valueOf(fields[PARENT]), parent -> new ArrayList<>()).add(pid);
        membersOf.computeIfAbsent(Integer.valueOf(fields[GROUP]), group -> new ArrayList<>()).add(pid);
        membersOf.computeIfAbsent(Integer.valueOf(fields[SESSION]), session -> new ArrayList<>()).add(pid);
    }

    /** Of a process, of those that it has begotten, and of those in its group or session. */
    Totals totals(final int leader)
    {
        final Set<Integer> all = new HashSet<>();
        final ArrayDeque<Integer> found = new ArrayDeque<>(membersOf.getOrDefault(leader, List.of()));
        found.add(leader);
        while (!found.isEmpty())
        {
            final Integer pid = found.poll();
            if (ticksOf.containsKey(pid) && all.add(pid))
            {
                found.addAll(childrenOf.getOrDefault(pid, List.of()));
            }
        }
        if (all.isEmpty())
        {
            return Totals.NONE;
        }
        final int running = (int)all.stream().filter(pid -> !ended.contains(pid)).count();
        long ticks = 0;
        long memory = Usage.UNKNOWN;
        long read = Usage.UNKNOWN;
        long written = Usage.UNKNOWN;
        for (final Integer pid : all)
        {
            final Path process = proc.resolve(pid.toString());
            final List<String> io = SystemFiles.lines(process.resolve("io"));
            ticks += ticksOf.get(pid);
            memory = sum(memory, SystemFiles.bytes(SystemFiles.lines(process.resolve("status")), "VmRSS:"));
            read = sum(read, SystemFiles.field(io, "read_bytes:"));
            written = sum(written, SystemFiles.field(io, "write_bytes:"));
        }
        return new Totals(
            ticks * NS_PER_TICK, memory, Usage.UNKNOWN, read, written, Usage.UNKNOWN, Usage.UNKNOWN, running);
    }

    private static long sum(final long one, final long other)
    {
        return one < 0 ? other : other < 0 ? one : one + other;
    }
}
