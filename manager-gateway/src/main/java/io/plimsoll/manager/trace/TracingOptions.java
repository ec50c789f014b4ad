package io.plimsoll.manager.trace;

import java.util.Map;

/**
 * Where traces go.
 *
 * @param endpoint of a receiver of OTLP over HTTP, such as {@code http://127.0.0.1:4318}; empty: there are no traces.
 * @param ratio    of requests that are followed, 0 to 1; one whose sender follows it is followed as that says.
 * @param headers  that the receiver wants to see, such as of authentication.
 */
public record TracingOptions(String endpoint, double ratio, Map<String, String> headers)
{
    /** No traces. */
    public static final TracingOptions OFF = new TracingOptions("", 1, Map.of());

    /** Without what is secret. */
    @Override
    public String toString()
    {
        return "TracingOptions[" + endpoint + " " + ratio + "]";
    }
}
