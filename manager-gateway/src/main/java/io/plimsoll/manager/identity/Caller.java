package io.plimsoll.manager.identity;

/**
 * Who calls, from the moment at which a token was known until the request is answered.
 *
 * @param role      what it may do.
 * @param name      of the user.
 * @param accessKey of the keypair, empty for the administrator's own token.
 * @param ownerId   account that what it submits counts for unless it says so; 0 for the administrator.
 * @param userId    account of the user; 0 for the administrator.
 * @param domainId  account of its domain; 0 for the administrator.
 */
public record Caller(Role role, String name, String accessKey, int ownerId, int userId, int domainId)
{
    /** Whoever holds the token of the data directory. */
    public static final Caller ADMINISTRATOR = new Caller(Role.SUPERADMIN, "administrator", "", 0, 0, 0);

    /** Whether it is somebody whom the database knows. */
    public boolean isKeypair()
    {
        return 0 != userId;
    }
}
