package io.plimsoll.manager.callback;

/** One state of one session that somebody is to be told of, until it was taken. Of the stage's thread. */
final class CallbackDelivery
{
    final CallbackUrl url;
    final long sessionId;
    final long sequence;
    final long eventNs;
    final String id;
    final int ownerId;
    final byte[] body;
    int attempts;
    long nextNs;
    boolean isUnderWay;

    CallbackDelivery(
        final CallbackUrl url,
        final long sessionId,
        final int ownerId,
        final long sequence,
        final long eventNs,
        final String id,
        final byte[] body)
    {
        this.url = url;
        this.sessionId = sessionId;
        this.ownerId = ownerId;
        this.sequence = sequence;
        this.eventNs = eventNs;
        this.id = id;
        this.body = body;
    }
}
