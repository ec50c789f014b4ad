package io.plimsoll.core;

import io.plimsoll.core.sbe.RejectCode;

/** Why a command is refused, gathered while it is checked: a flyweight of the deciding thread. */
final class Rejection
{
    long correlationId;
    int source;
    RejectCode code;
    int entryIndex;
    long subject;
    long requested;
    long limit;

    Rejection reset(final long correlation, final int commandSource)
    {
        correlationId = correlation;
        source = commandSource;
        code = RejectCode.NONE;
        entryIndex = 0;
        subject = 0;
        requested = 0;
        limit = 0;
        return this;
    }

    Rejection because(final RejectCode rejectCode, final long asked, final long most)
    {
        code = rejectCode;
        requested = asked;
        limit = most;
        return this;
    }
}
