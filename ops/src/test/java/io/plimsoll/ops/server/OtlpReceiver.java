package io.plimsoll.ops.server;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Takes traces by OTLP over HTTP, and keeps which spans there were. */
final class OtlpReceiver implements AutoCloseable
{
    /** By span id. */
    final Map<String, Span> spans = new ConcurrentHashMap<>();
    private final HttpServer server;
    private volatile IOException failure;

    OtlpReceiver() throws IOException
    {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/traces", this::take);
        server.start();
    }

    /** A span, as far as tests want to know. */
    record Span(String traceId, String spanId, String parentId, String name)
    {
    }

    String endpoint()
    {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Null if nobody sent one of that name. */
    Span named(final String name)
    {
        if (null != failure)
        {
            throw new IllegalStateException(failure);
        }
        return spans.values().stream().filter(span -> span.name().equals(name)).findFirst().orElse(null);
    }

    private void take(final HttpExchange exchange) throws IOException
    {
        try
        {
            if (!"application/x-protobuf".equals(exchange.getRequestHeaders().getFirst("Content-Type")))
            {
                throw new IOException("not " + exchange.getRequestHeaders().entrySet());
            }
            walk(exchange.getRequestBody().readAllBytes(), 0);
            exchange.sendResponseHeaders(200, -1);
        }
        catch (final IOException ex)
        {
            failure = ex;
            exchange.sendResponseHeaders(400, -1);
        }
        finally
        {
            exchange.close();
        }
    }

    /** ExportTraceServiceRequest.resource_spans = 1, ResourceSpans.scope_spans = 2, ScopeSpans.spans = 2. */
    private void walk(final byte[] message, final int depth) throws IOException
    {
        final CodedInputStream input = CodedInputStream.newInstance(message);
        int tag = input.readTag();
        while (0 != tag)
        {
            final boolean isDeeper = WireFormat.getTagFieldNumber(tag) == (0 == depth ? 1 : 2);
            if (isDeeper && depth < 2)
            {
                walk(input.readByteArray(), depth + 1);
            }
            else if (isDeeper)
            {
                keep(input.readByteArray());
            }
            else
            {
                input.skipField(tag);
            }
            tag = input.readTag();
        }
    }

    /** Span.trace_id = 1, span_id = 2, parent_span_id = 4, name = 5. */
    private void keep(final byte[] message) throws IOException
    {
        final CodedInputStream input = CodedInputStream.newInstance(message);
        final String[] fields = {"", "", "", "", "", ""};
        int tag = input.readTag();
        while (0 != tag)
        {
            final int number = WireFormat.getTagFieldNumber(tag);
            if (1 == number || 2 == number || 4 == number)
            {
                fields[number] = HexFormat.of().formatHex(input.readByteArray());
            }
            else if (5 == number)
            {
                fields[number] = input.readString();
            }
            else
            {
                input.skipField(tag);
            }
            tag = input.readTag();
        }
        spans.put(fields[2], new Span(fields[1], fields[2], fields[4], fields[5]));
    }

    @Override
    public void close()
    {
        server.stop(0);
    }
}
