package io.plimsoll.manager.control;

/** Where commands come from, as they tell the core. Values are journalled: never reused. */
public final class CommandSource
{
    /** The manager's own set-up. */
    public static final int MANAGER = 1;
    /** Calls through {@link ClusterControl}. */
    public static final int API = 2;
    /** Handshakes of agents. */
    public static final int LINKS = 3;

    private CommandSource()
    {
    }
}
