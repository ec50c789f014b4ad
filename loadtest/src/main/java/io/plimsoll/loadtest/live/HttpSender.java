package io.plimsoll.loadtest.live;

import io.plimsoll.loadtest.live.LoadException.Kind;
import io.plimsoll.transport.http.ApiClient;
import io.plimsoll.transport.http.ApiException;
import io.plimsoll.transport.http.ApiProblemException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Over the HTTP API, on a connection that reads go over as well; the number of a submission is its idempotency key. */
final class HttpSender implements Sender
{
    private static final int TOO_MANY = 429;
    private static final int UNAVAILABLE = 503;

    private final ApiClient client;
    private final String keyPrefix;
    private final String single;
    private final String arrayHead;

    /**
     * Over a connection.
     *
     * @param client closed by the caller.
     * @param plan   says what a session is like.
     * @param runId  of this run, so that its keys are its own.
     */
    HttpSender(final ApiClient client, final LoadPlan plan, final String runId)
    {
        this.client = client;
        keyPrefix = runId + "-";
        final String body = "\"name\":\"loadtest\",\"group\":\"" + plan.group() + "\",\"cpu\":1,\"mem\":\"1g\"," +
            "\"simulatedSeconds\":\"" + plan.runNs() / 1_000_000 + "ms\",\"command\":[\"true\"]" +
            (plan.kernels() > 1 ? ",\"kernels\":" + plan.kernels() : "");
        single = "{" + body + "}";
        arrayHead = "{" + body + ",\"count\":";
    }

    @Override
    public Answer send(final long number, final int sessions, final RunState run)
    {
        final boolean isSingle = 1 == sessions;
        final byte[] body = (isSingle ? single : arrayHead + sessions + "}").getBytes(StandardCharsets.UTF_8);
        try
        {
            final String reply = new String(
                client.send("POST", "/v1/sessions", body, Map.of("Idempotency-Key", keyPrefix + number)).body(),
                StandardCharsets.UTF_8);
            return Answer.accepted(
                number(reply, isSingle ? "\"id\":" : "\"firstId\":"), number(reply, "\"sequence\":"));
        }
        catch (final ApiProblemException ex)
        {
            if (TOO_MANY != ex.status() && UNAVAILABLE != ex.status())
            {
                throw Sender.refused(ex);
            }
            return Answer.BUSY;
        }
        catch (final ApiException ex)
        {
            return Answer.none(ex.getMessage());
        }
    }

    @Override
    public void close()
    {
        // The connection is the caller's.
    }

    /** The number behind a name; a parser would cost more than the rest of the client. */
    private static long number(final String json, final String name)
    {
        int at = json.indexOf(name);
        if (at < 0)
        {
            throw new LoadException(
                Kind.UNREACHABLE, "what listens there is no manager: no " + name + " in " +
                json.substring(0, Math.min(200, json.length())));
        }
        long value = 0;
        for (at += name.length(); at < json.length() && Character.isDigit(json.charAt(at)); at++)
        {
            value = 10 * value + json.charAt(at) - '0';
        }
        return value;
    }
}
