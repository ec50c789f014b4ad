package io.plimsoll.manager.identity;

import java.time.Instant;

/**
 * What users of a domain do together.
 *
 * @param accountId   of its account in the core.
 * @param name        unique.
 * @param domainId    account of its domain.
 * @param description for people.
 * @param active      whether sessions may be submitted for it.
 * @param policy      for all of it together.
 * @param createdAt   when it was made.
 */
public record Project(
    int accountId, String name, int domainId, String description, boolean active, Policy policy, Instant createdAt)
    implements Subject
{
}
