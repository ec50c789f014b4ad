package io.plimsoll.manager.identity;

/** What the database refused because of what is in it. */
public final class IdentityException extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    private final String code;

    /**
     * Says so.
     *
     * @param code    stable name.
     * @param message for people.
     */
    public IdentityException(final String code, final String message)
    {
        super(message, null, false, false);
        this.code = code;
    }

    /** Stable name. */
    public String code()
    {
        return code;
    }
}
