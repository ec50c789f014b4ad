package io.plimsoll.manager.history;

/**
 * Whose sessions somebody sees, as numbers of accounts.
 *
 * @param domainId all of this domain; 0: it does not matter.
 * @param userId   all of this user; 0: it does not matter.
 */
public record Scope(int domainId, int userId)
{
    /** Everybody's. */
    public static final Scope ALL = new Scope(0, 0);
}
