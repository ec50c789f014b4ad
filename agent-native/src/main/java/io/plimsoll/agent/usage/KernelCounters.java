package io.plimsoll.agent.usage;

import io.plimsoll.transport.usage.Usage;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What kernels have used: from their control groups, and where they have none, from the processes that they are. What
 * they send is known of those that have a network of their own. One thread.
 */
final class KernelCounters
{
    private final Path proc;
    private final ControlGroups groups;
    private final Map<String, Integer> pidOf = new HashMap<>();
    private ProcessForest forest;

    KernelCounters(final Path proc)
    {
        this.proc = proc;
        groups = new ControlGroups(proc);
    }

    /** What was seen before a round is not looked at again in it. */
    void beginRound(final Set<String> marks)
    {
        forest = null;
        pidOf.keySet().retainAll(marks);
    }

    Totals read(final UsageSubject subject)
    {
        if (null != subject.told())
        {
            return subject.told();
        }
        final int pid = 0 == subject.pid() ? pid(subject.mark()) : subject.pid();
        if (0 == pid)
        {
            return Totals.NONE;
        }
        Totals totals = groups.totals(pid, subject.mark());
        if (totals.cpuNs() < 0 || totals.memoryBytes() < 0 || totals.readBytes() < 0 || 0 != subject.pid())
        {
            forest = null == forest ? new ProcessForest(proc) : forest;
            totals = totals.or(forest.totals(pid));
        }
        return totals.or(network(pid));
    }

    /** The first process of a container: the one that its own namespace numbers 1. */
    private int pid(final String mark)
    {
        final Integer known = pidOf.get(mark);
        if (null != known && isIn(known, mark))
        {
            return known;
        }
        pidOf.remove(mark);
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[1-9]*"))
        {
            for (final Path process : processes)
            {
                final int pid = Integer.parseInt(process.getFileName().toString());
                if (isIn(pid, mark) && (isFirst(process) || !pidOf.containsKey(mark)))
                {
                    pidOf.put(mark, pid);
                }
            }
        }
        catch (final IOException e)
        {
            // Looked for again.
            return 0;
        }
        return pidOf.getOrDefault(mark, 0);
    }

    private boolean isIn(final int pid, final String mark)
    {
        return groups.memberships(pid).stream().anyMatch(line -> line.contains(mark));
    }

    private static boolean isFirst(final Path process)
    {
        return SystemFiles.lines(process.resolve("status")).stream()
            .anyMatch(line -> line.startsWith("NSpid:") && line.endsWith("\t1"));
    }

    private Totals network(final int pid)
    {
        final Path process = proc.resolve(Integer.toString(pid));
        final String own = namespace(proc.resolve("self"));
        final String its = namespace(process);
        if (null == own || null == its || own.equals(its))
        {
            return Totals.NONE;
        }
        final List<String> table = SystemFiles.lines(process.resolve("net/dev"));
        if (table.isEmpty())
        {
            return Totals.NONE;
        }
        final NetworkCounters counters = NetworkCounters.read(process.resolve("net/dev"), name -> !"lo".equals(name));
        return new Totals(
            Usage.UNKNOWN, Usage.UNKNOWN, Usage.UNKNOWN, Usage.UNKNOWN, Usage.UNKNOWN, counters.receivedBytes(),
            counters.sentBytes(), Usage.UNKNOWN);
    }

    private static String namespace(final Path process)
    {
        try
        {
            return Files.readSymbolicLink(process.resolve("ns/net")).toString();
        }
        catch (final IOException e)
        {
            return null;
        }
    }
}
