package io.plimsoll.manager;

import io.plimsoll.manager.identity.Caller;

/** Tells who calls. Safe for any thread, and takes as long for wrong tokens as for right ones. */
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

    /**
     * Who signs with an access key.
     *
     * @param accessKey as the client sent it.
     * @return null if that is nobody who may come in.
     * @throws io.plimsoll.manager.database.DatabaseUnavailableException if that cannot be told now.
     */
    default Signatory signatory(final String accessKey)
    {
        return null;
    }

    /**
     * Who somebody is by now who was let in before, for what goes on for long.
     *
     * @param caller as it was let in.
     * @return the same with what it may do now; null if it may not come in any more.
     */
    default Caller present(final Caller caller)
    {
        return caller;
    }

    /**
     * Somebody who signs.
     *
     * @param caller who it is, if the signature is right.
     * @param secret of the keypair.
     */
    record Signatory(Caller caller, String secret)
    {
        /** Without the secret. */
        @Override
        public String toString()
        {
            return "Signatory[" + caller + "]";
        }
    }
}
