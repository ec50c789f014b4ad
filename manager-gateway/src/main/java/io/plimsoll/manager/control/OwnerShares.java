package io.plimsoll.manager.control;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much of what stands between the front ends and the core belongs to one account, so that no account can put more
 * than a bounded number of sessions in front of those of another. Counted is what has been offered to the ring and has
 * no answer yet. Of sessions that may wait for room an account may have a configured number under way, few enough that
 * all of them are decided, stored and shown in the time that others are to wait at most; of those that would be refused
 * {@value #AT_ONCE} times as many. Of commands it may have no more than all accounts
 * leave free (dynamic thresholds, Choudhury and Hahne 1998, with a factor of 1), so that a flood takes a half of what
 * there is, and the next one a half of the rest.
 * <p>
 * Who has nothing under way may always begin, whatever the size of it. Any thread; threads that come together may
 * exceed a share, or be refused below it, by what they bring.
 */
public final class OwnerShares
{
    /** How much more those may have under way who are refused rather than wait. */
    static final int AT_ONCE = 4;

    private final Map<Integer, Share> shares = new ConcurrentHashMap<>();
    private final AtomicInteger commands = new AtomicInteger();
    private final AtomicLong refused = new AtomicLong();
    private final int commandsMax;
    private volatile int sessionsMax;

    /**
     * Nothing is under way.
     *
     * @param sessionsMax under way for one account, at least 1.
     * @param commandsMax under way for all accounts: what the ring takes of users.
     */
    public OwnerShares(final int sessionsMax, final int commandsMax)
    {
        this.commandsMax = commandsMax;
        sessionsMax(sessionsMax);
    }

    /** Sessions that one account may have under way while others of it wait. */
    public int sessionsMax()
    {
        return sessionsMax;
    }

    /**
     * Changes it, for what comes from now on.
     *
     * @throws IllegalArgumentException if it is less than 1.
     */
    public void sessionsMax(final int value)
    {
        if (value < 1)
        {
            throw new IllegalArgumentException("sessionsMax=" + value + ": use 1 or more");
        }
        sessionsMax = value;
    }

    /** Commands that found the share of their account taken. */
    public long refusedCount()
    {
        return refused.get();
    }

    /** Sessions of an account that are under way. */
    public int sessions(final int ownerId)
    {
        final Share share = shares.get(ownerId);
        return null == share ? 0 : share.sessions.get();
    }

    /**
     * Takes a part of an account's share for a command.
     *
     * @param ownerId  account.
     * @param sessions of the command.
     * @param mayWait  whether it is offered again when there is no room, rather than refused.
     * @return false if there is no room: nothing was taken.
     */
    boolean tryEnter(final int ownerId, final int sessions, final boolean mayWait)
    {
        final long max = mayWait ? sessionsMax : (long)AT_ONCE * sessionsMax;
        final Share share = shares.computeIfAbsent(ownerId, id -> new Share());
        final int commandsBefore = share.commands.getAndIncrement();
        final int sessionsBefore = share.sessions.getAndAdd(sessions);
        final int allBefore = commands.getAndIncrement();
        if (commandsBefore > 0 &&
            ((long)sessionsBefore + sessions > max || commandsBefore >= commandsMax - allBefore))
        {
            leave(ownerId, sessions);
            refused.incrementAndGet();
            return false;
        }
        return true;
    }

    /** Gives it back: the command has its answer, or was not taken. */
    void leave(final int ownerId, final int sessions)
    {
        final Share share = shares.get(ownerId);
        share.commands.getAndDecrement();
        share.sessions.getAndAdd(-sessions);
        commands.getAndDecrement();
    }

    private static final class Share
    {
        private final AtomicInteger commands = new AtomicInteger();
        private final AtomicInteger sessions = new AtomicInteger();
    }
}
