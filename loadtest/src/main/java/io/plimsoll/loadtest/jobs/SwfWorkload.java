package io.plimsoll.loadtest.jobs;

import io.plimsoll.core.sbe.SessionType;
import io.plimsoll.loadtest.simulate.SessionSpec;
import io.plimsoll.loadtest.simulate.SessionSpec.Dependency;
import io.plimsoll.loadtest.swf.SwfReader;
import io.plimsoll.loadtest.swf.SwfRecord;
import java.nio.file.Path;
import java.util.List;
import java.util.StringTokenizer;
import org.agrona.collections.LongHashSet;

/**
 * Jobs of a log in the Standard Workload Format, as the dialect of the archive has them: without processors, run time
 * or time of submission a line is no job, and nothing runs longer than it asked for. One processor is one core. Logs of
 * CERIT-SC say in an extension which nodes a job asks for, see {@link NodeSpec}.
 */
final class SwfWorkload
{
    private static final long SECOND_NS = 1_000_000_000L;
    /** Beyond it seconds are no longer counted from the start of a log, but from 1970. */
    private static final long EPOCH_SECONDS_MIN = 500_000_000L;
    private static final long SECONDS_MAX = Long.MAX_VALUE / SECOND_NS / 4;
    private static final long PROCESSORS_MAX = 10_000_000;
    private static final int MEMORY = 9;
    private static final int STATUS = 10;
    private static final int PROJECT = 12;
    private static final int QUEUE = 14;
    private static final int PRECEDING = 16;
    private static final int QUEUE_NAME = 19;
    private static final int NODES = 20;
    private static final int KIB_SHIFT = 10;
    private static final int FAILED = 0;
    private static final int CANCELLED = 5;
    private static final int EXIT_CANCELLED = 143;

    private final WorkloadBuilder builder;
    private final NodeSpec nodes;
    private final LongHashSet seen = new LongHashSet();
    private long firstSeconds = -1;

    private SwfWorkload(final String name)
    {
        builder = new WorkloadBuilder(name);
        nodes = new NodeSpec(builder);
    }

    static Workload read(final Path file)
    {
        final SwfWorkload workload = new SwfWorkload(WorkloadFiles.name(file));
        try (SwfReader reader = SwfReader.open(file))
        {
            for (SwfRecord line = reader.next(); null != line; line = reader.next())
            {
                workload.onLine(reader, line);
            }
            workload.origin(reader);
        }
        return workload.builder.build();
    }

    /** The first job that is one begins the workload; archives sort by submission, and hardly any log is not sorted. */
    private void origin(final SwfReader reader)
    {
        final String start = reader.header("UnixStartTime");
        if (firstSeconds > EPOCH_SECONDS_MIN)
        {
            builder.originEpochNs(firstSeconds * SECOND_NS);
        }
        else if (null != start && start.matches("[1-9][0-9]{0,10}") && firstSeconds >= 0)
        {
            builder.originEpochNs((Long.parseLong(start) + firstSeconds) * SECOND_NS);
        }
        if (firstSeconds > 0 && firstSeconds <= EPOCH_SECONDS_MIN)
        {
            builder.clockNs(firstSeconds * SECOND_NS);
        }
    }

    private void onLine(final SwfReader reader, final SwfRecord line)
    {
        final long processors = Math.max(line.processors(), line.requestedProcessors());
        final String why = processors <= 0 ? "no processors" :
            processors > PROCESSORS_MAX ? "more than " + PROCESSORS_MAX + " processors" :
            line.runSeconds() <= 0 ? "no run time" :
            line.submitSeconds() < 0 ? "no time of submission" :
            line.submitSeconds() > SECONDS_MAX || line.runSeconds() > SECONDS_MAX ||
                line.requestedSeconds() > SECONDS_MAX ? "a time beyond what can be counted" : null;
        if (null != why)
        {
            builder.skip(why, "line " + reader.line());
            return;
        }
        firstSeconds = firstSeconds < 0 ? line.submitSeconds() : firstSeconds;
        if (line.submitSeconds() < firstSeconds)
        {
            builder.skip("submitted before the first job of the log", "line " + reader.line());
            return;
        }
        builder.add(job(line, cells(reader.text()), processors));
    }

    /** As a regular expression would split it, without one: logs have millions of cells. */
    private static String[] cells(final String text)
    {
        final StringTokenizer tokens = new StringTokenizer(text);
        final String[] cells = new String[tokens.countTokens()];
        for (int i = 0; i < cells.length; i++)
        {
            cells[i] = tokens.nextToken();
        }
        return cells;
    }

    private Job job(final SwfRecord line, final String[] cells, final long processors)
    {
        final boolean limited = line.requestedSeconds() > 0;
        final boolean cut = limited && line.runSeconds() > line.requestedSeconds();
        if (cut)
        {
            builder.tally("jobs that ran longer than they had asked for, and end at their limit here");
        }
        final long status = number(cells, STATUS);
        final int exit = FAILED == status ? 1 : CANCELLED == status ? EXIT_CANCELLED : Job.SUCCESS;
        final long runSeconds = cut ? line.requestedSeconds() : line.runSeconds();
        final long preceding = number(cells, PRECEDING);
        final boolean hasNodes = cells.length > NODES;
        // The extended logs number something else there; and what was skipped cannot be waited for.
        final boolean follows = !hasNodes && seen.contains(preceding);
        seen.add(line.id());
        return new Job(
            Long.toString(line.id()),
            (line.submitSeconds() - firstSeconds) * SECOND_NS,
            tenant(line, cells),
            SessionType.BATCH,
            SessionSpec.PRIORITY_DEFAULT,
            true,
            hasNodes ? nodes.request(cells[NODES], processors, number(cells, MEMORY)) :
                JobRequest.of(1, Need.cpu(processors * Need.WHOLE, memory(cells, processors))),
            limited ? line.requestedSeconds() * SECOND_NS : Job.NO_LIMIT,
            1,
            List.of(new Life(runSeconds * SECOND_NS, exit)),
            follows ?
                List.of(new Dependency(Long.toString(preceding), true)) : List.of());
    }

    /** KiB for each processor, as the format has it. */
    private static long memory(final String[] cells, final long processors)
    {
        final long kib = number(cells, MEMORY);
        return kib <= 0 || kib > Long.MAX_VALUE >> KIB_SHIFT + 24 ? 0 : (kib << KIB_SHIFT) * processors;
    }

    private static Tenant tenant(final SwfRecord line, final String[] cells)
    {
        final long project = number(cells, PROJECT);
        final long queue = number(cells, QUEUE);
        return new Tenant(
            line.user() < 0 ? "" : Long.toString(line.user()),
            project < 0 ? "" : Long.toString(project),
            "",
            cells.length > NODES ? cells[QUEUE_NAME] : queue < 0 ? "" : "queue-" + queue);
    }

    /** A field that is no whole number is one that is not known. */
    private static long number(final String[] cells, final int index)
    {
        try
        {
            return Long.parseLong(cells[index]);
        }
        catch (final NumberFormatException ex)
        {
            return -1;
        }
    }
}
