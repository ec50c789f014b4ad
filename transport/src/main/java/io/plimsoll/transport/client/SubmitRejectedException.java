package io.plimsoll.transport.client;

/** The manager did not take a session, or refuses the client. */
public final class SubmitRejectedException extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;
    private final String field;
    private final int retryAfterMs;

    /**
     * A refusal.
     *
     * @param status       as of the HTTP API; 401 if the client is refused.
     * @param code         stable name in kebab case.
     * @param field        that is wrong, may be empty.
     * @param detail       for people.
     * @param retryAfterMs when the same may be taken, 0: not as it is.
     */
    public SubmitRejectedException(
        final int status, final String code, final String field, final String detail, final int retryAfterMs)
    {
        super(code + ": " + detail, null, false, false);
        this.status = status;
        this.code = code;
        this.field = field;
        this.retryAfterMs = retryAfterMs;
    }

    public int status()
    {
        return status;
    }

    public String code()
    {
        return code;
    }

    public String field()
    {
        return field;
    }

    public int retryAfterMs()
    {
        return retryAfterMs;
    }
}
