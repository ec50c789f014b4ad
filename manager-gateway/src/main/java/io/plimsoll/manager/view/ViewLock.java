package io.plimsoll.manager.view;

import java.util.concurrent.locks.StampedLock;
import java.util.function.Supplier;

/**
 * Lets readers look at rows that the writer is changing: they read without a lock and look again when the writer came
 * in between. Only a reader that was unlucky several times takes a lock, for one row at most. What is read this way
 * must be safe to read torn: arrays, final references and concurrent maps, no structure that a half-done change could
 * lead in a circle.
 */
final class ViewLock
{
    private static final int OPTIMISTIC_ATTEMPTS = 8;

    private final StampedLock lock = new StampedLock();

    long beginWrite()
    {
        return lock.writeLock();
    }

    void endWrite(final long stamp)
    {
        lock.unlockWrite(stamp);
    }

    <T> T read(final Supplier<T> reader)
    {
        for (int attempt = 0; attempt < OPTIMISTIC_ATTEMPTS; attempt++)
        {
            final long stamp = lock.tryOptimisticRead();
            if (0 == stamp)
            {
                Thread.onSpinWait();
                continue;
            }
            try
            {
                final T result = reader.get();
                if (lock.validate(stamp))
                {
                    return result;
                }
            }
            catch (final NullPointerException | IndexOutOfBoundsException e)
            {
                // A torn look may stumble over what is not there yet; a stable one may not.
                if (lock.validate(stamp))
                {
                    throw e;
                }
            }
        }
        return readLocked(reader);
    }

    private <T> T readLocked(final Supplier<T> reader)
    {
        final long stamp = lock.readLock();
        try
        {
            return reader.get();
        }
        finally
        {
            lock.unlockRead(stamp);
        }
    }
}
