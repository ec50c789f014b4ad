package io.plimsoll.ops.e2e;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** Makes HTTP requests that no server may accept, from a seed. */
final class HostileHttp
{
    private static final List<String> BODIES = List.of(
        "{\"command\":\"true\"}",
        "{\"command\":[]}",
        "{\"command\":[1]}",
        "{\"command\":[\"true\"],\"cpu\":\"many\"}",
        "{\"command\":[\"true\"],\"mem\":-1}",
        "{\"command\":[\"true\"],\"mem\":\"1x\"}",
        "{\"command\":[\"true\"],\"kernels\":0}",
        "{\"command\":[\"true\"],\"kernels\":1e99}",
        "{\"command\":[\"true\"],\"priority\":101}",
        "{\"command\":[\"true\"],\"count\":99999999999}",
        "{\"command\":[\"true\"],\"after\":[\"9-3\"]}",
        "{\"command\":[\"true\"],\"colour\":\"red\"}",
        "{\"command\":[\"true\"],\"name\":\"a\",\"name\":\"b\"}",
        "{\"command\":[\"true\"],\"env\":[]}",
        "{\"command\":[\"true\"],\"cwd\":\"relative\"}",
        "{\"command\":[\"true\"]} {}",
        "{\"command\":[\"true\"]",
        "{\"sessions\":[]}",
        "{\"sessions\":{}}",
        "[]",
        "null",
        "\"text\"",
        "nonsense",
        "");
    private static final List<String> PATHS = List.of(
        "/v1/sessions/0", "/v1/sessions/-1", "/v1/sessions/x", "/v1/sessions/99999999999999999999",
        "/v1/sessions/%00", "/v1/sessions/..%2f..%2fetc%2fpasswd", "/v1/nowhere", "/v1/sessions?limit=0",
        "/v1/sessions?limit=x", "/v1/sessions?colour=red", "/v1/sessions?state=ASLEEP", "/v1/agents/nobody",
        "/v1/sessions/1/logs?stream=stdin", "/v1/sessions/1/wait?timeout=soon", "/v1/events?since=x", "/%zz", "//",
        "/v1/");
    private static final int BODY_LENGTH_MAX = 9 * 1024 * 1024;

    private final Random random;
    private final String token;

    HostileHttp(final long seed, final String token)
    {
        this.random = new Random(seed);
        this.token = token;
    }

    /** One request, whole or torn off. */
    byte[] next(final int number)
    {
        return switch (number % 12)
        {
            case 0 -> post(pick(BODIES).getBytes(StandardCharsets.UTF_8), token);
            case 1 -> get(pick(PATHS));
            case 2 -> post(deep(), token);
            case 3 -> post(invalidUtf8(), token);
            case 4 -> post("{\"command\":[\"true\"]}".getBytes(StandardCharsets.UTF_8), "wrong" + random.nextInt());
            case 5 -> ascii("GET /" + "a".repeat(8_200 + random.nextInt(4_000)) + " HTTP/1.1\r\nHost: x\r\n\r\n");
            case 6 -> ascii("GET /v1/agents HTTP/1.1\r\nHost: x\r\nX: " + "b".repeat(17_000) + "\r\n\r\n");
            case 7 -> ascii("POST /v1/sessions HTTP/1.1\r\nHost: x\r\n" + authorization(token) +
                "Content-Type: application/json\r\nContent-Length: " +
                (BODY_LENGTH_MAX + random.nextInt(9_999)) + "\r\n\r\n");
            case 8 -> ascii("POST /v1/sessions HTTP/1.1\r\nHost: x\r\n" + authorization(token) +
                "Transfer-Encoding: chunked\r\n\r\nnot-a-length\r\n");
            case 9 -> ascii("POST /v1/sessions HTTP/1.1\r\nHost: x\r\n" + authorization(token) +
                "Content-Length: -" + random.nextInt(99) + "\r\n\r\n");
            case 10 -> torn();
            default -> noise();
        };
    }

    private byte[] torn()
    {
        final byte[] whole = post("{\"command\":[\"true\"]}".getBytes(StandardCharsets.UTF_8), "wrong");
        final byte[] part = new byte[1 + random.nextInt(whole.length - 1)];
        System.arraycopy(whole, 0, part, 0, part.length);
        return part;
    }

    private byte[] noise()
    {
        final byte[] bytes = new byte[1 + random.nextInt(512)];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] deep()
    {
        final int depth = 2_000 + random.nextInt(10_000);
        return ("{\"command\":" + "[".repeat(depth) + "]".repeat(depth) + "}").getBytes(StandardCharsets.UTF_8);
    }

    private byte[] invalidUtf8()
    {
        final ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(ascii("{\"command\":[\"true\"],\"name\":\""));
        body.write(0xC0 + random.nextInt(2));
        body.write(0x80 + random.nextInt(64));
        body.writeBytes(ascii("\"}"));
        return body.toByteArray();
    }

    private byte[] get(final String path)
    {
        return ascii("GET " + path + " HTTP/1.1\r\nHost: x\r\n" + authorization(token) + "\r\n");
    }

    private static byte[] post(final byte[] body, final String token)
    {
        final ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(ascii("POST /v1/sessions HTTP/1.1\r\nHost: x\r\n" + authorization(token) +
            "Content-Type: application/json\r\nContent-Length: " + body.length + "\r\n\r\n"));
        request.writeBytes(body);
        return request.toByteArray();
    }

    private static String authorization(final String token)
    {
        return "Authorization: Bearer " + token + "\r\n";
    }

    private String pick(final List<String> texts)
    {
        return texts.get(random.nextInt(texts.size()));
    }

    private static byte[] ascii(final String text)
    {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
