package io.plimsoll.manager.link;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.plimsoll.transport.link.LinkEndpoint;
import io.plimsoll.transport.sbe.AssignEncoder;
import io.plimsoll.transport.sbe.MessageHeaderEncoder;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DownlinkPublisherTest
{
    /** Addresses of 1,024 hosts of 64 characters each are more than a text can be, and than there may be room for. */
    @ParameterizedTest
    @CsvSource({
        "0, 90000, 0",
        "65534, 90000, 65534",
        "65535, 90000, 0",
        "66559, 90000, 0",
        "1000, 1002, 1000",
        "1000, 1001, 0",
        "0, 2, 0"})
    void shouldSendAddressesThatFit(final int length, final int space, final int expected)
    {
        final UnsafeBuffer frame = new UnsafeBuffer(new byte[LinkEndpoint.FRAME_LENGTH_MAX]);
        final AssignEncoder assign = new AssignEncoder().wrapAndApplyHeader(frame, 0, new MessageHeaderEncoder());
        assign.slotsCount(0);
        assign.hostsCount(0);
        assign.putSpec(new byte[0], 0, 0);
        final String fitting = DownlinkPublisher.fitting("x".repeat(length), space);
        assign.addresses(fitting);
        assertEquals(expected, fitting.length());
    }
}
