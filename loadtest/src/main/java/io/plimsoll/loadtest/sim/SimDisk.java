package io.plimsoll.loadtest.sim;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.pipeline.RecordJournal;
import io.plimsoll.loadtest.proof.RecordTape;
import io.plimsoll.manager.view.RecordSource;
import java.util.SplittableRandom;

/** The manager's disk: what was committed survives a crash; of what was only appended, any part from the front may. */
final class SimDisk implements RecordJournal, RecordSource
{
    private final RecordTape tape = new RecordTape();
    private int committed;

    /** Committed records, and behind them those that may be lost. */
    RecordTape tape()
    {
        return tape;
    }

    int committed()
    {
        return committed;
    }

    @Override
    public void append(final RecordFlyweight record)
    {
        if (record.sequence() != tape.size() + 1)
        {
            throw new IllegalStateException("sequence=" + record.sequence() + " after " + tape.size());
        }
        tape.append(record);
    }

    @Override
    public void commit()
    {
        committed = tape.size();
    }

    /** The process that wrote is gone. */
    void crash(final SplittableRandom random)
    {
        final int uncommitted = tape.size() - committed;
        tape.truncate(committed + (0 == uncommitted ? 0 : random.nextInt(uncommitted + 1)));
        committed = tape.size();
    }

    @Override
    public long oldestSequence()
    {
        return 1;
    }

    @Override
    public Cursor open(final long sequence)
    {
        final int[] next = {(int)sequence - 1};
        return new Cursor()
        {
            @Override
            public boolean next(final RecordFlyweight record)
            {
                if (next[0] >= committed)
                {
                    return false;
                }
                tape.wrap(next[0]++, record);
                return true;
            }

            @Override
            public void close()
            {
                // Memory only.
            }
        };
    }
}
