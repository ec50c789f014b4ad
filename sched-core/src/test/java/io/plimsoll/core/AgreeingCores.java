package io.plimsoll.core;

import io.plimsoll.core.sbe.Backfill;
import io.plimsoll.core.testkit.EventText;
import io.plimsoll.core.testkit.RandomCluster;
import io.plimsoll.core.testkit.SeededRandom;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Several cores that are told the same: one as it is, one whose caches are dropped at random points, one that is
 * restored from events at random points. All must say the same bytes, invariants must hold after every command, and
 * what is placed must be what an exhaustive scan finds. Whatever is otherwise is thrown as an {@link AssertionError}.
 */
public final class AgreeingCores implements RandomCluster.Target
{
    private static final CoreOptions OPTIONS =
        CoreOptions.defaults().withForgetting(200_000_000_000L, 60).withWorkPerCommandMax(7);

    private final SeededRandom random;
    private final SchedulerCore plain = new SchedulerCore(OPTIONS);
    private final SchedulerCore forgetful = new SchedulerCore(OPTIONS);
    private SchedulerCore restored = new SchedulerCore(OPTIONS);
    private final CoreInvariants invariants = new CoreInvariants(plain);
    private final ExhaustiveScan scan = new ExhaustiveScan(plain.state());
    private final UnsafeBuffer events = new UnsafeBuffer(new byte[SchedulerCore.EVENTS_LENGTH_MAX]);
    private final UnsafeBuffer commandOffHeap = new UnsafeBuffer(ByteBuffer.allocateDirect(128 * 1024));
    private final UnsafeBuffer eventsOffHeap = new UnsafeBuffer(
        ByteBuffer.allocateDirect(RecordFlyweight.COMMAND_OFFSET + SchedulerCore.EVENTS_LENGTH_MAX));
    private final GeneratedEvents generated = new GeneratedEvents();
    private final EventText text = new EventText();
    private final List<byte[]> commands = new ArrayList<>();
    private final List<byte[]> blocks = new ArrayList<>();
    private final List<Long> timestamps = new ArrayList<>();
    private final PlacementAudit audit = new PlacementAudit(OPTIONS);

    public AgreeingCores(final long seed)
    {
        random = new SeededRandom(seed * 31 + 7);
    }

    /** Sessions placed so far. */
    public int placements()
    {
        return audit.placements();
    }

    /** Events that were held against the generated encoders. */
    int generatedEvents()
    {
        return generated.checked();
    }

    @Override
    public byte[] onCommand(final byte[] command, final long sequence, final long timestampNs)
    {
        if (random.percent(10))
        {
            forgetful.dropCaches();
        }
        final byte[] block = decide(plain, command, sequence, timestampNs);
        checkEvents(block, decideOffHeap(forgetful, command, sequence, timestampNs), "after dropping caches");
        checkEvents(block, decide(restored, command, sequence, timestampNs), "after a restore");
        commands.add(command);
        blocks.add(block);
        timestamps.add(timestampNs);
        generated.check(block);
        invariants.check();
        audit.onRecord(block, sequence, timestampNs);
        compareWithScan();
        if (random.percent(3))
        {
            compareHashes();
        }
        if (random.below(400) == 0)
        {
            restored = restore();
            compareHashes();
        }
        else if (random.below(50) == 0)
        {
            restored = copy();
            compareHashes();
        }
        checkSame(plain.continueNeeded(), forgetful.continueNeeded(), "continueNeeded after dropping caches");
        checkSame(plain.continueNeeded(), restored.continueNeeded(), "continueNeeded after a restore");
        return block;
    }

    private void checkEvents(final byte[] expected, final byte[] other, final String when)
    {
        if (!Arrays.equals(expected, other))
        {
            checkSame(text.describe(expected), text.describe(other), "events " + when);
            checkBytes(expected, other, when);
        }
    }

    private static void checkBytes(final byte[] expected, final byte[] other, final String when)
    {
        if (!Arrays.equals(expected, other))
        {
            checkSame(Arrays.toString(expected), Arrays.toString(other), "bytes " + when);
        }
    }

    static void checkSame(final Object expected, final Object found, final String what)
    {
        if (!Objects.equals(expected, found))
        {
            throw new AssertionError(what + ": expected " + expected + " but was " + found);
        }
    }

    private byte[] decide(
        final SchedulerCore core, final byte[] command, final long sequence, final long timestampNs)
    {
        events.setMemory(0, 4096, (byte)random.below(256));
        final int length = core.onCommand(
            new UnsafeBuffer(command), 0, command.length, sequence, timestampNs, events, 0);
        final byte[] block = new byte[length];
        events.getBytes(0, block);
        return block;
    }

