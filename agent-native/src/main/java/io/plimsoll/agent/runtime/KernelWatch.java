package io.plimsoll.agent.runtime;

/** Sees what simulated kernels do, for whoever counts them. The thread of their agent. */
public interface KernelWatch
{
    /** Nobody looks. */
    KernelWatch NONE = new KernelWatch()
    {
        @Override
        public void onStarted(final long sessionId, final int kernelIndex, final int attempt)
        {
            // Nobody looks.
        }

        @Override
        public void onEnded(final long sessionId, final int kernelIndex, final int attempt, final int exitCode)
        {
            // Nobody looks.
        }
    };

    /**
     * A kernel runs.
     *
     * @param sessionId   of its session.
     * @param kernelIndex in it.
     * @param attempt     from 1.
     */
    void onStarted(long sessionId, int kernelIndex, int attempt);

    /**
     * A kernel that ran runs no more.
     *
     * @param sessionId   of its session.
     * @param kernelIndex in it.
     * @param attempt     from 1.
     * @param exitCode    its own, or 128 + signal.
     */
    void onEnded(long sessionId, int kernelIndex, int attempt, int exitCode);
}
