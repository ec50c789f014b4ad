package io.plimsoll.manager.http;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Memory, collections of garbage, threads, processor time and open files of the process, under their usual names. */
final class JvmMetrics
{
    private static final PrometheusRegistry REGISTRY = new PrometheusRegistry();

    static
    {
        io.prometheus.metrics.instrumentation.jvm.JvmMetrics.builder().register(REGISTRY);
    }

    private JvmMetrics()
    {
    }

    static void append(final StringBuilder text)
    {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream(8 * 1024);
        try
        {
            PrometheusTextFormatWriter.create().write(bytes, REGISTRY.scrape());
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        text.append(bytes.toString(StandardCharsets.UTF_8));
    }
}
