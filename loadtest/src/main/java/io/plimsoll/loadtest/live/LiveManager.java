package io.plimsoll.loadtest.live;

import io.plimsoll.transport.auth.JoinToken;
import io.plimsoll.transport.http.ApiTarget;
import java.util.Map;

/** The manager that is driven. */
public interface LiveManager extends AutoCloseable
{
    /** Its API, with a token. */
    ApiTarget api();

    /** Where it listens for agents. */
    String agentHost();

    /** Where it listens for agents. */
    int agentPort();

    /** With which agents join. */
    JoinToken joinToken();

    /** What it has used in all its lives; null: it cannot be seen from here. */
    ProcessFigures figures();

    /** Processor time of its threads in its present life, in seconds by name; empty: it cannot be seen from here. */
    Map<String, Double> threads();

    /** Whether it is ours to kill. */
    boolean mayBeKilled();

    /** Ends it without a word (SIGKILL), and starts it again on what it has left. Returns once it listens. */
    void killAndRestart();

    /**
     * Whether it has ended without having been told to. One thread; takes as long as a connection to it.
     *
     * @return what is known of that, a sentence without its full stop; null: it lives, as far as is known.
     */
    default String gone()
    {
        return null;
    }

    /** Ends it if it is ours. */
    @Override
    void close();
}
