package io.plimsoll.manager.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest
{
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8,       10.255.0.1,       true",
        "10.0.0.0/8,       11.0.0.1,         false",
        "10.1.2.3/8,       10.9.9.9,         true",
        "192.168.1.128/25, 192.168.1.127,    false",
        "192.168.1.128/25, 192.168.1.255,    true",
        "192.168.1.1,      192.168.1.1,      true",
        "192.168.1.1,      192.168.1.2,      false",
        "0.0.0.0/0,        8.8.8.8,          true",
        "0.0.0.0/0,        2001:db8::1,      false",
        "fd00::/8,         fdff:1::2,        true",
        "fd00::/8,         fe00::2,          false",
        "::/0,             ::1,              true",
        "::/0,             127.0.0.1,        false",
        "2001:db8::/127,   2001:db8::1,      true",
        "2001:db8::/127,   2001:db8::2,      false"
    })
    void shouldContainWhatBeginsAlike(final String network, final String address, final boolean contains)
        throws UnknownHostException
    {
        assertTrue(Network.isValid(network));
        assertEquals(contains, Network.parse(network).contains(InetAddress.getByName(address)));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "/", "/8", "10", "10.0.0", "10.0.0.0.0", "256.0.0.1", "010.0.0.1", "0x7f.0.0.1", "10.0.0.0/", "10.0.0.0/33",
        "10.0.0.0/-1", "10.0.0.0/08", "10.0.0.0/8/8", "::/129", "1::2::3", ":::", "[::1]", "fe80::1%eth0", "g::1",
        "example.org", "example.org/8", "10.0.0.1:80", "10.0.0.0 /8"
    })
    void shouldRefuseWhatIsNone(final String text)
    {
        assertFalse(Network.isValid(text));
        assertThrows(IllegalArgumentException.class, () -> Network.parse(text));
    }

    @Test
    void shouldKeepAnAddressOfVersionSixThatCarriesOneOfVersionFour() throws UnknownHostException
    {
        final Network network = Network.parse("::ffff:10.0.0.0/104");
        assertFalse(network.contains(InetAddress.getByName("10.1.2.3")));
    }
}
