package io.plimsoll.journal.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.journal.checkpoint.Checkpoint.SegmentRoot;
import io.plimsoll.journal.checkpoint.Checkpoint.SnapshotDigest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignedCheckpointTest
{
    private static final String HASH = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d";

    @TempDir
    private Path directory;
    private final CheckpointKey key = CheckpointKey.generate();

    private static Checkpoint checkpoint(final long number)
    {
        return new Checkpoint(
            number,
            new UUID(4, 7),
            4_711,
            Instant.parse("2026-11-22T14:00:00.123456Z"),
            1 == number ? null : HASH,
            3_001,
            List.of(
                new SegmentRoot("segment-00000001", 1, 3_000, HASH),
                new SegmentRoot("segment-00000003", 3_001, 1_711, HASH)),
            List.of(new SnapshotDigest(3_500, "snapshot-00000000000000003500", HASH)));
    }

    private SignedCheckpoint signed(final long number)
    {
        return SignedCheckpoint.sign(checkpoint(number), key);
    }

    private static SignedCheckpoint parse(final String text)
    {
        return SignedCheckpoint.parse(text.getBytes(StandardCharsets.UTF_8), "F");
    }

    @Test
    void shouldReadWhatWasWritten()
    {
        for (final long number : new long[]{1, 2})
        {
            final SignedCheckpoint written = signed(number);
            final SignedCheckpoint read = parse(written.text());
            assertEquals(written.checkpoint(), read.checkpoint());
            assertEquals(written.hash(), read.hash());
            assertTrue(read.isSignedBy(key.publicKey()));
            assertEquals(key.publicKey(), read.key());
            assertFalse(read.isSignedBy(CheckpointKey.generate().publicKey()));
        }
        assertNotEquals(signed(1).hash(), signed(2).hash());
    }

    /** Whatever bit is changed, it is no checkpoint any more, or not the one that was signed. */
    @Test
    void shouldFindEveryChangedBit()
    {
        final byte[] content = signed(2).text().getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at < content.length; at++)
        {
            for (int bit = 0; bit < Byte.SIZE; bit++)
            {
                content[at] ^= (byte)(1 << bit);
                assertFalse(isAccepted(content), "byte " + at + " bit " + bit);
                content[at] ^= (byte)(1 << bit);
            }
            assertFalse(isAccepted(Arrays.copyOf(content, at)), "cut at " + at);
        }
        assertTrue(isAccepted(content));
        assertFalse(isAccepted(Arrays.copyOf(content, content.length + 1)));
    }

    private boolean isAccepted(final byte[] content)
    {
        try
        {
            return SignedCheckpoint.parse(content, "F").isSignedBy(key.publicKey());
        }
        catch (final CheckpointException ex)
        {
            assertTrue(ex.getMessage().startsWith("F is "), ex.getMessage());
            return false;
        }
    }

    @Test
    void shouldSayWhatIsWrong()
    {
        final String text = signed(1).text();
        assertSays("its first line is not", text.substring(1));
        assertSays("its segments end with sequence 4711, not 4712", text.replace("sequence 4711", "sequence 4712"));
        assertSays("segment-00000003 does not follow", text.replace("3 3001", "3 3000"));
        assertSays("line 4 does not begin with \"sequence\"", text.replace("sequence 4711\n", ""));
        assertSays("is no SHA-256", text.replace(HASH, HASH.toUpperCase(java.util.Locale.ROOT)));
        assertSays("not written as a checkpoint is", text.replace(".123456Z", ".123456000Z"));
    }

    private static void assertSays(final String expected, final String text)
    {
        final String message = assertThrows(CheckpointException.class, () -> parse(text)).getMessage();
        assertTrue(message.contains(expected), message);
    }

    @Test
    void shouldKnowTheSegmentOfARecord()
    {
        final Checkpoint checkpoint = checkpoint(1);
        assertEquals("segment-00000001", checkpoint.segmentOf(1).name());
        assertEquals("segment-00000001", checkpoint.segmentOf(3_000).name());
        assertEquals("segment-00000003", checkpoint.segmentOf(4_711).name());
        assertNull(checkpoint.segmentOf(4_712));
    }

    @Test
    void shouldMakeAKeyThatOnlyItsOwnerReads() throws IOException
    {
        final Path file = directory.resolve("checkpoint-key");
        final CheckpointKey made = CheckpointKey.openOrCreate(file);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        final Path publicFile = directory.resolve("checkpoint-key.pub");
        assertEquals(made.publicKey(), CheckpointKey.openPublic(publicFile));
        assertEquals(made.publicKey(), CheckpointKey.openPublic(file));
        assertFalse(Files.readString(publicFile).contains("PRIVATE"));
        Files.delete(publicFile);
        final CheckpointKey again = CheckpointKey.openOrCreate(file);
        assertEquals(made.publicKey(), again.publicKey());
        assertEquals(made.publicPem(), Files.readString(publicFile));
        assertTrue(SignedCheckpoint.sign(checkpoint(1), again).isSignedBy(made.publicKey()));
    }

    @Test
    void shouldRefuseWhatIsNoKey() throws IOException
    {
        final Path file = directory.resolve("key");
        assertThrows(CheckpointException.class, () -> CheckpointKey.open(file));
        assertThrows(CheckpointException.class, () -> CheckpointKey.openOrCreate(directory.resolve("none/key")));
        Files.writeString(file, "secret\n");
        assertThrows(CheckpointException.class, () -> CheckpointKey.openOrCreate(file));
        assertThrows(CheckpointException.class, () -> CheckpointKey.openPublic(file));
        final Path other = directory.resolve("other");
        CheckpointKey.openOrCreate(file.resolveSibling("mine"));
        CheckpointKey.openOrCreate(other);
        final String mine = Files.readString(file.resolveSibling("mine"));
        final String privateHalf = mine.substring(0, mine.indexOf("-----BEGIN PUBLIC"));
        Files.writeString(file, privateHalf);
        assertTrue(assertThrows(CheckpointException.class, () -> CheckpointKey.open(file))
            .getMessage().contains("openssl pkey"));
        Files.writeString(file, privateHalf + CheckpointKey.open(other).publicPem());
        assertTrue(assertThrows(CheckpointException.class, () -> CheckpointKey.open(file))
            .getMessage().contains("do not belong together"));
    }

    @Test
    void shouldKeepTheNewest() throws IOException
    {
        final CheckpointDirectory kept = new CheckpointDirectory(directory.resolve("checkpoints"));
        assertNull(kept.newest());
        for (int number = 1; number <= 12; number++)
        {
            final Path file = kept.keep(signed(number), 5);
            assertEquals(file, kept.newest());
            assertEquals(number, CheckpointDirectory.read(file).checkpoint().number());
        }
        assertEquals(5, kept.files().size());
        assertEquals(8, CheckpointDirectory.read(kept.files().get(0)).checkpoint().number());
        assertThrows(CheckpointException.class, () -> CheckpointDirectory.read(directory.resolve("none")));
    }
}
