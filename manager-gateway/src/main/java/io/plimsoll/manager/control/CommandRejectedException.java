package io.plimsoll.manager.control;

import io.plimsoll.core.sbe.RejectCode;
import java.util.List;

/** The core understood a command and refused it; nothing was changed. */
public final class CommandRejectedException extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    private final RejectCode code;
    private final String field;
    private final int entryIndex;
    private final long subject;
    private final long requested;
    private final long limit;
    private final String detail;
    private final transient List<SubmitReply> accepted;

    /**
     * A refusal.
     *
     * @param code       machine-readable reason.
     * @param field      offending field or slot, empty if none.
     * @param entryIndex of the offending session in the request.
     * @param subject    offending id, 0 if none.
     * @param requested  amount asked for, where that is the matter.
     * @param limit      most that would be right.
     */
    public CommandRejectedException(
        final RejectCode code,
        final String field,
        final int entryIndex,
        final long subject,
        final long requested,
        final long limit)
    {
        this(code, field, entryIndex, subject, requested, limit, "");
    }

    /** The same, with all that is wrong in words; empty: what the numbers say is all. */
    public CommandRejectedException(
        final RejectCode code,
        final String field,
        final int entryIndex,
        final long subject,
        final long requested,
        final long limit,
        final String detail)
    {
        this(code, field, entryIndex, subject, requested, limit, detail, List.of());
    }

    private CommandRejectedException(
        final RejectCode code,
        final String field,
        final int entryIndex,
        final long subject,
        final long requested,
        final long limit,
        final String detail,
        final List<SubmitReply> accepted)
    {
        super(
            "code=" + code + " field=" + field + " entryIndex=" + entryIndex + " subject=" + subject +
                " requested=" + requested + " limit=" + limit + (detail.isEmpty() ? "" : " " + detail),
            null,
            false,
            false);
        this.code = code;
        this.field = field;
        this.entryIndex = entryIndex;
        this.subject = subject;
        this.requested = requested;
        this.limit = limit;
        this.detail = detail;
        this.accepted = accepted;
    }

    /** The same refusal, of a session that comes later in the request, behind chunks that were accepted. */
    CommandRejectedException behind(final int entryOffset, final List<SubmitReply> acceptedBefore)
    {
        return new CommandRejectedException(
            code, field, entryOffset + entryIndex, subject, requested, limit, detail, List.copyOf(acceptedBefore));
    }

    /** Chunks of the same request that were accepted before this refusal, and stay so. */
    public List<SubmitReply> accepted()
    {
        return accepted;
    }

    public RejectCode code()
    {
        return code;
    }

    /** All that is wrong, in words; may be empty. */
    public String detail()
    {
        return detail;
    }

    public String field()
    {
        return field;
    }

    public int entryIndex()
    {
        return entryIndex;
    }

    public long subject()
    {
        return subject;
    }

    public long requested()
    {
        return requested;
    }

    public long limit()
    {
        return limit;
    }
}
