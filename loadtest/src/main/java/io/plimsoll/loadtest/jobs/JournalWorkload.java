package io.plimsoll.loadtest.jobs;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.sbe.AccountConfiguredDecoder;
import io.plimsoll.core.sbe.AccountLevel;
import io.plimsoll.core.sbe.GroupConfiguredDecoder;
import io.plimsoll.core.sbe.KernelAdvancedDecoder;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.Result;
import io.plimsoll.core.sbe.SessionAdvancedDecoder;
import io.plimsoll.core.sbe.SessionQueuedDecoder;
import io.plimsoll.core.sbe.SubmitSessionsDecoder;
import io.plimsoll.journal.JournalCursor;
import io.plimsoll.journal.JournalReader;
import io.plimsoll.loadtest.csv.ReadProgress;
import io.plimsoll.loadtest.simulate.SessionSpec.Dependency;
import io.plimsoll.loadtest.whatif.JournalMoment;
import io.plimsoll.loadtest.whatif.JournalSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.DirectBuffer;

/**
 * What was submitted to a cluster, from its journal: arrivals, owners, limits and arrays as they were, and how long
 * each session really ran. What the journal does not tell is assumed and counted in a note. The journal is only read.
 */
final class JournalWorkload
{
    private static final String MANIFEST = "manifest.json";
    private static final String FOLDER = "journal";
    private static final int KERNEL_INDEX_BITS = 10;
    /** Of a sequence: how often is told how far it is. */
    private static final long TELL_MASK = 0xfff;

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final SubmitSessionsDecoder submit = new SubmitSessionsDecoder();
    private final SessionQueuedDecoder queued = new SessionQueuedDecoder();
    private final SessionAdvancedDecoder advanced = new SessionAdvancedDecoder();
    private final KernelAdvancedDecoder kernel = new KernelAdvancedDecoder();
    private final GroupConfiguredDecoder group = new GroupConfiguredDecoder();
    private final AccountConfiguredDecoder account = new AccountConfiguredDecoder();
    private final Map<Integer, String> groups = new HashMap<>();
    private final Map<Integer, Owner> owners = new HashMap<>();
    private final TreeMap<Long, RecordedEntry> entries = new TreeMap<>();
    private final WorkloadBuilder builder;
    private List<RecordedSubmission> submissions = List.of();
    private boolean isPast = true;
    private long firstNs;
    private long nowNs;

    private JournalWorkload(final String name)
    {
        builder = new WorkloadBuilder(name);
    }

    /** Whether a directory is a journal, or that of a manager. */
    static boolean isJournal(final Path directory)
    {
        return Files.exists(directory.resolve(MANIFEST)) ||
            Files.exists(directory.resolve(FOLDER).resolve(MANIFEST));
    }

    static Workload read(final Path directory)
    {
        final Path folder = Files.exists(directory.resolve(MANIFEST)) ? directory : directory.resolve(FOLDER);
        final JournalWorkload workload = new JournalWorkload(WorkloadFiles.name(directory));
        try (JournalReader journal = JournalReader.open(folder))
        {
            final long oldest;
            try (JournalCursor cursor = journal.cursor())
            {
                oldest = cursor.oldestSequence();
            }
            final JournalSource source = new JournalSource(journal, JournalMoment.at(oldest));
            source.past(workload::onRecord);
            workload.isPast = false;
            // Where it ends is not known before it is read; at least the last segment begins there.
            final double last = Math.max(oldest + 1, journal.lastSegmentSequence());
            source.forEach(record ->
            {
                workload.onRecord(record);
                if (0 == (record.sequence() & TELL_MASK))
                {
                    ReadProgress.tell(Math.min(1, (record.sequence() - oldest) / (last - oldest)));
                }
            });
            if (!source.fault().isEmpty())
            {
                workload.builder.note("what follows in the journal cannot be read: " + source.fault());
            }
        }
        return workload.build();
    }

