package io.plimsoll.loadtest.live;

import io.plimsoll.loadtest.live.LoadException.Kind;
import io.plimsoll.transport.http.ApiClient;
import io.plimsoll.transport.http.ApiException;
import io.plimsoll.transport.http.ApiProblemException;
import io.plimsoll.transport.http.ApiResponse;
import io.plimsoll.transport.http.ApiTarget;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One connection that submits. What the manager does not answer, or not now, is sent again with the same idempotency
 * key until it is answered, so that each submission is promised once whatever happens; its time counts from when it was
 * due. A thread each.
 */
final class Submitter implements AutoCloseable
{
    private static final int TOO_MANY = 429;
    private static final int UNAVAILABLE = 503;
    private static final long RETRY_NS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(300);
    private static final int TIMEOUT_MS = 60_000;

    private final LoadPlan plan;
    private final Meters meters;
    private final Ledger ledger;
    private final ApiClient client;
    private final String keyPrefix;
    private final String single;
    private final String arrayHead;
    private volatile long lastId;
    private volatile long lastSequence;
    private volatile int inFlight;

    Submitter(
        final LoadPlan plan, final ApiTarget target, final Meters meters, final Ledger ledger, final String runId)
    {
        this.plan = plan;
        this.meters = meters;
        this.ledger = ledger;
        client = new ApiClient(target.withTimeouts(TIMEOUT_MS, TIMEOUT_MS));
        keyPrefix = runId + "-";
        final String body = "\"name\":\"loadtest\",\"group\":\"" + plan.group() + "\",\"cpu\":1,\"mem\":\"1g\"," +
            "\"simulatedSeconds\":\"" + plan.runNs() / 1_000_000 + "ms\",\"command\":[\"true\"]" +
            (plan.kernels() > 1 ? ",\"kernels\":" + plan.kernels() : "");
        single = "{" + body + "}";
        arrayHead = "{" + body + ",\"count\":";
    }

    /**
     * Submits, and returns when the manager has accepted it.
     *
     * @param number   of the submission.
     * @param sessions in it.
     * @param dueNs    when it should have been sent.
     * @param run      that may be stopped meanwhile.
     * @return false if the run was stopped before there was an answer.
     */
    boolean submit(final long number, final int sessions, final long dueNs, final RunState run)
    {
        final boolean isSingle = 1 == plan.batch();
        final byte[] body =
            (isSingle ? single : arrayHead + sessions + "}").getBytes(StandardCharsets.UTF_8);
        final Map<String, String> headers = Map.of("Idempotency-Key", keyPrefix + number);
        final long patientUntilNs = System.nanoTime() + PATIENCE_NS;
        inFlight = sessions;
        while (true)
        {
            try
            {
                final String reply = text(client.send("POST", "/v1/sessions", body, headers));
                final long firstId = number(reply, isSingle ? "\"id\":" : "\"firstId\":");
                ledger.onPromised(firstId, sessions, dueNs);
                inFlight = 0;
                meters.requests.increment();
                meters.replies.recordValue(Math.max(1, System.nanoTime() - dueNs));
                lastId = firstId;
                lastSequence = number(reply, "\"sequence\":");
                return true;
            }
            catch (final ApiProblemException ex)
            {
                if (TOO_MANY != ex.status() && UNAVAILABLE != ex.status())
                {
                    throw new LoadException(Kind.REFUSED, "the manager refuses a submission: " + ex.getMessage());
                }
                meters.refusals.increment();
            }
            catch (final ApiException ex)
            {
                meters.outages.increment();
                if (System.nanoTime() > patientUntilNs)
                {
                    throw new LoadException(Kind.UNREACHABLE, "the manager does not answer: " + ex.getMessage());
                }
            }
            if (run.isAbandoned() || System.nanoTime() > patientUntilNs)
            {
                inFlight = 0;
                run.onDoubt(sessions);
                return false;
            }
            LockSupport.parkNanos(RETRY_NS);
        }
    }

    /** Id of the first session of its last submission; 0: none yet. */
    long lastId()
    {
        return lastId;
    }

    /** Sessions that it has sent and of which it does not know yet whether they are accepted. */
    int inFlight()
    {
        return inFlight;
    }

    /** Sequence of the reply to its last submission. */
    long lastSequence()
    {
        return lastSequence;
    }

    ApiClient client()
    {
        return client;
    }

    @Override
    public void close()
    {
        client.close();
    }

    private static String text(final ApiResponse response)
    {
        return new String(response.body(), StandardCharsets.UTF_8);
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
