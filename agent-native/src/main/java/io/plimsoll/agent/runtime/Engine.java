package io.plimsoll.agent.runtime;

import io.plimsoll.agent.terminal.TerminalRequest;
import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A container engine as the Docker runtime needs it. Calls wait for the engine, so none of them is made on the agent's
 * thread. Thread-safe.
 */
interface Engine extends Closeable
{
    /** Fails unless the engine answers. */
    void ping() throws EngineException;

    /** What people should know of it. */
    List<String> notes() throws EngineException;

    /** Whether it has an image of that name. */
    boolean hasImage(String image) throws EngineException;

    /** Size of an image; -1: there is none of that name. */
    long imageBytes(String image) throws EngineException;

    /** As whom its containers run unless they are told otherwise: a name, or UID:GID; empty: root. */
    String imageUser(String image) throws EngineException;

    /** Refused while a container uses it; one that is gone already is no failure. */
    void removeImage(String image) throws EngineException;

    /**
     * Makes a container and does not start it.
     *
     * @param plan of it.
     * @return its id.
     */
    String create(ContainerPlan plan) throws EngineException;

    /** Starts a container by its name. Nothing happens if it runs. */
    void start(String name) throws EngineException;

    /** Looks at a container by name or id. */
    ContainerState inspect(String container) throws EngineException;

    /** Whether it has heard of the end of a container itself since then; it remembers the newest few hundred events. */
    boolean hasSeenDie(String container, Instant since) throws EngineException;

    /** All containers with these labels, whatever they do. */
    List<ContainerState> list(String label, String value) throws EngineException;

    void rename(String container, String name) throws EngineException;

    boolean hasNetwork(String name) throws EngineException;

    /** One of the operator's; null: there is none of that name. */
    SharedNetwork.Found network(String name) throws EngineException;

    /** Makes a bridge. */
    void createNetwork(String name, Map<String, String> labels) throws EngineException;

    /** Names of networks with that label. */
    List<String> networks(String label, String value) throws EngineException;

    /** Refused while containers are in it; one that is gone already is no failure. */
    void removeNetwork(String name) throws EngineException;

    /** Sends a signal such as {@code TERM}. */
    void kill(String container, String signal) throws EngineException;

    /** Kills it if it runs, and removes it; one that is gone already is no failure. */
    void remove(String container) throws EngineException;

    /**
     * Prepares a command in a container that runs.
     *
     * @param container id.
     * @param request   what it is.
     * @param variables beyond those of the request.
     * @return its id; it is started by {@link ExecConnection#start}.
     */
    String createExec(String container, TerminalRequest request, List<String> variables) throws EngineException;

    /** Tells a command the size of its screen. */
    void resizeExec(String exec, int rows, int columns) throws EngineException;

    /** Tells a container the size of its screen. */
    void resize(String container, int rows, int columns) throws EngineException;

    /**
     * Connects for the streams of one command.
     *
     * @param tty whether it has a terminal.
     */
    ExecConnection connectExec(boolean tty) throws IOException;

    /**
     * Whether there ever was a process of a command, which an engine finds out after it has taken it.
     *
     * @param exec that has ended.
     */
    boolean hasExecStarted(String exec) throws EngineException;

    /** Exit code of a command; null: it has not ended. */
    Integer exitCodeOfExec(String exec) throws EngineException;

    /**
     * Reads output from a second of the epoch on, and goes on until the container has ended and all is read.
     *
     * @param container id.
     * @param sinceS    seconds of the epoch.
     * @param tty       whether the container has a terminal.
     * @param sink      told on a thread of its own.
     * @return ends the reading.
     */
    Closeable follow(String container, int sinceS, boolean tty, LogSink sink);

    /**
     * Hears of containers that end.
     *
     * @param label of them.
     * @param value of the label.
     * @param sink  told on a thread of its own.
     * @return ends the hearing.
     */
    Closeable watch(String label, String value, EventSink sink);

    /**
     * Fetches an image.
     *
     * @param image reference, with tag or digest.
     * @param sink  told on a thread of its own.
     * @return ends the fetching.
     */
    Closeable pull(String image, PullSink sink);

    @Override
    void close();

    /** Takes output. */
    interface LogSink
    {
        /** One entry: its time as 30 characters of ISO 8601, a space, and what was written, on stdout or stderr. */
        void onEntry(boolean stderr, byte[] entry);

        /** Last call; null: all of it was read, as far as the engine had it. */
        void onEnd(Throwable failure);
    }

    /** Takes ends of containers. */
    interface EventSink
    {
        void onDied(String container);

        /** Last call. */
        void onEnd(Throwable failure);
    }

    /** Takes how a pull goes on. */
    interface PullSink
    {
        void onProgress(String detail);

        /** Last call; null: it is there. */
        void onEnd(String failure);
    }
}