    private void onRecord(final RecordFlyweight record)
    {
        nowNs = record.timestampNs();
        submissions = List.of();
        if (!isPast)
        {
            header.wrap(record.buffer(), record.commandOffset());
            if (SubmitSessionsDecoder.TEMPLATE_ID == header.templateId())
            {
                submissions = RecordedSubmission.of(
                    submit.wrapAndApplyHeader(record.buffer(), record.commandOffset(), header));
            }
        }
        record.forEachEvent(this::onEvent);
    }

    private void onEvent(final DirectBuffer buffer, final int offset, final int length)
    {
        header.wrap(buffer, offset);
        switch (header.templateId())
        {
            case GroupConfiguredDecoder.TEMPLATE_ID ->
            {
                group.wrapAndApplyHeader(buffer, offset, header);
                final int id = group.groupId();
                groups.put(id, group.groupName());
            }
            case AccountConfiguredDecoder.TEMPLATE_ID ->
                onAccount(account.wrapAndApplyHeader(buffer, offset, header));
            case SessionQueuedDecoder.TEMPLATE_ID -> onQueued(queued.wrapAndApplyHeader(buffer, offset, header));
            case SessionAdvancedDecoder.TEMPLATE_ID -> onAdvanced(advanced.wrapAndApplyHeader(buffer, offset, header));
            case KernelAdvancedDecoder.TEMPLATE_ID -> onKernel(kernel.wrapAndApplyHeader(buffer, offset, header));
            default ->
            {
                // Nothing that tells of what was asked for, or how long it ran.
            }
        }
    }

    private void onAccount(final AccountConfiguredDecoder event)
    {
        final int id = event.accountId();
        final int parent = event.parentId();
        final int project = Math.max(0, event.projectId());
        final AccountLevel level = event.level();
        event.limits().forEach(limit ->
        {
            // Limits stand before the name.
        });
        event.pendingLimits().forEach(limit ->
        {
            // So do these.
        });
        owners.put(id, new Owner(parent, project, level, event.accountName()));
    }

    private void onQueued(final SessionQueuedDecoder event)
    {
        final long firstId = event.sessionId();
        if (isPast || event.entryIndex() >= submissions.size())
        {
            builder.skip("submitted before the records that are kept", "session " + firstId);
            return;
        }
        final RecordedSubmission submission = submissions.get(event.entryIndex());
        firstNs = 0 == firstNs ? nowNs : firstNs;
        entries.put(firstId, new RecordedEntry(
            submission, nowNs, (int)event.elementCount(), tenant(event.ownerId(), event.groupId())));
    }

    private Tenant tenant(final int ownerId, final int groupId)
    {
        final Map<AccountLevel, String> names = new HashMap<>();
        final Owner own = owners.get(ownerId);
        // The project of a member, and its domain, take the place of what stands above its user.
        name(null == own ? null : owners.get(own.project), names);
        name(own, names);
        return new Tenant(
            names.getOrDefault(AccountLevel.USER, names.getOrDefault(AccountLevel.KEYPAIR, "")),
            names.getOrDefault(AccountLevel.PROJECT, ""),
            names.getOrDefault(AccountLevel.DOMAIN, ""),
            groups.getOrDefault(groupId, ""));
    }

    private void name(final Owner first, final Map<AccountLevel, String> names)
    {
        for (Owner owner = first; null != owner; owner = owners.get(owner.parent))
        {
            names.putIfAbsent(owner.level, owner.name);
        }
    }

    private void onAdvanced(final SessionAdvancedDecoder event)
    {
        final Map.Entry<Long, RecordedEntry> found = entries.floorEntry(event.sessionId());
        final int element = null == found ? -1 : (int)(event.sessionId() - found.getKey());
        if (null == found || element >= found.getValue().elements)
        {
            return;
        }
        final RecordedEntry entry = found.getValue();
        final LifeState state = event.state();
        if (LifeState.RUNNING == state)
        {
            entry.startedNs[element] = nowNs;
        }
        else if (LifeState.PENDING == state)
        {
            entry.startedNs[element] = 0;
        }
        else if (LifeState.TERMINATED == state || LifeState.CANCELLED == state || LifeState.ERROR == state)
        {
            entry.endedNs[element] = nowNs;
            entry.exitCodes[element] =
                Result.FAILURE == event.result() ? Math.max(1, event.exitCode()) : Math.max(0, event.exitCode());
        }
    }

