package io.plimsoll.ops.server;

import io.plimsoll.manager.callback.CallbackGuard;
import io.plimsoll.manager.callback.CallbackOptions;
import java.util.concurrent.TimeUnit;

/** Where callbacks may go, out of the section {@code callbacks}. */
final class CallbackSettings
{
    private static final long TIMEOUT_MIN_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long TIMEOUT_MAX_NS = TimeUnit.MINUTES.toNanos(2);

    private CallbackSettings()
    {
    }

    static CallbackOptions read(final ConfigNode callbacks)
    {
        final CallbackOptions otherwise = CallbackOptions.DEFAULTS;
        final CallbackOptions options = new CallbackOptions(
            callbacks.texts("allow", otherwise.allow()),
            callbacks.texts("deny", otherwise.deny()),
            callbacks.duration("give-up", otherwise.giveUpNs()),
            callbacks.duration("timeout", otherwise.timeoutNs()));
        if (options.timeoutNs() < TIMEOUT_MIN_NS || options.timeoutNs() > TIMEOUT_MAX_NS)
        {
            throw new ConfigException("callbacks.timeout", "use 100ms to 2m");
        }
        try
        {
            new CallbackGuard(options);
        }
        catch (final IllegalArgumentException ex)
        {
            throw new ConfigException("callbacks", ex.getMessage());
        }
        return options;
    }
}
