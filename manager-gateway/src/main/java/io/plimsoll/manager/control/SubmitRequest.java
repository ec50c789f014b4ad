package io.plimsoll.manager.control;

import java.util.List;

/**
 * One submission.
 *
 * @param ownerId        of the submitter; 0 is the administrator of a fresh installation.
 * @param idempotencyKey null, or the client's key: the same key with the same body gets the same answer for 24 h.
 * @param body           bytes over which the body hash is made when there is a key; may be empty otherwise.
 * @param sessions       at least one.
 * @param origin         the request that it came from; null: none that anybody knows.
 */
public record SubmitRequest(
    int ownerId, String idempotencyKey, byte[] body, List<SessionRequest> sessions, RequestOrigin origin)
{
    /** One that came from no request that anybody knows. */
    public SubmitRequest(
        final int ownerId, final String idempotencyKey, final byte[] body, final List<SessionRequest> sessions)
    {
        this(ownerId, idempotencyKey, body, sessions, null);
    }

    /** The same, from a request. */
    public SubmitRequest from(final RequestOrigin request)
    {
        return new SubmitRequest(ownerId, idempotencyKey, body, sessions, request);
    }
}
