package io.plimsoll.manager.control;

import io.plimsoll.core.sbe.RejectCode;
import java.util.ArrayList;
import java.util.List;
import org.agrona.collections.IntArrayList;
import org.agrona.concurrent.NanoClock;

/**
 * Sessions of one sender that have nothing to do with each other: what is wrong with one is told of that one alone.
 * They are gathered into chunks, of which several are under way at a time. The core refuses a chunk whole and names the
 * first session that is wrong: what stands before it is sent again, it is told, and the rest is sent in attempts that
 * become half as large with each refusal and twice as large with each success, so that neither a few bad sessions nor
 * nothing but bad ones cost much. A full ring, or one in which their account has its share already, is waited for,
 * within bounds.
 * <p>
 * With an idempotency key each session goes as a command of its own, under the key and its number: how a chunk was cut
 * by refusals could not be known again when the request is repeated.
 * <p>
 * One thread, that of the loop it is given.
 */
public final class BulkSubmission
{
    /**
     * Sessions of one command: a command is decided, stored and shown as one, and what others submit stands behind all
     * of it.
     */
    static final int PIECE_SESSIONS_MAX = 250;
    /** Sessions under way beyond which no more should be added. */
    static final int SESSIONS_IN_FLIGHT_MAX = 16 * SubmissionChunk.SESSIONS_MAX;
    /** Commands under way beyond which no more should be added. */
    static final int COMMANDS_IN_FLIGHT_MAX = 512;

    private final PatientSubmitter submitter;
    private final String key;
    private final NanoClock clock;
    private final Outcomes outcomes;
    private Piece open = new Piece();
    private int commands;
    private int sessions;
    private boolean abandoned;

    /**
     * An empty one.
     *
     * @param control  where they go.
     * @param key      idempotency key; null: none.
     * @param loop     on which everything happens.
     * @param clock    monotonic.
     * @param outcomes are told what became of each.
     */
    public BulkSubmission(
        final ClusterControl control,
        final String key,
        final Loop loop,
        final NanoClock clock,
        final Outcomes outcomes)
    {
        submitter = new PatientSubmitter(control, loop, clock);
        this.key = key;
        this.clock = clock;
        this.outcomes = outcomes;
    }

    /**
     * Adds a session, which goes when its chunk is full, or with {@link #flush}.
     *
     * @param session to submit.
     * @param tag     with which its outcome is told.
     */
    public void add(final PreparedSession session, final int tag)
    {
        if (!open.tryAdd(session, tag))
        {
            flush();
            open.tryAdd(session, tag);
        }
    }

    /**
     * Adds a session that goes at once, under the idempotency key.
     *
     * @param session to submit.
     * @param tag     with which its outcome is told.
     * @param number  of the session in the request, the same whenever that is repeated.
     * @param body    of the session, which is to be the same as well.
     */
    public void addKeyed(final PreparedSession session, final int tag, final int number, final byte[] body)
    {
        open.tryAdd(session, tag);
        open.chunk.keyed(key, number, body);
        flush();
    }

    /** Sends what has been gathered. */
    public void flush()
    {
        if (open.chunk.size() > 0)
        {
            final Piece piece = open;
            open = new Piece();
            sessions += piece.remaining();
            commands++;
            piece.begin(clock.nanoTime() + PatientSubmitter.PATIENCE_NS);
            offer(piece);
        }
    }

    /** Whether no more should be added until some are answered. */
    public boolean isFull()
    {
        return commands >= COMMANDS_IN_FLIGHT_MAX || sessions >= SESSIONS_IN_FLIGHT_MAX;
    }

    /** Whether nothing is under way. */
    public boolean isIdle()
    {
        return 0 == commands;
    }

    /** Nobody waits any more: what is not under way yet is not sent, and nothing is told. */
    public void abandon()
    {
        abandoned = true;
        submitter.close();
    }

    private void offer(final Piece piece)
    {
        submitter.submit(
            piece.chunk, null, piece.deadlineNs, (reply, error) -> onAnswer(piece, reply, error));
    }

    private void onAnswer(final Piece piece, final SubmitReply reply, final Throwable error)
    {
        if (abandoned)
        {
            return;
        }
        final int before = piece.remaining();
        if (null == error)
        {
            accepted(piece, reply);
        }
        else
        {
            refused(piece, error);
        }
        sessions -= before - piece.remaining();
        if (piece.remaining() > 0)
        {
            piece.cut();
            offer(piece);
        }
        else
        {
            commands--;
        }
        outcomes.onProgress();
    }

    private void accepted(final Piece piece, final SubmitReply reply)
    {
        final int count = piece.chunk.size();
        long id = reply.firstId();
        for (int i = 0; i < count; i++)
        {
            final PreparedSession session = piece.chunk.session(i);
            outcomes.onAccepted(piece.tags.getInt(piece.first + i), session, id, reply);
            id += session.count();
        }
        piece.passed(count);
    }

