package io.plimsoll.manager.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Makes requests none of which can be right, of a dozen kinds. Not thread-safe. */
final class HostileRequests
{
    private static final List<String> METHODS = List.of(
        "GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "BREW", "get", "\u0000", "G ET");
    private static final List<String> BAD_PATHS = List.of(
        "/v1/sessions/%00", "/v1/sessions/%", "//", "/v1/../v1/sessions/none", "/v1/sessions/1/logs?tail=-1",
        "/v1/sessions?limit=99999999999999999999", "/v1/sessions?state=%ff%fe", "/v1/events?since=%0d%0a",
        "/v1/agents/%F0%9F%92%A9", "/v1/sessions?cursor=0x10", "/v1/sessions?=&x", "/v1/sessions/1e9",
        "/v1/sessions/-1", "/metrics/../token", "/v1/agents/..%2f..%2ftoken", "/v1/sessions/9/wait?timeout=1e99s");
    private static final List<String> BAD_VALUES = List.of(
        "null", "true", "-1", "1e400", "1e999999999", "0.1", "99999999999999999999999", "\"\"", "\"\\u0000\"",
        "\"\\ud800\"", "[]", "{}", "[[[[]]]]", "{\"a\":{\"b\":{}}}", "\"-5g\"", "\"1x\"", "\"inf\"", "\"NaN\"",
        "[null]", "[-1]", "{\"\":\"\"}", "{\"cpu\":-1}", "\"" + "9".repeat(300) + "\"", "tru", "'x'", "\"\\x\"", "00",
        "+1", "NaN");
    private static final int BODY_MAX = 64 * 1024;

    private final Random random;
    private boolean complete;

    HostileRequests(final Random random)
    {
        this.random = random;
    }

    byte[] next()
    {
        complete = true;
        return switch (random.nextInt(14))
        {
            case 0 -> truncated();
            case 1 -> garbage();
            case 2 -> bytes(request("POST", "/v1/sessions", wrongValue()));
            case 3 -> bytes(request("POST", "/v1/sessions", deep()));
            case 4 -> badEncoding();
            case 5 -> bytes(request("POST", "/v1/sessions", "{\"" + name() + "\": 1, \"command\": [\"x\"]}"));
            case 6 -> bytes(RawClient.request(pick(METHODS), "/v1/nowhere/" + name(), null, ""));
            case 7 -> bytes(RawClient.request("GET", pick(BAD_PATHS), null, ""));
            case 8 -> headerBomb();
            case 9 -> smuggling();
            case 10 -> oversized();
            case 11 -> mutated();
            case 12 -> bytes("GET /v1/sessions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + name() + "\r\n\r\n");
            default -> bytes(request("POST", "/v1/sessions/cancel", wrongValue()));
        };
    }

    /** Whether the last request was sent to its end, so that an answer has to come without closing it. */
    boolean isComplete()
    {
        return complete;
    }

    static String shown(final byte[] request)
    {
        return new String(Arrays.copyOf(request, Math.min(request.length, 600)), StandardCharsets.ISO_8859_1);
    }

    private byte[] truncated()
    {
        complete = false;
        final byte[] whole = bytes(request("POST", "/v1/sessions", "{\"command\": [\"x\"]}"));
        return Arrays.copyOf(whole, 1 + random.nextInt(whole.length - 1));
    }

    private byte[] garbage()
    {
        complete = false;
        final byte[] bytes = new byte[1 + random.nextInt(2_000)];
        random.nextBytes(bytes);
        return bytes;
    }

    private String wrongValue()
    {
        final String field = pick(SessionDraft.FIELDS);
        // No command: whatever the value is, the session is not whole.
        return switch (random.nextInt(3))
        {
            case 0 -> "{\"" + ("command".equals(field) ? "name" : field) + "\": " + pick(BAD_VALUES) + "}";
            case 1 -> "{\"sessions\": [{\"env\": " + pick(BAD_VALUES) + "}]}";
            default -> pick(BAD_VALUES);
        };
    }

    private String deep()
    {
        final String open = random.nextBoolean() ? "[" : "{\"env\":";
        return "{\"command\":" + open.repeat(1 + random.nextInt(5_000));
    }

    private byte[] badEncoding()
    {
        final byte[] body = bytes("{\"command\": [\"xxxxxxxx\"]}");
        final byte[][] broken =
        {
            {(byte)0xC0, (byte)0xAF}, {(byte)0xED, (byte)0xA0, (byte)0x80}, {(byte)0xFF}, {(byte)0xF5, (byte)0x80}, {0}
        };
        final byte[] part = broken[random.nextInt(broken.length)];
        System.arraycopy(part, 0, body, 14 + random.nextInt(4), part.length);
        return concatenated(
            bytes(RawClient.request("POST", "/v1/sessions", null, "Content-Length: " + body.length + "\r\n")), body);
    }

    private byte[] headerBomb()
    {
        complete = false;
        return bytes("GET / HTTP/1.1\r\nHost: x\r\n" + ("X-" + name() + ": y\r\n").repeat(2_000 + random.nextInt(500)));
    }

    private byte[] smuggling()
    {
        complete = false;
        final String inner = RawClient.request("POST", "/v1/sessions", "{\"command\": [\"smuggled\"]}", "");
        return bytes(switch (random.nextInt(7))
        {
            case 0 -> both("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n") + "0\r\n\r\n" + inner;
            case 1 -> both("Content-Length: 4\r\nContent-Length: 90\r\n") + inner;
            case 2 -> both("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n") + inner;
            case 3 -> both("Transfer-Encoding: chunked, gzip\r\n") + inner;
            case 4 -> both("Content-Length: +4\r\n") + inner;
            case 5 -> both("Transfer-Encoding: xchunked\r\n") + inner;
            default -> both("Transfer-Encoding: chunked\r\n") + "fffffffffffffffff\r\n" + inner;
        });
    }

    private static String both(final String framing)
    {
        return RawClient.request("POST", "/v1/nowhere", null, framing);
    }

    private byte[] oversized()
    {
        complete = false;
        return switch (random.nextInt(3))
        {
            case 0 -> bytes("GET /" + "a".repeat(9_000 + random.nextInt(1_000)) + " HTTP/1.1\r\nHost: x\r\n\r\n");
            case 1 -> bytes(RawClient.request("POST", "/v1/sessions", null, "Content-Length: 9999999999\r\n"));
            default -> bytes(RawClient.request("POST", "/v1/sessions", " ".repeat(BODY_MAX + 1), ""));
        };
    }

    /** A wrong request with some bytes changed; it stays wrong, since it lacks the command. */
    private byte[] mutated()
    {
        complete = false;
        final byte[] request = bytes(request("POST", "/v1/sessions", "{\"name\": \"x\", \"cpu\": 1}"));
        for (int i = 1 + random.nextInt(4); i > 0; i--)
        {
            request[random.nextInt(request.length)] = (byte)random.nextInt(256);
        }
        return request;
    }

    private String name()
    {
        final StringBuilder name = new StringBuilder();
        for (int i = 1 + random.nextInt(12); i > 0; i--)
        {
            name.append((char)('a' + random.nextInt(26)));
        }
        return name.append("-x").toString();
    }

    private String request(final String method, final String target, final String body)
    {
        return RawClient.request(method, target, body, "");
    }

    private String pick(final List<String> list)
    {
        return list.get(random.nextInt(list.size()));
    }

    private static byte[] bytes(final String text)
    {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] concatenated(final byte[] first, final byte[] second)
    {
        final ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(first);
        all.writeBytes(second);
        return all.toByteArray();
    }
}
