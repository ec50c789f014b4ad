package io.plimsoll.manager;

import java.security.SecureRandom;
import java.util.function.Consumer;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.agrona.concurrent.SystemNanoClock;

/**
 * All that a manager takes from the world without asking anybody.
 *
 * @param epoch     stamps commands.
 * @param monotonic measures.
 * @param random    fills keys and nonces with unpredictable bytes; any thread.
 */
public record ManagerClocks(EpochNanoClock epoch, NanoClock monotonic, Consumer<byte[]> random)
{
    /** The machine's own. */
    public static ManagerClocks system()
    {
        final SecureRandom random = new SecureRandom();
        return new ManagerClocks(new SystemEpochNanoClock(), new SystemNanoClock(), random::nextBytes);
    }

    long randomLong()
    {
        final byte[] bytes = new byte[Long.BYTES];
        random.accept(bytes);
        long value = 0;
        for (final byte each : bytes)
        {
            value = value << Byte.SIZE | each & 0xFF;
        }
        return value;
    }
}
