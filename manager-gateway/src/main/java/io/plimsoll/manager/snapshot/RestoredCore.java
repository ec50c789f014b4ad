package io.plimsoll.manager.snapshot;

import io.plimsoll.core.CoreOptions;
import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.SchedulerCore;
import io.plimsoll.core.StateFormatException;
import io.plimsoll.core.StateImage;
import io.plimsoll.core.pipeline.HostedCore;
import io.plimsoll.core.sbe.ManagerStartedDecoder;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.journal.JournalRestorer;
import io.plimsoll.journal.SnapshotReader;

/**
 * A core as a journal tells, with the options of the reign that it is in: they are told by the first command of each.
 * It can go on by what was recorded, or decide anew. For one thread.
 */
public final class RestoredCore implements JournalRestorer
{
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final ManagerStartedDecoder started = new ManagerStartedDecoder();
    private CoreOptions options;
    private SchedulerCore core;
    private HostedCore hosted;
    private int decisionVersion;

    /** Before the first record. */
    public RestoredCore()
    {
        begin();
    }

    @Override
    public void begin()
    {
        options = CoreOptions.defaults();
        core = new SchedulerCore(options);
        hosted = new HostedCore(core);
        decisionVersion = 0;
    }

    @Override
    public void onSnapshot(final SnapshotReader snapshot)
    {
        begin();
        final StateImage image = new StateImage();
        while (snapshot.next())
        {
            if (SnapshotPieces.CORE == snapshot.kind())
            {
                wrap(image, snapshot);
            }
            else if (SnapshotPieces.VIEW == snapshot.kind())
            {
                SnapshotPieces.forEachRecord(snapshot, this::onReign);
            }
        }
        try
        {
            become(image);
        }
        catch (final StateFormatException ex)
        {
            throw snapshot.damage(ex.getMessage());
        }
    }

    private static void wrap(final StateImage image, final SnapshotReader snapshot)
    {
        try
        {
            image.wrap(snapshot.content(), 0, snapshot.length());
        }
        catch (final StateFormatException ex)
        {
            throw snapshot.damage(ex.getMessage());
        }
    }

    private void become(final StateImage image)
    {
        core = new SchedulerCore(options);
        hosted = new HostedCore(core);
        core.readState(image);
    }

    /** Whether a record begins a reign; if so, its options are known from here on. */
    private boolean onReign(final RecordFlyweight record)
    {
        header.wrap(record.buffer(), record.commandOffset());
        if (ManagerStartedDecoder.TEMPLATE_ID != header.templateId())
        {
            return false;
        }
        started.wrapAndApplyHeader(record.buffer(), record.commandOffset(), header);
        options = CoreOptions.of(started);
        decisionVersion = started.decisionVersion();
        return true;
    }

    /** To be shown each record before it is applied or decided. */
    public void onNext(final RecordFlyweight record)
    {
        final CoreOptions before = options;
        if (onReign(record) && !options.equals(before))
        {
            final StateImage image = new StateImage();
            core.writeState(image);
            become(image);
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
        return decisionVersion;
    }
}
