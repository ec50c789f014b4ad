package io.plimsoll.manager.identity;

import java.time.Instant;

/**
 * What somebody proves itself with.
 *
 * @param accountId    of its account in the core.
 * @param name         its access key, unique and no secret.
 * @param userId       account of its user.
 * @param secretSha256 of the secret, in hexadecimal digits.
 * @param description  for people.
 * @param active       whether it lets in.
 * @param policy       for what is submitted with it.
 * @param createdAt    when it was made.
 * @param expiresAt    when it ends; null: never.
 */
public record Keypair(
    int accountId,
    String name,
    int userId,
    String secretSha256,
    String description,
    boolean active,
    Policy policy,
    Instant createdAt,
    Instant expiresAt)
    implements Subject
{
    /** Without the hash. */
    @Override
    public String toString()
    {
        return "Keypair[" + name + "]";
    }
}
