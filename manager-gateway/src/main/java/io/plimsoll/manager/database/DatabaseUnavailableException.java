package io.plimsoll.manager.database;

/** The database does not answer now; what was asked for may be repeated. Without a stack trace: it is no mistake. */
public final class DatabaseUnavailableException extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    private final String code;
    private final int retryAfterSeconds;

    /**
     * Says so.
     *
     * @param code              {@code database-unavailable}, {@code database-starting} or {@code database-off}.
     * @param message           for people.
     * @param retryAfterSeconds when it may be worth while; 0: never.
     */
    public DatabaseUnavailableException(final String code, final String message, final int retryAfterSeconds)
    {
        super(message, null, false, false);
        this.code = code;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    /** There is no database, and there will be none. */
    public static DatabaseUnavailableException off()
    {
        return new DatabaseUnavailableException(
            "database-off",
            "this manager was told to keep no identities (database: none); only its administrator's token is known",
            0);
    }

    /** Stable name. */
    public String code()
    {
        return code;
    }

    public int retryAfterSeconds()
    {
        return retryAfterSeconds;
    }
}
