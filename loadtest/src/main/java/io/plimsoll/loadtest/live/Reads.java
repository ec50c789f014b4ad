package io.plimsoll.loadtest.live;

import io.plimsoll.transport.http.ApiClient;
import io.plimsoll.transport.http.ApiException;
import io.plimsoll.transport.http.ApiProblemException;
import io.plimsoll.transport.http.ApiStream;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What people ask meanwhile: a list of a hundred sessions, why the latest of them waits, and the events since it was
 * accepted, up to the first. In turn. Counts from when it was due.
 */
final class Reads
{
    private static final int KINDS = 3;
    private static final int SERVER_ERROR = 500;
    private static final int EVENT_TIMEOUT_MS = 10_000;

    private final LoadPlan plan;
    private final Meters meters;

    Reads(final LoadPlan plan, final Meters meters)
    {
        this.plan = plan;
        this.meters = meters;
    }

    /**
     * Reads.
     *
     * @param lane   over whose connection.
     * @param number of the read, from 0; it says what is asked.
     * @param dueNs  when it should have been sent.
     */
    void read(final Submitter lane, final long number, final long dueNs)
    {
        final long id = lane.lastId();
        final int kind = 0 == id ? 0 : (int)(number % KINDS);
        final ApiClient client = lane.client();
        try
        {
            switch (kind)
            {
                case 1 -> client.get("/v1/sessions/" + id + "/explain");
                case 2 -> firstEvent(client, lane.lastSequence());
                default -> client.get("/v1/sessions?all=true&limit=100&group=" + plan.group());
            }
        }
        catch (final ApiProblemException ex)
        {
            // That a session has ended, or is forgotten, is an answer.
            if (ex.status() >= SERVER_ERROR)
            {
                meters.readErrors.increment();
                return;
            }
        }
        catch (final ApiException ex)
        {
            meters.readErrors.increment();
            return;
        }
        histogram(kind).recordValue(Math.max(1, System.nanoTime() - dueNs));
    }

    private static void firstEvent(final ApiClient client, final long sequence)
    {
        try (ApiStream stream = client.open(
            "GET", "/v1/events?since=" + Math.max(0, sequence - 1), null, Map.of("Accept", "text/event-stream"),
            EVENT_TIMEOUT_MS))
        {
            stream.readLine();
        }
    }

    private Histogram histogram(final int kind)
    {
        return switch (kind)
        {
            case 1 -> meters.explains;
            case 2 -> meters.events;
            default -> meters.lists;
        };
    }
}
