package io.plimsoll.manager.control;

/** A bound was reached (ring, pending sessions, disk reserve): nothing was taken, the same call may work later. */
public final class OverloadedException extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    private final String code;
    private final int retryAfterSeconds;

    /**
     * A refusal for now.
     *
     * @param code              what is full, in kebab case, such as {@code ring-full} or {@code no-space}.
     * @param retryAfterSeconds when it is worth trying again.
     */
    public OverloadedException(final String code, final int retryAfterSeconds)
    {
        super(code, null, false, false);
        this.code = code;
        this.retryAfterSeconds = retryAfterSeconds;
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
