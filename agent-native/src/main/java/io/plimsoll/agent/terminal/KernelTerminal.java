package io.plimsoll.agent.terminal;

/**
 * A command that runs beside a kernel, as the agent's thread sees it: nothing here waits. Its processes end when it is
 * closed.
 */
public interface KernelTerminal
{
    /**
     * Takes input; the caller keeps to what was taken, see {@link TerminalSink#onInputTaken}.
     *
     * @param content owned by the terminal from now on.
     */
    void input(byte[] content);

    /** There is no more input. */
    void endInput();

    /** The screen has another size. */
    void size(int rows, int columns);

    /**
     * Does what can be done, and tells.
     *
     * @param sink     told.
     * @param bytesMax most output to tell.
     * @param nowNs    now.
     * @return how much was done.
     */
    int poll(TerminalSink sink, int bytesMax, long nowNs);

    /** Ends it and its processes. Idempotent; {@link #pollGone} follows until that is done. */
    void close(long nowNs);

    /** Carries on with what close began. Gives whether nothing is left to do. */
    boolean pollGone(long nowNs);
}
