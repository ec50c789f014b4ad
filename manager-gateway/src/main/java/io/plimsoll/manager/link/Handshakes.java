package io.plimsoll.manager.link;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Handshakes that the core has not answered yet, by correlation id. The thread of the links adds, egress takes. */
public final class Handshakes
{
    private final Map<Long, Handshake> handshakeByCorrelationId = new ConcurrentHashMap<>();

    void add(final Handshake handshake)
    {
        handshakeByCorrelationId.put(handshake.correlationId(), handshake);
    }

    /** Null if it is not one of this process, or was given up. */
    Handshake take(final long correlationId)
    {
        return handshakeByCorrelationId.remove(correlationId);
    }

    int size()
    {
        return handshakeByCorrelationId.size();
    }
}
