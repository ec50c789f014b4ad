package io.plimsoll.manager;

import io.plimsoll.manager.identity.Caller;

/** Tells who holds an API token. Safe for any thread, and takes as long for wrong tokens as for right ones. */
@FunctionalInterface
public interface TokenCheck
{
    /**
     * Holder of a token.
     *
     * @param token as the client sent it.
     * @return who it is, null if the token is nobody's.
     * @throws io.plimsoll.manager.database.DatabaseUnavailableException if that cannot be told now.
     */
    Caller callerOf(String token);
}
