package io.plimsoll.manager.http;

/** Bounds of the HTTP API that can be changed while it runs. Any thread. */
public final class ChangingLimits implements HttpLimits
{
    private volatile FixedLimits current;

    /** What they are at first. */
    public ChangingLimits(final FixedLimits first)
    {
        current = first;
    }

    /** What they are from now on. */
    public void become(final FixedLimits next)
    {
        current = next;
    }

    @Override
    public FixedLimits now()
    {
        return current;
    }

    @Override
    public int connectionsMax()
    {
        return current.connectionsMax();
    }

    @Override
    public int lineBytesMax()
    {
        return current.lineBytesMax();
    }

    @Override
    public int headerBytesMax()
    {
        return current.headerBytesMax();
    }

    @Override
    public int bodyBytesMax()
    {
        return current.bodyBytesMax();
    }

    @Override
    public long bodyBytesInFlightMax()
    {
        return current.bodyBytesInFlightMax();
    }

    @Override
    public long headerTimeoutMs()
    {
        return current.headerTimeoutMs();
    }

    @Override
    public long bodyTimeoutMs()
    {
        return current.bodyTimeoutMs();
    }

    @Override
    public long idleTimeoutMs()
    {
        return current.idleTimeoutMs();
    }

    @Override
    public long waitTimeoutMaxMs()
    {
        return current.waitTimeoutMaxMs();
    }

    @Override
    public int streamsMax()
    {
        return current.streamsMax();
    }

    @Override
    public int streamWindowBytes()
    {
        return current.streamWindowBytes();
    }

    @Override
    public int streamEventsWindow()
    {
        return current.streamEventsWindow();
    }

    @Override
    public long stuckReaderTimeoutMs()
    {
        return current.stuckReaderTimeoutMs();
    }

    @Override
    public long heartbeatIntervalMs()
    {
        return current.heartbeatIntervalMs();
    }

    @Override
    public int requestsPerMinute()
    {
        return current.requestsPerMinute();
    }
}
