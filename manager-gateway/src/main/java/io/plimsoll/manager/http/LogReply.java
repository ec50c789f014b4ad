package io.plimsoll.manager.http;

/** Where the output of a kernel goes to, for {@link LogFollower}. Event loop only. */
interface LogReply
{
    /** Has the follower begin as soon as something can be sent. */
    void begin(Runnable ready);

    /** Whether the reader has been sent anything. */
    boolean isStarted();

    /** Whether nothing more can be sent. */
    boolean isEnded();

    /** Tells the reader that it is heard, though there is no output yet. */
    void start();

    /**
     * Sends output.
     *
     * @param attempt at the kernel.
     * @param offset  of the first byte in the output of that attempt.
     * @param content not empty.
     */
    void write(int attempt, long offset, byte[] content);

    /** The regular end. */
    void end();

    /** Says why there is no more, as far as that can still be said. */
    void fail(Problem problem);

    /** Gives up on a reader that takes nothing. */
    void drop();

    /** Lets go; the reader has gone. */
    void stop();
}
