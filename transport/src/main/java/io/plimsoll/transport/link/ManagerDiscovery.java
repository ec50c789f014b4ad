package io.plimsoll.transport.link;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.plimsoll.transport.http.ApiClient;
import io.plimsoll.transport.http.ApiException;
import io.plimsoll.transport.http.ApiTarget;
import java.io.IOException;

/**
 * Asks the manager's API for the port of its agent listener: {@code GET /v1/cluster} answers
 * {@code {"agentPort": …}} to everyone. Users need to know one address only, and the answer need not be trusted:
 * whoever listens there has to show the right certificate. The blocking request runs on a thread of its own, since it
 * happens once in the life of an agent.
 */
public final class ManagerDiscovery implements AgentPortLookup
{
    private static final int PORT_MAX = 65_535;
    private final int timeoutMs;
    private volatile int result = PENDING;
    private volatile String failure = "";
    private Thread thread;

    /**
     * Makes a lookup.
     *
     * @param timeoutMs for connecting, and for the answer.
     */
    public ManagerDiscovery(final int timeoutMs)
    {
        this.timeoutMs = timeoutMs;
    }

    @Override
    public boolean tryStart(final String host, final int port)
    {
        if (null != thread && thread.isAlive())
        {
            return false;
        }
        result = PENDING;
        thread = new Thread(() -> run(host, port), "plimsoll-discovery");
        thread.setDaemon(true);
        thread.start();
        return true;
    }

    @Override
    public int poll()
    {
        return result;
    }

    @Override
    public String failure()
    {
        return failure;
    }

    /** The thread ends by itself within its timeouts. */
    @Override
    public void close()
    {
        thread = null;
    }

    /**
     * Asks and waits.
     *
     * @param host      of the manager.
     * @param port      of its API.
     * @param timeoutMs for connecting, and for the answer.
     * @return port of the agent listener.
     * @throws IOException that says why there is none.
     */
    public static int agentPort(final String host, final int port, final int timeoutMs) throws IOException
    {
        return agentPort(new ApiTarget(false, host, port, null, null, null, timeoutMs, timeoutMs), timeoutMs);
    }

    /**
     * Asks and waits.
     *
     * @param target    the manager's API.
     * @param timeoutMs for connecting, and for the answer.
     * @return port of the agent listener.
     * @throws IOException that says why there is none.
     */
    public static int agentPort(final ApiTarget target, final int timeoutMs) throws IOException
    {
        try (ApiClient client = new ApiClient(target.withTimeouts(timeoutMs, timeoutMs)))
        {
            return parse(target.url(), client.get("/v1/cluster").body());
        }
        catch (final ApiException ex)
        {
            throw new IOException(ex.getMessage(), ex);
        }
    }

    private void run(final String host, final int port)
    {
        try
        {
            result = agentPort(host, port, timeoutMs);
        }
        catch (final IOException ex)
        {
            failure = ex.getMessage();
            result = FAILED;
        }
    }

    private static int parse(final String url, final byte[] body) throws IOException
    {
        try (JsonParser json = new JsonFactory().createParser(body))
        {
            if (JsonToken.START_OBJECT == json.nextToken())
            {
                while (JsonToken.FIELD_NAME == json.nextToken())
                {
                    final boolean isPort = "agentPort".equals(json.currentName());
                    if (JsonToken.VALUE_NUMBER_INT == json.nextToken() && isPort)
                    {
                        return checkedPort(url, json.getLongValue());
                    }
                    json.skipChildren();
                }
            }
        }
        catch (final JsonProcessingException ex)
        {
            throw new IOException("the answer of " + url + "/v1/cluster is not JSON", ex);
        }
        throw new IOException("the answer of " + url + "/v1/cluster names no agentPort");
    }

    private static int checkedPort(final String url, final long port) throws IOException
    {
        if (port < 1 || port > PORT_MAX)
        {
            throw new IOException("the answer of " + url + "/v1/cluster names the impossible agentPort " + port);
        }
        return (int)port;
    }
}
