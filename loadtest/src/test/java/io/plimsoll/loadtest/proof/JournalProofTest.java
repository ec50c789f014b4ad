package io.plimsoll.loadtest.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.CoreOptions;
import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.SchedulerCore;
import io.plimsoll.core.pipeline.HostedCore;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.SessionAdvancedDecoder;
import io.plimsoll.journal.CommitMode;
import io.plimsoll.journal.Journal;
import io.plimsoll.journal.JournalContext;
import io.plimsoll.journal.JournalWriter;
import io.plimsoll.loadtest.workload.CoreWorkload;
import io.plimsoll.loadtest.workload.WorkloadTape;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalProofTest
{
    private final RecordTape tape = WorkloadTape.record(
        new HostedCore(new SchedulerCore(CoreOptions.defaults())), new CoreWorkload(3, 12), 300);

    @Test
    void shouldProveAJournalOnDisk(@TempDir final Path directory)
    {
        final RecordFlyweight record = new RecordFlyweight();
        try (Journal journal = Journal.open(
            new JournalContext().directory(directory).commitMode(CommitMode.ASYNC).segmentLength(1 << 18)))
        {
            journal.restore(restored ->
            {
            });
            final JournalWriter writer = journal.startWriting();
            for (int i = 0; i < tape.size(); i++)
            {
                writer.append(tape.wrap(i, record));
                writer.commit();
            }
        }

        final JournalProof.Result result = JournalProof.prove(directory);

        assertEquals(tape.size(), result.records());
        assertEquals(tape.countEvents(), result.events());
        assertEquals(JournalProof.prove(tape, CoreOptions.defaults(), 9).stateHash(), result.stateHash());
    }

    @Test
    void shouldNameTheFirstSequenceThatDiffers()
    {
        final RecordFlyweight record = new RecordFlyweight();
        int index = 0;
        while (tape.wrap(index, record).sequence() < 100 || !beginsWithSessionAdvanced(record))
        {
            index++;
        }
        final RecordTape changed = new RecordTape();
        for (int i = 0; i < tape.size(); i++)
        {
            changed.append(tape.wrap(i, record));
        }
        changed.wrap(index, record);
        // The last byte of such an event is the top of notBeforeNs, which no rule of the audit looks at.
        final UnsafeBuffer buffer = (UnsafeBuffer)record.buffer();
        final int last = record.eventsOffset() + RecordFlyweight.EVENT_HEADER_LENGTH +
            buffer.getInt(record.eventsOffset()) - 1;
        buffer.putByte(last, (byte)(buffer.getByte(last) ^ 0x40));
        final long sequence = record.sequence();

        final RuntimeException failure = assertThrows(
            RuntimeException.class, () -> JournalProof.prove(changed, CoreOptions.defaults(), 1));

        assertTrue(failure.getMessage().contains("sequence=" + sequence + ":"), failure.getMessage());
    }

    private static boolean beginsWithSessionAdvanced(final RecordFlyweight record)
    {
        return record.eventsLength() > 0 && SessionAdvancedDecoder.TEMPLATE_ID == new MessageHeaderDecoder()
            .wrap(record.buffer(), record.eventsOffset() + RecordFlyweight.EVENT_HEADER_LENGTH).templateId();
    }
}
