package io.plimsoll.manager.snapshot;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.SchedulerCore;
import io.plimsoll.core.StateFormatException;
import io.plimsoll.core.StateImage;
import io.plimsoll.core.pipeline.HostedCore;
import io.plimsoll.journal.JournalRestorer;
import io.plimsoll.journal.SnapshotReader;

/**
 * A core as a journal tells, with the options of the reign that it is in: they are told by the first command of each.
 * It can go on by what was recorded, or decide anew. For one thread.
 */
public final class RestoredCore implements JournalRestorer
{
    private ReignOptions reign;
    private SchedulerCore core;
    private HostedCore hosted;

    /** Before the first record. */
    public RestoredCore()
    {
        begin();
    }

    @Override
    public void begin()
    {
        reign = new ReignOptions();
        core = new SchedulerCore(reign.options());
        hosted = new HostedCore(core);
    }

    @Override
    public void onSnapshot(final SnapshotReader snapshot)
    {
        begin();
        final StateImage image = new StateImage();
        try
        {
            while (snapshot.next())
            {
                if (SnapshotPieces.CORE == snapshot.kind())
                {
                    image.wrap(snapshot.keepContent(), 0, snapshot.length());
                }
                else if (SnapshotPieces.VIEW == snapshot.kind())
                {
                    SnapshotPieces.forEachRecord(snapshot, this::onNext);
                }
            }
            core.readState(image);
        }
        catch (final StateFormatException ex)
        {
            throw snapshot.damage(ex.getMessage());
        }
        catch (final IndexOutOfBoundsException | IllegalArgumentException | IllegalStateException |
            NullPointerException | NegativeArraySizeException | ArithmeticException ex)
        {
            throw snapshot.unusable(ex);
        }
    }

    /** To be shown each record before it is applied or decided. */
    public void onNext(final RecordFlyweight record)
    {
        if (reign.onRecord(record))
        {
            core.options(reign.options());
        }
    }

    @Override
    public void onRecord(final RecordFlyweight record)
    {
        onNext(record);
        hosted.restore(record);
    }

    /** Applies a record after {@link #onNext}. */
    public void apply(final RecordFlyweight record)
    {
        hosted.restore(record);
    }

    public SchedulerCore core()
    {
        return core;
    }

    /** Of the build that wrote the records of this reign; 0: not told. */
    public int decisionVersion()
    {
        return reign.decisionVersion();
    }
}
