package io.plimsoll.core;

import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.SessionReservedDecoder;
import org.agrona.DirectBuffer;

/** Applies events about reservations. */
final class ReservationApplier
{
    private final CoreState state;
    private final SessionReservedDecoder reserved = new SessionReservedDecoder();

    ReservationApplier(final CoreState state)
    {
        this.state = state;
    }

    void onReserved(final DirectBuffer buffer, final int offset, final MessageHeaderDecoder header)
    {
        reserved.wrapAndApplyHeader(buffer, offset, header);
        final ReservationTable reservations = state.reservations;
        final int session = state.sessions.find(reserved.sessionId());
        final int number = reserved.number();
        final long startNs = reserved.startNs();
        if (Table.NONE != reservations.find(session, number))
        {
            reservations.remove(session, number);
        }
        int last = Table.NONE;
        for (final SessionReservedDecoder.PlacesDecoder place : reserved.places())
        {
            last = Table.NONE == last ?
                reservations.add(session, startNs, place.agentId(), place.kernels()) :
                reservations.addMore(last, place.agentId(), place.kernels());
        }
    }
}
