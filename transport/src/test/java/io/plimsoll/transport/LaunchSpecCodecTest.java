package io.plimsoll.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LaunchSpecCodecTest
{
    @Test
    void shouldReadAgainWhatItWrote()
    {
        final LaunchSpec spec = new LaunchSpec(
            List.of("sh", "-c", "echo \"ä\u0001\" $X"), Map.of("X", "", "Y", "ü=\n"), "/tmp", "debian:12", 4096, 7);
        assertEquals(spec, LaunchSpecCodec.decode(LaunchSpecCodec.encode(spec)));
    }

    /** What it remembers of the text before must not be taken for another. */
    @Test
    void shouldTellTextsApartThatFollowEachOther()
    {
        final byte[] one = LaunchSpecCodec.encode(new LaunchSpec(List.of("a"), Map.of(), null, null, 0, 1));
        final byte[] other = LaunchSpecCodec.encode(new LaunchSpec(List.of("b"), Map.of(), null, null, 0, 1));
        for (int i = 0; i < 3; i++)
        {
            assertEquals("a", LaunchSpecCodec.decode(one).command().get(0));
            assertEquals("a", LaunchSpecCodec.decode(one.clone()).command().get(0));
            assertEquals("b", LaunchSpecCodec.decode(other).command().get(0));
            assertThrows(IllegalArgumentException.class, () -> LaunchSpecCodec.decode(other, 0, other.length - 1));
        }
    }

    @ParameterizedTest
    @EnumSource(StdinMode.class)
    void shouldReadWhetherItTakesInput(final StdinMode mode)
    {
        final LaunchSpec spec = new LaunchSpec(
            List.of("true"), Map.of(), null, null, 0, 0, ContainerSpec.NONE, mode);
        assertEquals(spec, LaunchSpecCodec.decode(LaunchSpecCodec.encode(spec)));
    }

    @Test
    void shouldReadWhetherItHasATerminal()
    {
        final LaunchSpec spec = new LaunchSpec(
            List.of("true"), Map.of(), null, null, 0, 0, ContainerSpec.NONE, null, StdinMode.OPEN, true,
            new SessionNotes(1, 2, "http://there/", "t", 3));
        assertEquals(spec, LaunchSpecCodec.decode(LaunchSpecCodec.encode(spec)));
    }

    @Test
    void shouldNotWriteWhatIsAbsent()
    {
        final LaunchSpec spec = new LaunchSpec(List.of("true"), Map.of(), null, null, 0, 0);
        assertEquals("{\"command\":[\"true\"]}", new String(LaunchSpecCodec.encode(spec), StandardCharsets.UTF_8));
        assertEquals(spec, LaunchSpecCodec.decode(LaunchSpecCodec.encode(spec)));
    }

    @Test
    void shouldSkipWhatANewerManagerAdds()
    {
        final byte[] json = "{\"command\":[\"true\"],\"future\":{\"a\":[1]},\"cwd\":null}".getBytes(
            StandardCharsets.UTF_8);
        assertEquals(List.of("true"), LaunchSpecCodec.decode(json).command());
    }

    @Test
    void shouldRefuseALongSpec()
    {
        final LaunchSpec spec = new LaunchSpec(
            List.of("echo", "x".repeat(LaunchSpec.LENGTH_MAX)), null, null, null, 0, 0);
        final String message = assertThrows(
            IllegalArgumentException.class, () -> LaunchSpecCodec.encode(spec)).getMessage();
        assertEquals(
            "the launch spec (command, environment, directory) has 61463 bytes: at most 61440 are allowed; " +
            "put large content into a file", message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "[]|a launch spec is a JSON object",
        "{}|command is empty: it needs at least the name of a program",
        "{\"command\":\"true\"}|command is not an array: use one such as [\"echo\", \"hello\"]",
        "{\"command\":[1]}|command has an element that is not a text",
        "{\"command\":[\"a\\u0000b\"]}|command contains a NUL character, which no process can be given",
        "{\"command\":[\"a\"],\"cwd\":\"x\"}|cwd x is not absolute: begin it with /",
        "{\"command\":[\"a\"],\"env\":{\"A=B\":\"\"}}|" +
            "env name 'A=B' is not one: a name is not empty and has no equals sign",
        "{\"command\":[\"a\"],\"env\":{\"A\":1}}|env A is not a text",
        "{\"command\":[\"a\"],\"tty\":true}|tty is for processes and containers with stdin",
        "{\"command\":[\"a\"],\"stdin\":\"x\"}|stdin 'x' should be open or once",
        "{\"command\":[\"a\"],\"stdin\":\"open\",\"runtime\":\"x\"}|" +
            "stdin is for processes and containers: name no runtime",
        "{\"command\":[\"a\"],\"logBytesMax\":-1}|logBytesMax and simulatedNs cannot be negative"})
    void shouldSayWhatIsWrong(final String json, final String message)
    {
        assertEquals(message, assertThrows(
            IllegalArgumentException.class,
            () -> LaunchSpecCodec.decode(json.getBytes(StandardCharsets.UTF_8))).getMessage());
    }

    @Test
    void shouldRefuseMutatedSpecsWithNothingButIllegalArgument()
    {
        final byte[] good = LaunchSpecCodec.encode(
            new LaunchSpec(List.of("sh", "-c", "true"), Map.of("A", "b"), "/tmp", "i", 1, 2));
        final SplittableRandom random = new SplittableRandom(41);
        int refused = 0;
        for (int i = 0; i < 20_000; i++)
        {
            final byte[] bad = good.clone();
            for (int changes = random.nextInt(1, 4); changes > 0; changes--)
            {
                bad[random.nextInt(bad.length)] = (byte)random.nextInt(256);
            }
            final int length = random.nextInt(10) == 0 ? random.nextInt(bad.length) : bad.length;
            try
            {
                LaunchSpecCodec.decode(bad, 0, length);
            }
            catch (final IllegalArgumentException ex)
            {
                refused++;
            }
        }
        assertTrue(refused > 5_000);
    }
}
