package io.plimsoll.manager.link;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgentAddressesTest
{
    @ParameterizedTest
    @CsvSource({
        "/10.0.0.7:41234, 10.0.0.7",
        "worker-7/10.0.0.7:41234, 10.0.0.7",
        "/[2001:db8:0:0:0:0:0:7]:41234, 2001:db8:0:0:0:0:0:7",
        "/[fe80:0:0:0:1:2:3:4%eth0]:41234, fe80:0:0:0:1:2:3:4",
        "/127.0.0.1:41234, ''",
        "/[0:0:0:0:0:0:0:1]:41234, ''",
        "memory, ''",
        "null, ''",
        "'', ''"})
    void shouldKnowWhereALinkComesFromUnlessItIsThisHost(final String peer, final String address)
    {
        assertEquals(address, AgentAddresses.ofPeer(peer));
    }
}
