package io.plimsoll.manager.identity;

/**
 * Whom an account stands for, as numbers of accounts; 0: it says nothing of that.
 *
 * @param domainId  always there.
 * @param projectId in which it works.
 * @param userId    whose it is.
 * @param keypairId with which it was submitted.
 */
public record Owner(int domainId, int projectId, int userId, int keypairId)
{
}
