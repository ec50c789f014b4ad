package io.plimsoll.manager.identity;

import java.time.Instant;

/**
 * An organisation that shares the cluster with others.
 *
 * @param accountId   of its account in the core.
 * @param name        unique.
 * @param description for people.
 * @param active      whether its users may come in.
 * @param policy      for all of it together.
 * @param createdAt   when it was made.
 */
public record Domain(
    int accountId, String name, String description, boolean active, Policy policy, Instant createdAt)
    implements Subject
{
}
