package io.plimsoll.loadtest.live;

import io.plimsoll.transport.auth.JoinToken;
import io.plimsoll.transport.http.ApiTarget;
import java.nio.file.Path;
import java.util.Map;

/** The manager that is driven. */
public interface LiveManager extends AutoCloseable
{
    /** Its API, with a token. */
    ApiTarget api();

    /**
     * Its binary ingress.
     *
     * @throws LoadException if it has none, as far as is known.
     */
    default Ingress ingress()
    {
        throw new LoadException(
            LoadException.Kind.USAGE, "nobody has said where the binary ingress of " + api().url() + " listens");
    }

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

    /**
     * Where a binary ingress listens.
     *
     * @param host        of it.
     * @param port        of it.
     * @param token       as of the HTTP API.
     * @param authority   PEM certificates to trust; null: it speaks no TLS.
     * @param certificate PEM chain to show; null: none.
     * @param key         of it; null: none.
     */
    record Ingress(String host, int port, String token, Path authority, Path certificate, Path key)
    {
        /** On this machine, without TLS. */
        static Ingress plain(final String host, final int port, final String token)
        {
            return new Ingress(host, port, token, null, null, null);
        }

        /** The token is nobody's business. */
        @Override
        public String toString()
        {
            return host + ":" + port;
        }
    }
}
