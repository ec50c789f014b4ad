package io.plimsoll.agent;

/** Of a host that is only imagined. */
final class NoLoad implements HostLoad
{
    @Override
    public void read()
    {
        // Never changes.
    }

    @Override
    public int load1Milli()
    {
        return 0;
    }

    @Override
    public long memoryAvailableBytes()
    {
        return 0;
    }
}
