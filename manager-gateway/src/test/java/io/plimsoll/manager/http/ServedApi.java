package io.plimsoll.manager.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * The real server on a free port with a fake manager behind it, and one client connection. Whatever a test gets through
 * {@link #call} is held against the description of the API.
 */
final class ServedApi implements AutoCloseable
{
    static final ObjectMapper MAPPER = new ObjectMapper();

    final FakeManager manager = new FakeManager();
    final HttpGateway gateway;
    private final RawClient client;

    ServedApi() throws IOException
    {
        this(HttpLimits.DEFAULTS);
    }

    ServedApi(final HttpLimits limits) throws IOException
    {
        final InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        gateway = HttpGateway.launch(new HttpContext(address, null, null, 1, limits), manager.services());
        client = new RawClient(gateway.port());
    }

    /** Limits with short times, for tests of what happens when they are over. */
    static HttpLimits limits(
        final long headerTimeoutMs, final long bodyTimeoutMs, final long idleTimeoutMs, final int bodyBytesMax)
    {
        final HttpLimits defaults = HttpLimits.DEFAULTS;
        return new FixedLimits(
            64,
            defaults.lineBytesMax(),
            defaults.headerBytesMax(),
            bodyBytesMax,
            4L * bodyBytesMax,
            headerTimeoutMs,
            bodyTimeoutMs,
            idleTimeoutMs,
            defaults.waitTimeoutMaxMs(),
            4,
            64 * 1024,
            16,
            300,
            200,
            0);
    }

    RawClient connect() throws IOException
    {
        return new RawClient(gateway.port());
    }

    /** The JSON of an answer with this status. */
    JsonNode call(final int status, final String method, final String target, final String body) throws IOException
    {
        final RawClient.Response response = client.call(method, target, body);
        assertEquals(status, response.status(), response.text());
        final JsonNode json = MAPPER.readTree(response.body());
        OpenApiDescription.LOADED.check(method, target, status, response.headers(), json);
        return json;
    }

    /** The problem of an answer with this status and code. */
    JsonNode problem(final int status, final String code, final String method, final String target, final String body)
        throws IOException
    {
        final JsonNode problem = call(status, method, target, body);
        assertEquals(code, problem.path("code").asText(), problem.toString());
        assertEquals(status, problem.path("status").asInt());
        return problem;
    }

    @Override
    public void close() throws IOException
    {
        client.close();
        gateway.close();
        manager.close();
    }
}
