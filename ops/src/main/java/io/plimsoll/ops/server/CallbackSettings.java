package io.plimsoll.ops.server;

import io.plimsoll.manager.callback.CallbackGuard;
import io.plimsoll.manager.callback.CallbackOptions;
import io.plimsoll.transport.auth.PemFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Where callbacks may go, out of the section {@code callbacks}. */
final class CallbackSettings
{
    private static final long TIMEOUT_MIN_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long TIMEOUT_MAX_NS = TimeUnit.MINUTES.toNanos(2);

    private CallbackSettings()
    {
    }

    /**
     * Reads them.
     *
     * @param callbacks the section.
     * @param paths     of names of files.
     */
    static CallbackOptions read(final ConfigNode callbacks, final Function<String, Path> paths)
    {
        final String ca = callbacks.text("ca", null);
        final CallbackOptions otherwise = CallbackOptions.DEFAULTS;
        final CallbackOptions options = new CallbackOptions(
            callbacks.texts("allow", otherwise.allow()),
            callbacks.texts("deny", otherwise.deny()),
            callbacks.duration("give-up", otherwise.giveUpNs()),
            callbacks.duration("timeout", otherwise.timeoutNs()),
            null == ca ? null : paths.apply(ca));
        if (options.timeoutNs() < TIMEOUT_MIN_NS || options.timeoutNs() > TIMEOUT_MAX_NS)
        {
            throw new ConfigException("callbacks.timeout", "use 100ms to 2m");
        }
        try
        {
            if (null != options.caFile())
            {
                PemFiles.certificates(options.caFile());
            }
        }
        catch (final IOException ex)
        {
            throw new ConfigException("callbacks.ca", ex.getMessage());
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
