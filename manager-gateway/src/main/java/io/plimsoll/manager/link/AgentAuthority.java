package io.plimsoll.manager.link;

import java.util.UUID;

/** Who may connect as an agent. Called by the thread of the links. */
public interface AgentAuthority
{
    /**
     * Whether a credential is that of an agent. Takes as long for wrong ones as for right ones.
     *
     * @param uuid       of the agent.
     * @param credential as it was sent.
     */
    boolean admits(UUID uuid, String credential);

    /**
     * Exchanges a join token for a credential, and stores what is needed to know it again.
     *
     * @param uuid      of the agent; a credential it had before is void.
     * @param joinToken its {@code id.secret} part.
     * @return the credential, null if the token is wrong.
     */
    String join(UUID uuid, String joinToken);
}