    /** The same with a command and events that stand in no array, between other things. */
    private byte[] decideOffHeap(
        final SchedulerCore core, final byte[] command, final long sequence, final long timestampNs)
    {
        final int offset = RecordFlyweight.COMMAND_OFFSET;
        commandOffHeap.setMemory(0, offset + command.length + 64, (byte)random.below(256));
        commandOffHeap.putBytes(offset, command);
        eventsOffHeap.setMemory(0, 4096, (byte)random.below(256));
        final int length = core.onCommand(
            commandOffHeap, offset, command.length, sequence, timestampNs, eventsOffHeap, offset);
        final byte[] block = new byte[length];
        eventsOffHeap.getBytes(offset, block);
        return block;
    }

    private void compareHashes()
    {
        checkSame(plain.stateHash(), forgetful.stateHash(), "state hash after dropping caches");
        checkSame(plain.stateHash(), restored.stateHash(), "state hash after a restore");
        checkSame(plain.nextDeadlineNs(), forgetful.nextDeadlineNs(), "deadline after dropping caches");
        checkSame(plain.nextDeadlineNs(), restored.nextDeadlineNs(), "deadline after a restore");
    }

    private void compareWithScan()
    {
        for (int group = 0; group < plain.state().groups.count(); group++)
        {
            if (Backfill.GREEDY.value() != plain.state().groups.backfill.get(group))
            {
                continue;
            }
            final int expected = scan.next(group);
            final int found = plain.state().schedule.nextPlaceable(group);
            checkSame(expected, found, "next session of groupId=" + group);
            if (Table.NONE != found)
            {
                final int kernels = plain.state().shapes.kernelsInAll.get(plain.state().sessions.shape.get(found));
                for (int index = 0; index < kernels; index++)
                {
                    final int chosen = plain.state().schedule.placement.chosen(index);
                    final boolean isSaid = ExhaustivePlacement.ANY != scan.chosen[index];
                    checkSame(isSaid ? scan.chosen[index] : chosen, chosen, "agent of " + index);
                }
            }
        }
    }

    /** Where nothing runs any more: whoever could start has, and nothing is held by anybody. */
    public void checkNobodyWaitsInVain()
    {
        final CoreState state = plain.state();
        checkSame(0, state.kernels.count(), "kernels at rest");
        for (int group = 0; group < state.groups.count(); group++)
        {
            final int session = scan.inVain(group);
            checkSame(
                Table.NONE, session, "backfill=" + Backfill.get(state.groups.backfill.get(group)) +
                    " session that waits in vain");
        }
    }

    private SchedulerCore restore()
    {
        final SchedulerCore core = new SchedulerCore(OPTIONS);
        for (int i = 0; i < blocks.size(); i++)
        {
            final byte[] block = blocks.get(i);
            core.applyEvents(i + 1, timestamps.get(i), new UnsafeBuffer(block), 0, block.length);
        }
        return core;
    }

    /** Through the blocks of the state, to a core that writes the same ones. */
    private SchedulerCore copy()
    {
        final StateCopy memory = new StateCopy(1 << 10);
        plain.writeState(memory);
        final StateImage image = new StateImage();
        memory.writeTo(image);
        final SchedulerCore core = new SchedulerCore(OPTIONS);
        core.readState(image);
        core.writeState((blockId, width, count, buffer, offset) ->
        {
            final byte[] before = new byte[image.count(blockId) * image.width(blockId)];
            image.read(blockId, new UnsafeBuffer(before), 0);
            final byte[] after = new byte[count * width];
            buffer.getBytes(offset, after);
            checkBytes(before, after, "of block " + Integer.toHexString(blockId) + " after a round trip");
        });
        return core;
    }

    /** Decides all commands again, on a core of its own. */
    public void checkDecidedTwice()
    {
        final SchedulerCore core = new SchedulerCore(OPTIONS);
        for (int i = 0; i < commands.size(); i++)
        {
            checkEvents(
                blocks.get(i),
                decide(core, commands.get(i), i + 1, timestamps.get(i)),
                "of sequence=" + (i + 1) + " decided again");
        }
        checkSame(plain.stateHash(), core.stateHash(), "state hash of what was decided again");
    }

    @Override
    public boolean continueNeeded()
    {
        return plain.continueNeeded();
    }

    @Override
    public long nextDeadlineNs()
    {
        return plain.nextDeadlineNs();
    }
}
