package io.plimsoll.agent.runtime;

import com.github.dockerjava.api.async.ResultCallback;
import java.io.Closeable;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A stream of an engine that tells its end exactly once. Any thread. */
abstract class EngineStream<T> implements ResultCallback<T>
{
    private static final Logger LOG = LoggerFactory.getLogger(EngineStream.class);

    private Closeable source;
    private boolean closed;
    private boolean told;

    /** Null: it has come to its end. */
    abstract void ended(Throwable failure);

    @Override
    public void onStart(final Closeable stream)
    {
        final boolean late;
        synchronized (this)
        {
            source = stream;
            late = closed;
        }
        if (late)
        {
            close();
        }
    }

    @Override
    public void onError(final Throwable failure)
    {
        tell(failure);
    }

    @Override
    public void onComplete()
    {
        tell(null);
    }

    private void tell(final Throwable failure)
    {
        synchronized (this)
        {
            if (told)
            {
                return;
            }
            told = true;
        }
        ended(failure);
    }

    @Override
    public void close()
    {
        final Closeable open;
        synchronized (this)
        {
            closed = true;
            open = source;
        }
        if (null != open)
        {
            try
            {
                open.close();
            }
            catch (final IOException e)
            {
                LOG.debug("closing", e);
            }
        }
    }
}