    private void refused(final Piece piece, final Throwable error)
    {
        if (isTooManyPending(error) && piece.chunk.size() > 1)
        {
            piece.halve();
        }
        else if (isTooManyPending(error))
        {
            refuseAlike(piece, error);
        }
        else if (error instanceof final CommandRejectedException rejected && isOfOne(rejected.code()))
        {
            final int index = Math.min(rejected.entryIndex(), piece.chunk.size() - 1);
            outcomes.onRefused(piece.tags.getInt(piece.first + index), error);
            piece.remove(index);
        }
        else
        {
            for (int i = piece.first; i < piece.tags.size(); i++)
            {
                outcomes.onRefused(piece.tags.getInt(i), error);
            }
            piece.passed(piece.remaining());
        }
    }

    /** What its group has no room for, and all behind it that ask for as much there: others may find room. */
    private void refuseAlike(final Piece piece, final Throwable error)
    {
        final PreparedSession full = piece.chunk.session(0);
        int index = 0;
        while (index < piece.remaining())
        {
            final PreparedSession session = piece.sessions.get(piece.first + index);
            if (full.group().equals(session.group()) && session.count() >= full.count())
            {
                outcomes.onRefused(piece.tags.getInt(piece.first + index), error);
                piece.remove(index);
            }
            else
            {
                index++;
            }
        }
        piece.passed(0);
    }

    /** Whether fewer sessions may find room where these did not. */
    private static boolean isTooManyPending(final Throwable error)
    {
        return error instanceof final CommandRejectedException rejected ?
            RejectCode.TOO_MANY_PENDING == rejected.code() :
            error instanceof final OverloadedException overloaded &&
                OverloadedException.TOO_MANY_PENDING.equals(overloaded.code());
    }

    /** Whether a refusal is about one session rather than about the cluster. */
    private static boolean isOfOne(final RejectCode code)
    {
        return switch (code)
        {
            case LOST_TAIL, POISONED -> false;
            default -> true;
        };
    }

    /** Sessions that were gathered into one chunk, of which the present chunk holds the next ones. */
    private static final class Piece
    {
        private final IntArrayList tags = new IntArrayList();
        private final List<PreparedSession> sessions = new ArrayList<>();
        private SubmissionChunk chunk = new SubmissionChunk();
        private int first;
        private int attempt = PIECE_SESSIONS_MAX;
        /** Sessions from the first on that the core has found nothing wrong with. */
        private int good;
        private long deadlineNs;

        boolean tryAdd(final PreparedSession session, final int tag)
        {
            if (sessions.size() == PIECE_SESSIONS_MAX || !chunk.tryAdd(session))
            {
                return false;
            }
            sessions.add(session);
            tags.addInt(tag);
            return true;
        }

        void begin(final long deadline)
        {
            deadlineNs = deadline;
            attempt = sessions.size();
        }

        int remaining()
        {
            return sessions.size() - first;
        }

        void passed(final int count)
        {
            first += count;
            good = 0;
            attempt = Math.min(PIECE_SESSIONS_MAX, 2 * attempt);
        }

        void remove(final int index)
        {
            sessions.remove(first + index);
            tags.removeAt(first + index);
            good = index;
            attempt = Math.max(1, attempt / 2);
        }

        void halve()
        {
            good = 0;
            attempt = Math.max(1, chunk.size() / 2);
        }

        /** Makes the chunk of the next attempt. */
        void cut()
        {
            final int size = Math.min(remaining(), good > 0 ? good : attempt);
            chunk = new SubmissionChunk();
            for (int i = first; i < first + size; i++)
            {
                chunk.tryAdd(sessions.get(i));
            }
        }
    }

    /** The thread on which everything happens. */
    public interface Loop
    {
        /** Runs something there, soon. */
        void execute(Runnable action);

        /** Runs something there after a delay in nanoseconds. */
        void schedule(Runnable action, long delayNs);
    }

    /** Is told what became of each session, exactly once. */
    public interface Outcomes
    {
        /**
         * A session was accepted and journalled.
         *
         * @param tag     that it was added with.
         * @param session that was added.
         * @param firstId its id, or the first ones of an array.
         * @param reply   of its command.
         */
        void onAccepted(int tag, PreparedSession session, long firstId, SubmitReply reply);

        /**
         * A session was not taken; or, after a TimeoutException, nobody knows.
         *
         * @param tag   that it was added with.
         * @param error why.
         */
        void onRefused(int tag, Throwable error);

        /** There may be room again, or nothing under way any more. */
        void onProgress();
    }
}
