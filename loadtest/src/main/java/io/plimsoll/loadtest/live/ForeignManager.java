package io.plimsoll.loadtest.live;

import io.plimsoll.transport.auth.JoinToken;
import io.plimsoll.transport.http.ApiTarget;
import java.util.Map;

/**
 * A manager that somebody else runs.
 *
 * @param api       its API, with a token.
 * @param agentHost where it listens for agents.
 * @param agentPort where it listens for agents.
 * @param joinToken with which agents join.
 * @param pid       of its process on this machine; 0: it runs elsewhere, or nobody knows.
 */
public record ForeignManager(ApiTarget api, String agentHost, int agentPort, JoinToken joinToken, long pid)
    implements LiveManager
{
    @Override
    public ProcessFigures figures()
    {
        return 0 == pid ? null : ProcessFigures.of(pid);
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
    public void close()
    {
        // It is not ours to end.
    }
}
