package io.plimsoll.manager.replay;

import io.plimsoll.core.CoreOptions;
import io.plimsoll.core.SchedulerCore;
import io.plimsoll.core.StateImage;
import java.util.ArrayList;
import java.util.List;

/**
 * States that a replay has passed, from which it goes back: a few, at distances that double when there would be too
 * many or too much of them, and one close to where it last went back to, for those who step back. For one thread.
 */
final class ReplayImages
{
    private static final int IMAGES_MAX = 8;
    /** What the view keeps of a session, roughly. */
    private static final int VIEW_SESSION_BYTES = 512;

    /**
     * A state.
     *
     * @param core    blocks of the scheduler.
     * @param records what readers see; copied before it is used.
     */
    record Image(long sequence, long timestampNs, StateImage core, ReplayedRecords records, long bytes)
    {
        SchedulerCore restoredCore(final CoreOptions options)
        {
            final SchedulerCore restored = new SchedulerCore(options);
            restored.readState(core);
            return restored;
        }
    }

    private final long bytesMax;
    private final List<Image> images = new ArrayList<>();
    private Image near;
    private long spacing;

    /**
     * None so far.
     *
     * @param bytesMax that images may take, roughly; one that is larger on its own is not kept.
     * @param records  between two of them, at first.
     */
    ReplayImages(final long bytesMax, final long records)
    {
        this.bytesMax = bytesMax;
        spacing = records;
    }

    /** Whether a state should be kept, going forward. */
    boolean isDue(final long sequence)
    {
        final long last = images.isEmpty() ? 0 : images.get(images.size() - 1).sequence();
        return sequence >= last + spacing;
    }

    /** Keeps a state behind all that are kept. */
    void keep(final SchedulerCore core, final ReplayedRecords records)
    {
        images.add(image(core, records));
        while (images.size() > IMAGES_MAX || !images.isEmpty() && bytes() > bytesMax)
        {
            spacing *= 2;
            thin();
        }
    }

    /** Keeps the state before a place that somebody went back to, instead of the last such. */
    void keepNear(final SchedulerCore core, final ReplayedRecords records)
    {
        final Image image = image(core, records);
        near = image.bytes() > bytesMax ? null : image;
    }

    /** Every second one goes, the last of an odd number too. */
    private void thin()
    {
        final List<Image> kept = new ArrayList<>();
        for (int i = 1; i < images.size(); i += 2)
        {
            kept.add(images.get(i));
        }
        images.clear();
        images.addAll(kept);
    }

    /** The last one at or before a place, null if there is none. */
    Image nearest(final long sequence, final long epochNs)
    {
        Image nearest = null;
        for (final Image image : images)
        {
            nearest = image.sequence() <= sequence && image.timestampNs() <= epochNs ? image : nearest;
        }
        final boolean isNear = null != near && near.sequence() <= sequence && near.timestampNs() <= epochNs;
        return isNear && (null == nearest || near.sequence() > nearest.sequence()) ? near : nearest;
    }

    int size()
    {
        return images.size();
    }

    private long bytes()
    {
        return images.stream().mapToLong(Image::bytes).sum();
    }

    private static Image image(final SchedulerCore core, final ReplayedRecords records)
    {
        final StateImage image = new StateImage();
        core.writeState(image);
        final long sessions = records.view().counts().values().stream().mapToLong(Long::longValue).sum();
        return new Image(
            core.sequence(), core.timestampNs(), image, records.copy(), image.bytes() + sessions * VIEW_SESSION_BYTES);
    }
}
