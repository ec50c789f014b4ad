package io.plimsoll.agent.terminal;

/** Told of a terminal, on the agent's thread. */
public interface TerminalSink
{
    /**
     * Output.
     *
     * @param stderr  which; a pseudo-terminal has one only.
     * @param content valid during the call.
     * @param length  of it.
     */
    void onOutput(boolean stderr, byte[] content, int length);

    /** So many bytes of input have gone to the command. */
    void onInputTaken(int bytes);

    /** It has ended, and all its output was told. The last call. */
    void onExit(int exitCode);

    /** It has ended in a way that nobody knows the exit code of. The last call. */
    void onFailure(TerminalException failure);
}
