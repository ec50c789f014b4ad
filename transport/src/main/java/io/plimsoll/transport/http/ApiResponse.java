package io.plimsoll.transport.http;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A whole answer with a status below 400.
 *
 * @param status  HTTP status.
 * @param headers names in lower case.
 * @param body    may be empty.
 */
public record ApiResponse(int status, Map<String, String> headers, byte[] body)
{
    /** The body as text. */
    public String text()
    {
        return new String(body, StandardCharsets.UTF_8);
    }
}
