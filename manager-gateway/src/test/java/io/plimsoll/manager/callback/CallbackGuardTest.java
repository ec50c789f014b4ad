package io.plimsoll.manager.callback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallbackGuardTest
{
    private static CallbackGuard guard(final List<String> allow, final List<String> deny)
    {
        return new CallbackGuard(new CallbackOptions(allow, deny, 1, 1));
    }

    private static String objection(final CallbackGuard guard, final String address) throws Exception
    {
        return guard.objection(CallbackUrl.parse("http://hooks.example.org/"), InetAddress.getByName(address));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "127.0.0.1", "127.9.9.9", "0.0.0.0", "169.254.169.254", "169.254.0.1", "100.100.100.200", "224.0.0.1",
        "255.255.255.255", "::1", "::", "fe80::1", "ff02::1", "fd00:ec2::254", "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe", "::7f00:1", "2002:7f00:1::", "2002:a9fe:a9fe::1"})
    void shouldKeepFromThisHostItsLinksAndTheirServices(final String address) throws Exception
    {
        assertNotNull(objection(guard(List.of(), List.of()), address));
        assertNotNull(objection(guard(List.of("hooks.example.org"), List.of()), address), "a name is not enough");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.1.2.3", "192.168.0.1", "93.184.216.34", "2001:db8::1", "64:ff9b::5db8:d822"})
    void shouldLetThroughWhatIsElsewhere(final String address) throws Exception
    {
        assertNull(objection(guard(List.of(), List.of()), address));
    }

    @Test
    void shouldDoAsTheOperatorSays() throws Exception
    {
        assertNull(objection(guard(List.of("127.0.0.0/8"), List.of()), "127.0.0.1"));
        assertNotNull(objection(guard(List.of("127.0.0.0/8"), List.of()), "10.0.0.1"));
        assertNotNull(objection(guard(List.of("127.0.0.0/8"), List.of("127.0.0.1")), "127.0.0.1"));
        assertNotNull(objection(guard(List.of(), List.of("10.0.0.0/8")), "10.0.0.1"));
        assertNotNull(objection(guard(List.of(), List.of("*.example.org")), "11.0.0.1"));
        assertNull(objection(guard(List.of("*.example.org"), List.of()), "11.0.0.1"));
        assertNotNull(objection(guard(List.of("other.example.org"), List.of()), "11.0.0.1"));
        final CallbackUrl literal = CallbackUrl.parse("http://[::1]:80/");
        assertEquals("::1", literal.host());
        assertNotNull(guard(List.of(), List.of()).objection(literal));
        assertNotNull(guard(List.of("a.example.org"), List.of()).objection(CallbackUrl.parse("http://b.example.org/")));
        assertThrows(IllegalArgumentException.class, () -> guard(List.of("no host"), List.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "ftp://a/", "file:///etc/passwd", "http:///x", "http://user:word@a/", "http://a/#b", "a", "http://a:70000/",
        "http://a:0/", "http://a b/", "https://a/\u00e4", "http://a/\r\nX: y", "gopher://a/"})
    void shouldRefuseWhatIsNoPlainUrl(final String text)
    {
        assertThrows(IllegalArgumentException.class, () -> CallbackUrl.parse(text));
    }

    @Test
    void shouldReadAUrl()
    {
        final CallbackUrl url = CallbackUrl.parse("https://Hooks.Example.org?a=b");
        assertEquals("https://hooks.example.org:443", url.target());
        assertEquals("/?a=b", url.path());
    }
}
