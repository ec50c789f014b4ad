package io.plimsoll.core.pipeline;

import io.plimsoll.core.RecordFlyweight;

import java.io.ByteArrayOutputStream;

/** Keeps what it is given, and fails when told to. */
final class FakeJournal implements RecordJournal
{
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    long appended;
    long committed;
    int commits;
    long failAppendAt = Long.MAX_VALUE;
    boolean failCommit;

    @Override
    public void append(final RecordFlyweight record)
    {
        if (record.sequence() >= failAppendAt)
        {
            throw new IllegalStateException("disk broken");
        }
        if (record.sequence() != appended + 1)
        {
            throw new AssertionError("sequence=" + record.sequence() + " after " + appended);
        }
        appended = record.sequence();
        final byte[] content = new byte[record.length()];
        record.buffer().getBytes(record.offset(), content);
        bytes.writeBytes(content);
    }

    @Override
    public void commit()
    {
        if (failCommit)
        {
            throw new IllegalStateException("sync failed");
        }
        committed = appended;
        commits++;
    }
}
