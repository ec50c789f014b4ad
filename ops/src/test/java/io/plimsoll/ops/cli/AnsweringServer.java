package io.plimsoll.ops.cli;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** A manager on a free port of loopback, as far as a test has laid down what it answers: 200, and a text. */
final class AnsweringServer implements AutoCloseable
{
    /** What is answered to a request. */
    interface Answers
    {
        String answer(Request request);
    }

    /** A request: where to, and what came with it. */
    record Request(String path, Headers headers, String body)
    {
    }

    private final HttpServer server;
    private final Answers answers;

    /** Begins to answer what is asked below a path, one request at a time. */
    AnsweringServer(final String path, final Answers answers) throws IOException
    {
        this.answers = answers;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(path, this::answer);
        server.start();
    }

    private void answer(final HttpExchange exchange) throws IOException
    {
        final String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        final byte[] answer = answers
            .answer(new Request(exchange.getRequestURI().getPath(), exchange.getRequestHeaders(), body))
            .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    String url()
    {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close()
    {
        server.stop(0);
    }
}
