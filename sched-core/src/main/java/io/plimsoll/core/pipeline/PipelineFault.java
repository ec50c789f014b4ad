package io.plimsoll.core.pipeline;

import java.util.concurrent.atomic.AtomicBoolean;

/** The one switch that stops all stages for good. */
final class PipelineFault
{
    private final AtomicBoolean raised = new AtomicBoolean();
    private final FatalHandler handler;
    private volatile Throwable poison;

    PipelineFault(final FatalHandler handler)
    {
        this.handler = handler;
    }

    boolean isRaised()
    {
        return raised.get();
    }

    void raise(final int exitCode, final Throwable cause)
    {
        if (raised.compareAndSet(false, true))
        {
            handler.onFatal(exitCode, cause);
        }
    }

    /** Core stage: the last record that it will produce says that the core threw. Set before it is published. */
    void poison(final Throwable cause)
    {
        poison = cause;
    }

    /** Journal stage: everything produced is committed. */
    void onCommitted(final boolean poisonCommitted)
    {
        if (poisonCommitted)
        {
            raise(FatalHandler.EXIT_INTERNAL, poison);
        }
    }
}
