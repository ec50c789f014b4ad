package io.plimsoll.ops.server;

import io.plimsoll.manager.http.FixedLimits;
import io.plimsoll.manager.http.HttpLimits;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The section http of the configuration: bounds of the API. */
final class HttpSettings
{
    private static final long KIBIBYTE = 1024;
    private static final long MEBIBYTE = KIBIBYTE * KIBIBYTE;
    private static final String SECTION = "http.";
    /** What sockets are opened with. */
    private static final Set<String> FIXED = Set.of(SECTION + "request-line", SECTION + "headers");

    private HttpSettings()
    {
    }

    static FixedLimits read(final ConfigNode http)
    {
        final FixedLimits otherwise = HttpLimits.DEFAULTS;
        final int bodyMax = (int)size(http, "body", otherwise.bodyBytesMax(), KIBIBYTE, 1024 * MEBIBYTE);
        final FixedLimits limits = new FixedLimits(
            (int)http.number("connections", otherwise.connectionsMax(), 1, 1_000_000),
            (int)size(http, "request-line", otherwise.lineBytesMax(), KIBIBYTE, MEBIBYTE),
            (int)size(http, "headers", otherwise.headerBytesMax(), KIBIBYTE, MEBIBYTE),
            bodyMax,
            size(http, "bodies", otherwise.bodyBytesInFlightMax(), KIBIBYTE, Long.MAX_VALUE),
            millis(http, "header-timeout", otherwise.headerTimeoutMs()),
            millis(http, "body-timeout", otherwise.bodyTimeoutMs()),
            millis(http, "idle-timeout", otherwise.idleTimeoutMs()),
            millis(http, "wait-timeout", otherwise.waitTimeoutMaxMs()),
            (int)http.number("streams", otherwise.streamsMax(), 1, 1_000_000),
            otherwise.streamWindowBytes(),
            otherwise.streamEventsWindow(),
            millis(http, "reader-timeout", otherwise.stuckReaderTimeoutMs()),
            otherwise.heartbeatIntervalMs(),
            (int)http.number("requests-per-minute", otherwise.requestsPerMinute(), 0, 1_000_000_000));
        if (limits.bodyBytesInFlightMax() < bodyMax)
        {
            throw new ConfigException("http.bodies", "use at least http.body, or nobody could send that much");
        }
        return limits;
    }

    /** Whether a key counts at once when it changes. */
    static boolean isDynamic(final String key)
    {
        return key.startsWith(SECTION) && !FIXED.contains(key);
    }

    private static long size(
        final ConfigNode http, final String key, final long otherwise, final long min, final long max)
    {
        final long bytes = http.size(key, otherwise);
        if (bytes < min || bytes > max)
        {
            throw new ConfigException(SECTION + key, "use 1k" + (Long.MAX_VALUE == max ? " or more" :
                " to " + max / MEBIBYTE + "m"));
        }
        return bytes;
    }

    private static long millis(final ConfigNode http, final String key, final long otherwiseMs)
    {
        final long ms = TimeUnit.NANOSECONDS.toMillis(
            http.duration(key, TimeUnit.MILLISECONDS.toNanos(otherwiseMs)));
        if (ms < 1)
        {
            throw new ConfigException(SECTION + key, "use 1ms or more");
        }
        return ms;
    }
}
