package io.plimsoll.manager.identity;

import java.time.Instant;

/**
 * Somebody, or a service, of one domain.
 *
 * @param accountId        of its account in the core.
 * @param name             unique.
 * @param domainId         account of its domain.
 * @param role             what it may do.
 * @param defaultProjectId that its sessions count for unless they say so; 0: none.
 * @param description      for people.
 * @param active           whether it may come in.
 * @param policy           for all its keypairs together.
 * @param createdAt        when it was made.
 */
public record User(
    int accountId,
    String name,
    int domainId,
    Role role,
    int defaultProjectId,
    String description,
    boolean active,
    Policy policy,
    Instant createdAt)
    implements Subject
{
}
