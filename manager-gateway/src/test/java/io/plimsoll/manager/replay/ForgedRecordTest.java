package io.plimsoll.manager.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.CoreOptions;
import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.sbe.BooleanType;
import io.plimsoll.core.sbe.KernelAdvancedEncoder;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.MessageHeaderEncoder;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.TimePassedEncoder;
import io.plimsoll.journal.CommitMode;
import io.plimsoll.journal.Journal;
import io.plimsoll.journal.JournalContext;
import io.plimsoll.journal.JournalDamagedException;
import io.plimsoll.journal.JournalInspector;
import io.plimsoll.journal.JournalReader;
import io.plimsoll.journal.JournalWriter;
import io.plimsoll.manager.RestoredView;
import io.plimsoll.manager.snapshot.DecisionCheck;
import io.plimsoll.manager.snapshot.RestoredManager;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The second record has right checksums and tells of a kernel that never was: whoever reads it says where it is. */
class ForgedRecordTest
{
    private final UnsafeBuffer buffer = new UnsafeBuffer(BufferUtil.allocateDirectAligned(256, Long.BYTES));
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();

    @TempDir
    private Path directory;

    @BeforeEach
    void forge()
    {
        try (Journal journal = Journal.open(context()))
        {
            journal.restore(record -> {});
            final JournalWriter writer = journal.startWriting();
            writer.append(record(1, false));
            writer.append(record(2, true));
            writer.append(record(3, false));
            writer.commit();
        }
        assertTrue(JournalInspector.inspect(directory).isIntact(), "as far as checksums tell");
    }

    private JournalContext context()
    {
        return new JournalContext()
            .directory(directory)
            .commitMode(CommitMode.ASYNC)
            .blockLength(2 << 20)
            .reserveLength(0)
            .reserveFileLength(0);
    }

    private RecordFlyweight record(final long sequence, final boolean isForged)
    {
        final TimePassedEncoder command = new TimePassedEncoder();
        command.wrapAndApplyHeader(buffer, RecordFlyweight.COMMAND_OFFSET, header);
        final int commandLength = MessageHeaderEncoder.ENCODED_LENGTH + command.encodedLength();
        final int eventsOffset = RecordFlyweight.eventsOffset(commandLength);
        final KernelAdvancedEncoder event = new KernelAdvancedEncoder();
        event.wrapAndApplyHeader(buffer, eventsOffset + RecordFlyweight.EVENT_HEADER_LENGTH, header)
            .kernelId(4711L << 10)
            .agentId(7)
            .state(LifeState.RUNNING)
            .reason(Reason.NONE)
            .attempt(1)
            .exitCode(-1)
            .held(BooleanType.F);
        final int eventLength = MessageHeaderEncoder.ENCODED_LENGTH + event.encodedLength();
        buffer.putInt(eventsOffset, eventLength);
        final int eventsLength = isForged ?
            RecordFlyweight.EVENT_HEADER_LENGTH + BitUtil.align(eventLength, RecordFlyweight.ALIGNMENT) : 0;
        RecordFlyweight.putHeader(buffer, 0, sequence, sequence, commandLength, eventsLength);
        return new RecordFlyweight().wrap(buffer, 0);
    }

    @Test
    void shouldNameItAtAStart()
    {
        final RestoredManager<RestoredView> restored =
            new RestoredManager<>(CoreOptions.defaults(), RestoredView::new, RestoredView::onRecord);
        try (Journal journal = Journal.open(context()))
        {
            assertNames(assertThrows(JournalDamagedException.class, () -> journal.restore(restored)));
        }
    }

    @Test
    void shouldNameItInAReplay()
    {
        try (ReplayedCluster cluster = ReplayedCluster.open(directory))
        {
            assertTrue(cluster.next());
            assertNames(assertThrows(JournalDamagedException.class, cluster::next));
        }
    }

    @Test
    void shouldNameItToWhoeverReadsAllRecords()
    {
        final RestoredManager<RestoredView> restored =
            new RestoredManager<>(CoreOptions.defaults(), RestoredView::new, RestoredView::onRecord);
        try (JournalReader reader = JournalReader.open(directory))
        {
            assertNames(assertThrows(JournalDamagedException.class, () -> reader.forEach(restored::onRecord)));
        }
    }

    @Test
    void shouldTellOfItWhenCommandsAreDecidedAgain()
    {
        try (JournalReader reader = JournalReader.open(directory))
        {
            final DecisionCheck check = new DecisionCheck(reader, Set.of());
            assertTrue(JournalInspector.inspect(directory, check).isIntact());
            final List<String> problems = check.problems();
            assertEquals(1, problems.size(), problems.toString());
            assertTrue(problems.get(0).startsWith("sequence 2 (command "), problems.toString());
        }
    }

    private static void assertNames(final JournalDamagedException ex)
    {
        assertEquals("segment-00000001", ex.place());
        assertEquals(1, ex.index());
        assertEquals(2, ex.sequence());
        assertTrue(ex.position() > 0, ex.getMessage());
        assertTrue(ex.getMessage().contains("that this build can make nothing of (java.lang."), ex.getMessage());
    }
}
