package io.plimsoll.manager.control;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What engines say of the same references, as the tests of the distribution project have it. */
class ImageReferenceTest
{
    private static final String HEX = "0123456789abcdef".repeat(4);

    @ParameterizedTest
    @ValueSource(strings = {
        "i", "busybox", "busybox:1.36", "docker/docker", "library/debian", "docker.io/docker/docker", "localhost/x",
        "127.0.0.1:5000/docker/docker:UPPER_case-1.0", "reg:5000/a/b", "Reg.Example.Org/a", "UPPER:443/case",
        "[2001:db8::1]:5000/a", "[::1]/a", "a__b/c-----d/e.f_g", "x.y/z:_", "a/b/c/d/e/f:latest", "1a3f", "0x/1:2"})
    void shouldTakeWhatEnginesTake(final String image)
    {
        assertDoesNotThrow(() -> ImageReference.check(image));
    }

    @Test
    void shouldTakeDigestsAndIds()
    {
        for (final String image : new String[]{
            "a@sha256:" + HEX, "reg:5000/a/b:1@sha256:" + HEX, "a@sha512:" + HEX + HEX, "a@blake3:" + HEX,
            "sha256:" + HEX, HEX})
        {
            assertDoesNotThrow(() -> ImageReference.check(image));
        }
        assertDoesNotThrow(() -> ImageReference.check("a:" + "t".repeat(128)));
        assertDoesNotThrow(() -> ImageReference.check("r.io/" + "a/".repeat(127) + "b"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "UPPER/case|the name \"UPPER/case\" has capitals; right is upper/case, or, if UPPER is a registry, its port",
        "UPPER/Case:Tag|the name \"UPPER/Case\" has capitals; right is upper/case, or, if UPPER is",
        "Busybox:1|the name is \"Busybox\"; right is lower-case letters",
        "docker/Docker|the name is \"docker/Docker\"",
        "docker.io/docker/Docker|the name is \"docker/Docker\"",
        "https://github.com/docker/docker|the registry is \"https:\"; right is such as registry.example.org",
        "-docker|the name is \"-docker\"",
        "-docker.io/docker|the registry is \"-docker.io\"",
        "docker///docker|the name is \"docker///docker\"",
        "docker.io/|the name is missing; right is",
        "/a|the name is \"/a\"",
        "a/|the name is \"a/\"",
        "reg:x/a|the registry is \"reg:x\"",
        "a..b|the name is \"a..b\"",
        "a___b|the name is \"a___b\"",
        "a-|the name is \"a-\"",
        "a b|the name is \"a b\"",
        "a:|the tag is missing; right is up to 128",
        "a:-b|the tag is \"-b\"",
        "a:b:c|the tag is \"b:c\"",
        "a/b:1/c|the name is \"a/b:1/c\"",
        "a@|the digest is missing; right is such as sha256:",
        "a@sha256:00|the digest is \"sha256:00\"",
        "a@b@c|the digest is \"b@c\"",
        "[::1]|the tag is",
        "@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef|the name is missing"})
    void shouldSayWhichPartIsWrong(final String image, final String expected)
    {
        final String message =
            assertThrows(IllegalArgumentException.class, () -> ImageReference.check(image)).getMessage();
        assertTrue(message.startsWith(expected), message);
    }

    @Test
    void shouldRefuseWhatIsTooLong()
    {
        final String message = assertThrows(
            IllegalArgumentException.class, () -> ImageReference.check("r.io/" + "a".repeat(256))).getMessage();
        assertTrue(message.startsWith("the name has 256 characters"), message);
        assertThrows(IllegalArgumentException.class, () -> ImageReference.check("a:" + "t".repeat(129)));
        assertThrows(IllegalArgumentException.class, () -> ImageReference.check("a".repeat(200) + "-".repeat(300)));
    }
}
