package io.plimsoll.ops.server;

import io.plimsoll.manager.trace.TracingOptions;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;

/** The section telemetry of the configuration: where traces go. */
final class TelemetrySettings
{
    /** Counts at once when it changes. */
    static final String RATIO = "telemetry.otlp.ratio";

    private static final String ENDPOINT = "telemetry.otlp.endpoint";

    private TelemetrySettings()
    {
    }

    static TracingOptions read(final ConfigNode telemetry)
    {
        final ConfigNode otlp = telemetry.section("otlp");
        final String endpoint = otlp.text("endpoint", "");
        final String authorization = otlp.secret("authorization");
        checkEndpoint(endpoint);
        return new TracingOptions(
            endpoint,
            ratio(otlp.text("ratio", "1")),
            null == authorization ? Map.of() : Map.of("Authorization", authorization));
    }

    private static void checkEndpoint(final String endpoint)
    {
        if (endpoint.isEmpty())
        {
            return;
        }
        try
        {
            final URI uri = new URI(endpoint);
            if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && null != uri.getHost())
            {
                return;
            }
        }
        catch (final URISyntaxException ex)
        {
            throw new ConfigException(ENDPOINT, "is no URL: " + ex.getMessage());
        }
        throw new ConfigException(ENDPOINT, "use the URL of a receiver of OTLP, such as http://127.0.0.1:4318");
    }

    private static double ratio(final String text)
    {
        try
        {
            final double ratio = Double.parseDouble(text);
            if (ratio >= 0 && ratio <= 1)
            {
                return ratio;
            }
        }
        catch (final NumberFormatException ex)
        {
            throw new ConfigException(RATIO, "'" + text + "' is no number; use one from 0 to 1");
        }
        throw new ConfigException(RATIO, "use a number from 0 to 1");
    }
}
