package io.plimsoll.manager.control;

import java.util.List;

/** A bound was reached (ring, pending sessions, disk reserve): nothing was taken, the same call may work later. */
public final class OverloadedException extends RuntimeException
{
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

    public String code()
    {
        return code;
    }

    public int retryAfterSeconds()
    {
        return retryAfterSeconds;
    }
}
