package io.plimsoll.manager.identity;

import java.time.Instant;

/**
 * A change, or an attempt at one.
 *
 * @param id        rises; 0 before it is written.
 * @param at        when.
 * @param actor     who: name of the user and its access key, or the administrator.
 * @param role      of the actor.
 * @param source    address that it came from.
 * @param requestId of the request.
 * @param action    such as {@code user.create}.
 * @param target    name of what was changed.
 * @param result    {@code done}, or the code of the problem.
 * @param detail    what was asked for, without secrets.
 */
public record AuditEntry(
    long id,
    Instant at,
    String actor,
    String role,
    String source,
    String requestId,
    String action,
    String target,
    String result,
    String detail)
{
    /** Of a change that has been made. */
    public static final String DONE = "done";

    /** The same with another result. */
    public AuditEntry withResult(final String code)
    {
        return new AuditEntry(id, at, actor, role, source, requestId, action, target, code, detail);
    }
}
