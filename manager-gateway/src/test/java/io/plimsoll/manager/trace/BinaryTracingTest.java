package io.plimsoll.manager.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.plimsoll.manager.BareManager;
import io.plimsoll.manager.Manager;
import io.plimsoll.manager.ServicesBuilder;
import io.plimsoll.manager.http.HttpLimits;
import io.plimsoll.manager.http.RequestRates;
import io.plimsoll.manager.ingress.BinaryGateway;
import io.plimsoll.manager.ingress.IngressLimits;
import io.plimsoll.transport.LaunchSpec;
import io.plimsoll.transport.client.ClientSession;
import io.plimsoll.transport.client.SubmitClient;
import io.plimsoll.transport.client.SubmitClientOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes over the binary ingress is followed as other requests are. */
class BinaryTracingTest
{
    private static final RequestRates RATES = new RequestRates(HttpLimits.DEFAULTS, System::nanoTime);
    private static final LaunchSpec SPEC = new LaunchSpec(List.of("true"), Map.of(), null, null, 0, 0);

    @TempDir
    Path directory;

    @Test
    void shouldFollowEachSubmission() throws IOException
    {
        final InMemorySpanExporter exporter = InMemorySpanExporter.create();
        try (
            Tracing tracing = Tracing.stepped(exporter);
            Manager manager = BareManager.launch(directory);
            BinaryGateway gateway = BinaryGateway.launch(
                new ServicesBuilder(manager.services()).tracing(tracing).build(),
                new InetSocketAddress("127.0.0.1", 0), null, IngressLimits.DEFAULTS, RATES);
            SubmitClient client = SubmitClient.launch(SubmitClientOptions.plain(
                "127.0.0.1", gateway.port(), Files.readString(directory.resolve("token")).strip())))
        {
            client.submit(ClientSession.of("good", 1_000, 1 << 20, SPEC)).join();
            assertThrows(
                CompletionException.class, () -> client.submit(ClientSession.of("bad", -1, 1 << 20, SPEC)).join());
            final List<SpanData> spans = exporter.getFinishedSpanItems();
            assertEquals(List.of("submit", "submit"), spans.stream().map(SpanData::getName).toList());
            assertEquals(List.of(201L, 400L), spans.stream().map(BinaryTracingTest::status).toList());
            spans.forEach(span -> assertTrue(
                span.getAttributes().get(Tracing.REQUEST_ID).startsWith("bin-"), span.toString()));
        }
    }

    private static Long status(final SpanData span)
    {
        return span.getAttributes().get(AttributeKey.longKey("http.response.status_code"));
    }
}
