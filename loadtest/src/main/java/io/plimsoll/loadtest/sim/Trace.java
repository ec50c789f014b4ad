package io.plimsoll.loadtest.sim;

/** All that was seen to happen, in one number: two runs of one plan have the same. */
final class Trace
{
    private long hash = 1;

    void add(final long what, final long who, final long more)
    {
        hash = SimFile.mix(hash * 31 + what) + SimFile.mix(who * 31 + more);
    }

    long hash()
    {
        return hash;
    }
}
