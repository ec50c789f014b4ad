package io.plimsoll.manager.why;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.manager.view.ExplanationView;
import io.plimsoll.manager.view.SessionView;
import java.util.List;
import java.util.Map;

/**
 * What a journal tells of one session; immutable. A session is considered whenever a record frees room in its group,
 * gives room to somebody else there, or changes agents, limits, options or what the session depends on; it is passed
 * over when it still waits behind that record.
 *
 * @param session  as it stood at its end, or at the last record that was looked at.
 * @param life     its states, in order.
 * @param waits    times during which it waited, in order.
 * @param examined after how many of the records at which it was passed over the scheduler was asked why.
 * @param passed   number of those records in all.
 * @param from     first record that was looked at, if that is behind its submission; null if it is not.
 * @param to       last record that was looked at.
 */
public record WaitStory(
    SessionView session, List<Step> life, List<Wait> waits, long examined, long passed, Point from, Point to)
{
    /**
     * A record.
     *
     * @param sequence    of it.
     * @param timestampNs epoch nanoseconds.
     */
    public record Point(long sequence, long timestampNs)
    {
    }

    /**
     * A state that the session entered.
     *
     * @param at       where.
     * @param state    that it entered.
     * @param reason   why.
     * @param attempt  number of the attempt.
     * @param exitCode -1: none.
     */
    public record Step(Point at, LifeState state, Reason reason, int attempt, int exitCode)
    {
    }

    /**
     * A time during which the session waited.
     *
     * @param from     record that made it wait.
     * @param to       record that ended the wait; null if it still waits.
     * @param passed   records at which it was passed over.
     * @param passages what stood in the way, in order.
     * @param compact  whether passages with the same cause stand together, because they took turns too often.
     * @param freed    what happened in the record that ended the wait; empty if it still waits.
     * @param placed   what it got in that record.
     */
    public record Wait(
        Point from,
        Point to,
        long passed,
        List<Passage> passages,
        boolean compact,
        List<String> freed,
        List<Placement> placed)
    {
    }

    /**
     * A stretch of a wait in which the same stood in the way.
     *
     * @param from      first record after which it did.
     * @param to        where that ended: the next passage begins there, or the wait ends.
     * @param lengthNs  of all stretches together.
     * @param passed    records at which the session was passed over.
     * @param examined  how many of these were looked into.
     * @param first     what the scheduler said at first.
     * @param last      what it said last.
     * @param waitsFor  causes, as explain names them.
     * @param summary   what it said at first, in a sentence.
     * @param meanwhile who was placed in its group.
     */
    public record Passage(
        Point from,
        Point to,
        long lengthNs,
        long passed,
        long examined,
        ExplanationView first,
        ExplanationView last,
        List<String> waitsFor,
        String summary,
        Meanwhile meanwhile)
    {
    }

    /**
     * Who was placed in the session's group while it waited.
     *
     * @param sessions placed, counted once an attempt.
     * @param kernels  of them.
     * @param later    of the sessions, those that were submitted after this one.
     * @param byOwner  sessions by owner, the most first.
     * @param examples some of the kernels.
     */
    public record Meanwhile(
        long sessions, long kernels, long later, Map<String, Long> byOwner, List<Placement> examples)
    {
    }

    /**
     * A kernel that was placed.
     *
     * @param at          record.
     * @param sessionId   of it.
     * @param owner       name of the owner.
     * @param agent       name of the agent.
     * @param cpuMillis   that it got.
     * @param memoryBytes that it got.
     * @param slots       what else it got, by name.
     */
    public record Placement(
        Point at,
        long sessionId,
        String owner,
        String agent,
        long cpuMillis,
        long memoryBytes,
        Map<String, Long> slots)
    {
    }
}
