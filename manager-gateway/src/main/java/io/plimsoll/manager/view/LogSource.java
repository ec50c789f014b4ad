package io.plimsoll.manager.view;

/** Reads the output of kernels from the agents that keep it. Safe for any thread. */
public interface LogSource
{
    /**
     * Opens a stream.
     *
     * @param kernelId   of the kernel.
     * @param attempt    of the kernel.
     * @param stderr     which of its two streams.
     * @param follow     whether to go on until the kernel has ended.
     * @param fromOffset byte offset in its whole output, or -1 to go by tailLines.
     * @param tailLines  newest lines only, or -1 from the oldest kept.
     * @param listener   called on a link thread.
     * @return handle to ask for more and to close.
     */
    Stream open(
        long kernelId,
        int attempt,
        boolean stderr,
        boolean follow,
        long fromOffset,
        int tailLines,
        Listener listener);

    /** What a reader of a log is told. */
    interface Listener
    {
        void onData(long offset, byte[] content);

        /**
         * The last call.
         *
         * @param error null at the regular end; else {@code agent-unreachable}, {@code unknown-kernel}, ...
         */
        void onEnd(String error);
    }

    /** Hold on an open log. */
    interface Stream extends AutoCloseable
    {
        /** Allows that many more bytes. */
        void request(int bytes);

        @Override
        void close();
    }
}