    /** What ends before all kernels were seen to run was never seen to run as a session. */
    private void onKernel(final KernelAdvancedDecoder event)
    {
        final long sessionId = event.kernelId() >> KERNEL_INDEX_BITS;
        final Map.Entry<Long, RecordedEntry> found = entries.floorEntry(sessionId);
        final int element = null == found ? -1 : (int)(sessionId - found.getKey());
        if (null != found && element < found.getValue().elements && LifeState.RUNNING == event.state() &&
            0 == found.getValue().startedNs[element])
        {
            found.getValue().startedNs[element] = nowNs;
        }
    }

    private Workload build()
    {
        builder.originEpochNs(0 == firstNs ? Workload.NO_ORIGIN : firstNs);
        final long usualNs = usualDurationNs();
        for (final Map.Entry<Long, RecordedEntry> entry : entries.entrySet())
        {
            add(entry.getKey(), entry.getValue(), usualNs);
        }
        return builder.build();
    }

    private long usualDurationNs()
    {
        final List<Long> durations = new ArrayList<>();
        entries.values().forEach(entry -> entry.addDurations(durations));
        final long[] sorted = durations.stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(sorted);
        return 0 == sorted.length ? Job.UNKNOWN : sorted[sorted.length / 2];
    }

    private void add(final long firstId, final RecordedEntry entry, final long usualNs)
    {
        final List<Life> lives = new ArrayList<>();
        for (int i = 0; i < entry.elements; i++)
        {
            if (entry.isNeverRun(i))
            {
                builder.skip("ended without having run, as one that was cancelled does", "session " + (firstId + i));
            }
            else
            {
                lives.add(life(entry, i, usualNs));
            }
        }
        if (lives.isEmpty())
        {
            return;
        }
        final RecordedSubmission asked = entry.submission;
        final int elements = lives.size();
        builder.add(new Job(
            Long.toString(firstId), entry.submittedNs - firstNs, entry.tenant, asked.type(), asked.priority(),
            asked.preemptible(), asked.request(), asked.limitNs(), elements,
            1 == lives.stream().distinct().count() ? lives.subList(0, 1) : lives,
            after(asked)));
    }

    /** Sessions are known by the first of their array; those of another time cannot be waited for. */
    private List<Dependency> after(final RecordedSubmission asked)
    {
        final List<Dependency> after = new ArrayList<>();
        asked.after().forEach((id, anyEnd) ->
        {
            final Map.Entry<Long, RecordedEntry> found = entries.floorEntry(id);
            if (null != found && id - found.getKey() < found.getValue().elements && !found.getValue().isNeverRun())
            {
                after.add(new Dependency(Long.toString(found.getKey()), anyEnd));
            }
        });
        return after.stream().distinct().toList();
    }

    private Life life(final RecordedEntry entry, final int element, final long usualNs)
    {
        if (0 != entry.startedNs[element] && 0 != entry.endedNs[element])
        {
            return new Life(entry.durationNs(element), entry.exitCodes[element]);
        }
        final long soFarNs = 0 == entry.startedNs[element] ? 0 : nowNs - entry.startedNs[element];
        if (Job.NO_LIMIT != entry.submission.limitNs())
        {
            builder.tally("had not ended when the journal did, and are taken to run to their limit");
            return new Life(entry.submission.limitNs(), Job.SUCCESS);
        }
        builder.tally("had not ended when the journal did, and are taken to run as long as is usual");
        return new Life(0 == entry.startedNs[element] ? usualNs : Math.max(soFarNs, usualNs), Job.SUCCESS);
    }

    private record Owner(int parent, int project, AccountLevel level, String name)
    {
    }
}
