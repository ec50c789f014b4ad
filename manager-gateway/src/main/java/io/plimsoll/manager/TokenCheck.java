package io.plimsoll.manager;

/** Tells who holds an API token. Safe for any thread, and takes as long for wrong tokens as for right ones. */
@FunctionalInterface
public interface TokenCheck
{
    /** Nobody's token. */
    int UNKNOWN = -1;

    /**
     * Owner of a token.
     *
     * @param token as the client sent it.
     * @return id of the owner, 0 for the administrator, {@link #UNKNOWN} if the token is nobody's.
     */
    int ownerOf(String token);
}
