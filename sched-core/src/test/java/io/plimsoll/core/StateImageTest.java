package io.plimsoll.core;

import static io.plimsoll.core.testkit.SubmitSpec.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.testkit.CoreHarness;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Blocks of the state that are not as they should be; that they come back as they were see RandomClusterTest. */
class StateImageTest
{
    private static final int HEADER_LENGTH = 16;
    private static final int BLOCK_ID = 0;
    private static final int WIDTH = 4;
    private static final int COUNT = 8;

    private final CoreHarness core = CoreHarness.started();
    private final StateImage image = new StateImage();

    @BeforeEach
    void run()
    {
        core.join(1, 100_000, 100_000);
        core.run(core.command.submitAs(1, session().cpu(1000).mem(100)));
    }

    private UnsafeBuffer write()
    {
        image.clear();
        core.core().writeState(image);
        assertEquals(1, image.chunks());
        final UnsafeBuffer copy = new UnsafeBuffer(new byte[image.chunkLength(0)]);
        copy.putBytes(0, image.chunk(0), 0, copy.capacity());
        return copy;
    }

    private static SchedulerCore read(final UnsafeBuffer blocks, final int length)
    {
        final StateImage other = new StateImage();
        other.wrap(blocks, 0, length);
        final SchedulerCore restored = new SchedulerCore(CoreOptions.defaults());
        restored.readState(other);
        return restored;
    }

    private static String refusal(final UnsafeBuffer blocks, final int length)
    {
        return assertThrows(StateFormatException.class, () -> read(blocks, length)).getMessage();
    }

    /** Offset of a block with values that are as wide. */
    private static int find(final UnsafeBuffer blocks, final int width)
    {
        int position = 0;
        while (width != blocks.getInt(position + WIDTH) || 0 == blocks.getInt(position + COUNT))
        {
            position += HEADER_LENGTH + (blocks.getInt(position + WIDTH) * blocks.getInt(position + COUNT) + 7 & -8);
        }
        return position;
    }

    @Test
    void shouldBecomeWhatWasWritten()
    {
        final UnsafeBuffer blocks = write();
        final SchedulerCore restored = read(blocks, blocks.capacity());
        assertEquals(core.core().stateHash(), restored.stateHash());
        assertEquals(core.core().sequence(), restored.sequence());
        assertEquals(core.core().nextDeadlineNs(), restored.nextDeadlineNs());
    }

    @Test
    void shouldKeepItsMemoryFromOneUseToTheNext()
    {
        final UnsafeBuffer first = write();
        final long bytes = image.bytes();
        assertEquals(first, write());
        assertEquals(bytes, image.bytes());
        assertTrue(image.blocks() > 100);
    }

    @Test
    void shouldRestoreNothingThatNeverWas()
    {
        final SchedulerCore empty = new SchedulerCore(CoreOptions.defaults());
        empty.writeState(image);
        final SchedulerCore restored = new SchedulerCore(CoreOptions.defaults());
        restored.readState(image);
        assertEquals(empty.stateHash(), restored.stateHash());
    }

    @Test
    void shouldNotBeReadByACoreThatHasAPast()
    {
        core.core().writeState(image);
        assertThrows(IllegalStateException.class, () -> core.core().readState(image));
    }

    @Test
    void shouldRefuseBlocksOfALaterRelease()
    {
        final UnsafeBuffer blocks = write();
        final UnsafeBuffer more = new UnsafeBuffer(new byte[blocks.capacity() + HEADER_LENGTH]);
        more.putBytes(0, blocks, 0, blocks.capacity());
        more.putInt(blocks.capacity() + BLOCK_ID, 0x7FFF_0001);
        more.putInt(blocks.capacity() + WIDTH, Long.BYTES);
        final String refusal = refusal(more, more.capacity());
        assertTrue(refusal.startsWith("state of a later release: 1 of "), refusal);
    }

    @Test
    void shouldReadWhatAnEarlierReleaseDidNotKnow()
    {
        core.core().writeState(image);
        final StateImage earlier = new StateImage();
        core.core().writeState((blockId, width, count, buffer, offset) ->
        {
            if (StateBlocks.POISONED != blockId >> 16)
            {
                earlier.onBlock(blockId, width, count, buffer, offset);
            }
        });
        assertTrue(earlier.blocks() < image.blocks());
        final SchedulerCore restored = new SchedulerCore(CoreOptions.defaults());
        restored.readState(earlier);
        assertEquals(core.core().stateHash(), restored.stateHash(), "nothing was ever poisoned");
    }

    @Test
    void shouldNameTheBlockThatIsDamaged()
    {
        final UnsafeBuffer blocks = write();
        final int block = find(blocks, Integer.BYTES);
        final String name = "block " + Integer.toHexString(blocks.getInt(block)) + ": ";
        final int count = blocks.getInt(block + COUNT);
        for (final int width : new int[]{0, 3, Short.BYTES, -1})
        {
            blocks.putInt(block + WIDTH, width);
            final String refusal = refusal(blocks, blocks.capacity());
            assertTrue(refusal.startsWith(name), refusal);
        }
        blocks.putInt(block + WIDTH, Integer.BYTES);
        for (final int wrong : new int[]{-1, Integer.MAX_VALUE})
        {
            blocks.putInt(block + COUNT, wrong);
            final String refusal = refusal(blocks, blocks.capacity());
            assertTrue(refusal.startsWith(name), refusal);
        }
        blocks.putInt(block + COUNT, count);
        final UnsafeBuffer twice = new UnsafeBuffer(new byte[2 * blocks.capacity()]);
        twice.putBytes(0, blocks, 0, blocks.capacity());
        twice.putBytes(blocks.capacity(), blocks, 0, blocks.capacity());
        assertTrue(refusal(twice, twice.capacity()).endsWith("there twice"));
    }

    @Test
    void shouldRefuseBlocksThatAreCutOff()
    {
        final UnsafeBuffer blocks = write();
        for (int length = blocks.capacity() - 1; length > blocks.capacity() - 200; length--)
        {
            final int cut = length;
            if (isCutInside(blocks, cut))
            {
                assertThrows(StateFormatException.class, () -> read(blocks, cut), () -> "length=" + cut);
            }
        }
    }

    private static boolean isCutInside(final UnsafeBuffer blocks, final int length)
    {
        int position = 0;
        while (position < length)
        {
            final int values = blocks.getInt(position + WIDTH, ByteOrder.LITTLE_ENDIAN) *
                blocks.getInt(position + COUNT, ByteOrder.LITTLE_ENDIAN);
            if (position + HEADER_LENGTH + values > length)
            {
                return true;
            }
            position += HEADER_LENGTH + (values + 7 & -8);
        }
        return false;
    }
}
