package io.plimsoll.manager.control;

import java.util.List;

/**
 * One submission.
 *
 * @param ownerId        of the submitter; 0 is the administrator of a fresh installation.
 * @param idempotencyKey null, or the client's key: the same key with the same body gets the same answer for 24 h.
 * @param body           bytes over which the body hash is made when there is a key; may be empty otherwise.
 * @param sessions       at least one.
 */
public record SubmitRequest(int ownerId, String idempotencyKey, byte[] body, List<SessionRequest> sessions)
{
}
