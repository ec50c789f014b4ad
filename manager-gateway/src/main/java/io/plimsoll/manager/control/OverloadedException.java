package io.plimsoll.manager.control;

import java.util.List;

/** A bound was reached (ring, pending sessions, disk reserve): nothing was taken, the same call may work later. */
public final class OverloadedException extends RuntimeException
{
    /** The ring takes no more. */
    public static final String RING_FULL = "ring-full";
    /** More calls wait for their answer than may. */
    public static final String TOO_MANY_CALLS = "too-many-calls";
    /** The account has as much under way as its share of the ring is. */
    public static final String OWNER_BUSY = "owner-busy";
    /** As many sessions wait as may. */
    public static final String TOO_MANY_PENDING = "too-many-pending";

    private static final long serialVersionUID = 1L;

    private final String code;
    private final int retryAfterSeconds;
    private final transient List<SubmitReply> accepted;

    /**
     * A refusal for now.
     *
     * @param code              what is full, in kebab case, such as {@code ring-full} or {@code no-space}.
     * @param retryAfterSeconds when it is worth trying again.
     */
    public OverloadedException(final String code, final int retryAfterSeconds)
    {
        this(code, retryAfterSeconds, List.of());
    }

    private OverloadedException(
        final String code, final int retryAfterSeconds, final List<SubmitReply> accepted)
    {
        super(code, null, false, false);
        this.code = code;
        this.retryAfterSeconds = retryAfterSeconds;
        this.accepted = accepted;
    }

    /** The same refusal, behind chunks that were accepted. */
    OverloadedException behind(final List<SubmitReply> acceptedBefore)
    {
        return new OverloadedException(code, retryAfterSeconds, List.copyOf(acceptedBefore));
    }

    /** Chunks of the same request that were accepted before this refusal, and stay so. */
    public List<SubmitReply> accepted()
    {
        return accepted;
    }

    /** Whether a moment may be enough: it was room on the way to the core that was missing. */
    public boolean isForNow()
    {
        return switch (code)
        {
            case RING_FULL, TOO_MANY_CALLS, OWNER_BUSY -> true;
            default -> false;
        };
    }

    public String code()
    {
        return code;
    }

    public int retryAfterSeconds()
    {
        return retryAfterSeconds;
    }
}
