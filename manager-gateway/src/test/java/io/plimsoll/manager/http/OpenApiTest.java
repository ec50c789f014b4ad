package io.plimsoll.manager.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The description and the routes say the same; answers are held against it by {@link ServedApi}. */
class OpenApiTest
{
    @Test
    void shouldServeItsDescription() throws IOException
    {
        try (ServedApi api = new ServedApi())
        {
            final JsonNode served = api.call(200, "GET", "/openapi.json", null);
            assertEquals(OpenApiDescription.LOADED.root(), served);
            assertTrue(served.get("openapi").asText().startsWith("3.1"));
        }
    }

    @Test
    void shouldDescribeEveryRouteAndNoOther() throws IOException
    {
        try (ServedApi api = new ServedApi())
        {
            final Set<String> routed = new TreeSet<>();
            for (final Route route : api.gateway.routes())
            {
                routed.add(route.method() + " " + route.template());
            }
            final Set<String> described = new TreeSet<>();
            for (final Map.Entry<String, JsonNode> path : OpenApiDescription.LOADED.root().get("paths").properties())
            {
                for (final Map.Entry<String, JsonNode> operation : path.getValue().properties())
                {
                    if (!"parameters".equals(operation.getKey()))
                    {
                        described.add(operation.getKey().toUpperCase(java.util.Locale.ROOT) + " " + path.getKey());
                    }
                }
            }
            assertEquals(routed, described);
        }
    }

    @Test
    void shouldDescribeEveryParameterAndNoOther() throws IOException
    {
        try (ServedApi api = new ServedApi())
        {
            for (final Route route : api.gateway.routes())
            {
                final JsonNode operation = OpenApiDescription.LOADED.operation(route.method(), route.template());
                final Set<String> described = new TreeSet<>();
                for (final JsonNode parameter : operation.path("parameters"))
                {
                    if ("query".equals(parameter.path("in").asText()))
                    {
                        described.add(parameter.get("name").asText());
                    }
                }
                assertEquals(new TreeSet<>(route.parameters()), described, route.template());
                assertEquals(
                    route.open() && !"/v1/cluster".equals(route.template()),
                    operation.path("security").isArray() && operation.path("security").isEmpty(),
                    route.template());
            }
        }
    }

    @Test
    void shouldDescribeEveryFieldOfASession()
    {
        final List<String> described = new ArrayList<>();
        OpenApiDescription.LOADED.root().at("/components/schemas/SessionRequest/properties").fieldNames()
            .forEachRemaining(described::add);
        assertEquals(SessionDraft.FIELDS, described);
    }

    /** What the other tests rely on. */
    @Test
    void shouldNoticeHeadersThatAreNotAsDescribed()
    {
        check(Map.of("X-Request-Id", "7", "Retry-After", "1"));
        check(Map.of("x-request-id", "7", "retry-after", "1", "x-ratelimit-remaining", "0", "Connection", "close"));
        for (final Map<String, String> wrong : List.of(
            Map.of("Retry-After", "1"),
            Map.of("X-Request-Id", "7"),
            Map.of("X-Request-Id", "7", "Retry-After", "soon"),
            Map.of("X-Request-Id", "7", "Retry-After", "0"),
            Map.of("X-Request-Id", "7".repeat(65), "Retry-After", "1"),
            Map.of("X-Request-Id", "7", "Retry-After", "1", "Cache-Control", "public"),
            Map.of("X-Request-Id", "7", "Retry-After", "1", "X-Other", "1")))
        {
            final String told = assertThrows(AssertionError.class, () -> check(wrong)).getMessage();
            assertTrue(told.contains("header") || told.contains("429 without Retry-After"), told);
        }
    }

    private static void check(final Map<String, String> headers)
    {
        final Map<String, String> all = new TreeMap<>(headers);
        all.put("content-type", "application/problem+json");
        OpenApiDescription.LOADED.check("GET", "/v1/agents", 429, all, ServedApi.MAPPER.createObjectNode()
            .put("type", "urn:plimsoll:problem:rate-limited").put("title", "Too many requests").put("status", 429)
            .put("code", "rate-limited").put("detail", "").put("instance", "").put("requestId", "7"));
    }
}
