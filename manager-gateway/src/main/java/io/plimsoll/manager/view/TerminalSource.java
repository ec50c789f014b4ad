package io.plimsoll.manager.view;

import java.util.List;

/** Opens commands beside kernels, wherever they run. Safe for any thread. */
public interface TerminalSource
{
    /**
     * Opens one.
     *
     * @param kernelId    of the kernel.
     * @param attempt     of the kernel.
     * @param request     what to run.
     * @param creditBytes of output, before more is requested.
     * @param listener    called on a link thread, perhaps before this returns.
     * @return handle for what the client sends.
     */
    Stream open(long kernelId, int attempt, Request request, int creditBytes, Listener listener);

    /**
     * What to run.
     *
     * @param command   program and arguments.
     * @param variables {@code NAME=value}, on top of the kernel's.
     * @param directory to start in; empty: where the kernel did.
     * @param user      to run as; empty: as whom the kernel runs.
     * @param tty       whether it gets a pseudo-terminal.
     * @param input     whether it gets input.
     * @param rows      of the screen.
     * @param columns   of the screen.
     */
    record Request(
        List<String> command,
        List<String> variables,
        String directory,
        String user,
        boolean tty,
        boolean input,
        int rows,
        int columns)
    {
    }

    /** What a client is told. */
    interface Listener
    {
        /** It may send so many bytes more; the first call says that the command was taken. */
        void onInputCredit(int bytes);

        void onData(boolean stderr, byte[] content);

        /** The last call. */
        void onEnd(End end);
    }

    /**
     * How it ended.
     *
     * @param code     {@code exited}, or why there is no exit code: {@code agent-unreachable}, {@code not-running} ...
     * @param exitCode of the command, or what a shell would give for one that cannot be started.
     * @param detail   for people; may be empty.
     */
    record End(String code, int exitCode, String detail)
    {
        /** The command has ended. */
        public static final String EXITED = "exited";
    }

    /** Hold on an open one. */
    interface Stream extends AutoCloseable
    {
        /** Allows that many more bytes of output in place of what was taken. */
        void request(boolean stderr, int bytes);

        /**
         * Sends input; what comes after the end is for nobody.
         *
         * @param content of it.
         * @param last    whether it ends here.
         * @return false if it is more than was allowed; the command is ended then.
         */
        boolean input(byte[] content, boolean last);

        void size(int rows, int columns);

        /** The client is gone, and the command must go. */
        @Override
        void close();
    }
}
