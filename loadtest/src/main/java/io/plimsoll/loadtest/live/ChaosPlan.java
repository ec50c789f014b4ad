package io.plimsoll.loadtest.live;

/**
 * What goes wrong, on purpose.
 *
 * @param flapsPerSecond agents that lose their link, drawn at random; 0: none.
 * @param stormEveryNs   between losses of all links at once; 0: none.
 * @param slowShare      of agents that look at what is to be done only every half second; 0: none.
 * @param killEveryNs    between ends of the manager by SIGKILL; 0: none.
 */
public record ChaosPlan(double flapsPerSecond, long stormEveryNs, double slowShare, long killEveryNs)
{
    /** All goes well. */
    public static final ChaosPlan NONE = new ChaosPlan(0, 0, 0, 0);

    /** Whether anything goes wrong. */
    public boolean isAny()
    {
        return flapsPerSecond > 0 || stormEveryNs > 0 || slowShare > 0 || killEveryNs > 0;
    }
}
