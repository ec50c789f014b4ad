package io.plimsoll.loadtest.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.CoreOptions;
import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.SchedulerCore;
import io.plimsoll.core.pipeline.HostedCore;
import io.plimsoll.loadtest.workload.CoreWorkload;
import io.plimsoll.manager.RestoredView;
import io.plimsoll.manager.snapshot.RecordCompactor;
import io.plimsoll.manager.view.Assignment;
import io.plimsoll.manager.view.LiveViewStore;
import io.plimsoll.manager.view.SessionFilter;
import io.plimsoll.manager.view.SessionPage;
import io.plimsoll.manager.view.SessionView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a journal is compacted to tells readers the same as the journal, wherever it is cut, and goes on the same. */
class CompactionTest
{
    private static final int AGENTS = 24;
    private static final int COMMANDS = 2_500;
    private static final SessionFilter ALL = new SessionFilter(null, null, null, null, null);

    private final RecordFlyweight record = new RecordFlyweight();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void shouldTellTheSame(final long seed)
    {
        final CoreOptions options =
            CoreOptions.defaults().withForgetting(20_000_000_000L, 50).withWorkPerCommandMax(7);
        final RecordTape tape = OwnedLife.record(
            new HostedCore(new SchedulerCore(options)), new CoreWorkload(seed, AGENTS), COMMANDS);
        final SplittableRandom random = new SplittableRandom(seed);
        final RestoredView whole = new RestoredView();
        RestoredView going = new RestoredView();
        RecordCompactor compactor = new RecordCompactor();
        int kept = 0;
        for (int i = 0; i < tape.size(); i++)
        {
            whole.onRecord(tape.wrap(i, record));
            going.onRecord(tape.wrap(i, record));
            compactor.onRecord(tape.wrap(i, record));
            if (0 == random.nextInt(tape.size() / 8))
            {
                final RestoredView compacted = new RestoredView();
                final RecordCompactor next = new RecordCompactor();
                final int[] count = new int[1];
                compactor.forEach(each ->
                {
                    compacted.onRecord(each);
                    next.onRecord(each);
                    count[0]++;
                });
                kept = count[0];
                assertSame(text(whole.view()), text(compacted.view()), "after sequence " + (i + 1));
                going = compacted;
                compactor = next;
            }
        }
        assertSame(text(whole.view()), text(going.view()), "at the end");
        assertEquals(OwnedLife.USERS, whole.view().accounts().size());
        assertTrue(kept < tape.countEvents() / 2, kept + " of " + tape.countEvents() + " events kept");
    }

    private static void assertSame(final List<String> expected, final List<String> actual, final String when)
    {
        for (int i = 0; i < Math.min(expected.size(), actual.size()); i++)
        {
            assertEquals(expected.get(i), actual.get(i), when);
        }
        assertEquals(expected.size(), actual.size(), when);
    }

    private static List<String> text(final LiveViewStore view)
    {
        final List<Object> lines = new ArrayList<>();
        lines.add(view.sequence());
        lines.add(view.counts());
        lines.add(view.lostTail());
        lines.add(view.terms().current());
        lines.add(view.terms().seenTermMax());
        lines.addAll(view.agents());
        lines.addAll(view.accounts());
        view.groupList().forEach(group -> lines.add(group.id() + group.name() + group.options()));
        long cursor = 0;
        do
        {
            final SessionPage page = view.sessions(ALL, cursor, 500);
            for (final SessionView session : page.sessions())
            {
                lines.add(session);
                session.kernels().forEach(kernel ->
                {
                    for (int attempt = kernel.attempt(); attempt > 0; attempt--)
                    {
                        lines.add(kernel.kernelId() + " " + describe(
                            view.assignment(kernel.kernelId(), attempt)));
                    }
                });
            }
            cursor = page.nextCursor();
        }
        while (cursor > 0);
        return lines.stream().map(String::valueOf).toList();
    }

    private static String describe(final Assignment assignment)
    {
        return null == assignment ? "none" : assignment.agentId() + " " + assignment.term() + " " +
            assignment.assignmentNo() + " " + assignment.sequence() + " " + Arrays.toString(assignment.slots());
    }
}
