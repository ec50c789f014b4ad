package io.plimsoll.loadtest.live;

import io.plimsoll.transport.auth.JoinToken;
import io.plimsoll.transport.http.ApiTarget;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A manager that somebody else runs, and may start again. */
public final class ForeignManager implements LiveManager
{
    private static final int PROBE_TIMEOUT_MS = 2_000;

    private final ApiTarget api;
    private final int agentPort;
    private final JoinToken joinToken;
    private final long pid;
    private final long goneAfterNs;
    private final Ingress ingress;
    private ProcessFigures last;
    private long listenedNs = System.nanoTime();

    /**
     * One that listens, as far as is known.
     *
     * @param api         its API, with a token; agents connect to the same host.
     * @param agentPort   where it listens for agents.
     * @param joinToken   with which agents join.
     * @param pid         of its process on this machine; 0: it runs elsewhere, or nobody knows.
     * @param goneAfterNs without anybody listening, after which it counts as gone.
     * @param ingress     where its binary ingress listens; null: nobody knows.
     */
    public ForeignManager(
        final ApiTarget api, final int agentPort, final JoinToken joinToken, final long pid, final long goneAfterNs,
        final Ingress ingress)
    {
        this.ingress = ingress;
        this.api = api;
        this.agentPort = agentPort;
        this.joinToken = joinToken;
        this.pid = pid;
        this.goneAfterNs = goneAfterNs;
    }

    @Override
    public ApiTarget api()
    {
        return api;
    }

    @Override
    public Ingress ingress()
    {
        return null == ingress ? LiveManager.super.ingress() : ingress;
    }

    @Override
    public String agentHost()
    {
        return api.host();
    }

    @Override
    public int agentPort()
    {
        return agentPort;
    }

    @Override
    public JoinToken joinToken()
    {
        return joinToken;
    }

    @Override
    public synchronized ProcessFigures figures()
    {
        final ProcessFigures now = 0 == pid ? null : ProcessFigures.of(pid);
        last = null == now ? last : now;
        return last;
    }

    @Override
    public Map<String, Double> threads()
    {
        return 0 == pid ? Map.of() : ProcessFigures.threads(pid);
    }

    @Override
    public boolean mayBeKilled()
    {
        return false;
    }

    @Override
    public void killAndRestart()
    {
        throw new IllegalStateException("not ours to kill: " + api);
    }

    @Override
    public String gone()
    {
        try (Socket probe = new Socket())
        {
            probe.connect(new InetSocketAddress(api.host(), api.port()), PROBE_TIMEOUT_MS);
            listenedNs = System.nanoTime();
            return null;
        }
        catch (final IOException ex)
        {
            final long silentNs = System.nanoTime() - listenedNs;
            return silentNs <= goneAfterNs ? null :
                "nobody has listened at " + api.url() + " for " + TimeUnit.NANOSECONDS.toSeconds(silentNs) +
                " s (" + ex.getMessage() + "): the manager has ended, or cannot be reached any more";
        }
    }

    @Override
    public void close()
    {
        // It is not ours to end.
    }
}
