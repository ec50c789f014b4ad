package io.plimsoll.manager.identity;

/**
 * Which entries of the audit log; a null field does not filter.
 *
 * @param actor  name of a user, whichever keypair it used.
 * @param action such as {@code user.create}, or the part before its dot.
 * @param target name of what was changed.
 * @param before entries with lower ids only; 0: from the newest on.
 * @param limit  most entries.
 */
public record AuditQuery(String actor, String action, String target, long before, int limit)
{
}
