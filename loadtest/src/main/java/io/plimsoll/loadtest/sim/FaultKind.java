package io.plimsoll.loadtest.sim;

import java.util.Locale;

/**
 * What can go wrong. Those of the disk that {@link #destructive} names are more than one copy of a journal can survive:
 * of them it is asked that they are noticed and never lead to a wrong state.
 */
public enum FaultKind
{
    /** The manager's process ends; parameter: after that many writes, syncs and renames, in the middle of one. */
    MANAGER_CRASH(Target.MANAGER, true, false),
    /** The manager's process gets no time. */
    MANAGER_PAUSE(Target.MANAGER, true, false),
    /** The manager's machine loses power; parameter: what becomes of writes that were not forced. */
    MANAGER_POWER_CUT(Target.MANAGER, true, false),
    /** An agent's process ends; parameter: after that many things that it does to the world. */
    AGENT_CRASH(Target.HOST, true, false),
    /** An agent's process gets no time; its kernels and their supervisors do. */
    AGENT_FREEZE(Target.HOST, true, false),
    /** A machine starts again; its files are there. */
    HOST_REBOOT(Target.HOST, true, false),
    /** A machine loses power, and with it files that were not forced. */
    HOST_POWER_CUT(Target.HOST, true, false),
    /** A machine comes back as it was a while ago: restored from a copy. */
    HOST_OLD_STATE(Target.HOST, true, false),
    /** The link of an agent is reset. */
    LINK_CUT(Target.HOST, false, false),
    /** All links are reset, again and again. */
    RECONNECT_STORM(Target.NETWORK, true, false),
    /** Nothing passes between a host and the manager. */
    PARTITION(Target.HOST, true, false),
    /** Nothing passes to the manager. */
    PARTITION_TO_MANAGER(Target.HOST, true, false),
    /** Nothing passes to the agent. */
    PARTITION_TO_AGENT(Target.HOST, true, false),
    /** Datagrams are lost; where a stream promises to have no holes, it breaks. */
    NET_LOSS(Target.NETWORK, true, false),
    /** What was sent comes twice. */
    NET_DUPLICATES(Target.NETWORK, true, false),
    /** Datagrams overtake each other. */
    NET_REORDER(Target.NETWORK, true, false),
    /** Everything takes seconds. */
    NET_DELAY(Target.NETWORK, true, false),
    /** Kernels fail to start. */
    LAUNCH_FAILURES(Target.HOST, true, false),
    /** The clock that measures on a machine goes wrong; parameter: parts per million. */
    CLOCK_DRIFT(Target.ANY, true, false),
    /** The manager's clock of the day jumps; parameter: milliseconds, forward or back. */
    CLOCK_JUMP(Target.MANAGER, false, false),
    /** Writes and syncs take their time. */
    DISK_SLOW(Target.MANAGER, true, false),
    /** Space runs short: what is set aside for accepted work is still there. */
    DISK_SHORT(Target.MANAGER, true, false),
    /** No space at all. */
    DISK_FULL(Target.MANAGER, true, false),
    /** The next sync fails; parameter odd: and what it should have written is forgotten. */
    DISK_SYNC_FAILS(Target.MANAGER, false, false),
    /** Syncs do nothing and say that they did. */
    DISK_SYNC_LIES(Target.MANAGER, true, true),
    /** One write never arrives at the disk. */
    DISK_LOST_WRITE(Target.MANAGER, false, true),
    /** One write arrives at another place of the disk. */
    DISK_MISDIRECTED(Target.MANAGER, false, true),
    /** A bit of what is stored turns over. */
    DISK_BIT_FLIP(Target.MANAGER, false, true);

    /** What a fault can hit. */
    public enum Target
    {
        MANAGER, HOST, NETWORK, ANY
    }

    private final Target target;
    private final boolean lasting;
    private final boolean destructive;

    FaultKind(final Target target, final boolean lasting, final boolean destructive)
    {
        this.target = target;
        this.lasting = lasting;
        this.destructive = destructive;
    }

    /** Name in plans and figures. */
    public String label()
    {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    Target target()
    {
        return target;
    }

    /** Whether it lasts for a time, or until whoever it hit is started again. */
    boolean lasting()
    {
        return lasting;
    }

    /** Whether promises may be lost by it. */
    boolean destructive()
    {
        return destructive;
    }
}
