package io.plimsoll.agent.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.agent.Assignments;
import io.plimsoll.transport.sbe.MessageHeaderDecoder;
import io.plimsoll.transport.sbe.MessageHeaderEncoder;
import io.plimsoll.transport.sbe.ReportReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileKernelStoreTest
{
    @TempDir
    private Path kernels;
    private FileKernelStore store;

    @BeforeEach
    void before()
    {
        store = new FileKernelStore(kernels);
    }

    private List<Loaded> load()
    {
        final List<Loaded> all = new ArrayList<>();
        new FileKernelStore(kernels).load((key, assignment, verdict, acknowledged) ->
            all.add(new Loaded(key, assignment, verdict, acknowledged)));
        return all;
    }

    @Test
    void shouldKeepAssignmentWhole()
    {
        final Assignment assignment = Assignments.of(5 << 10).epoch(2, 3).number(17).cpu(1500).memory(1 << 30)
            .walltime(9, 8).restartOnLoss()
            .slots(new SlotGrant("cuda.device", true, 2, 0b1010), new SlotGrant("licence", false, 7, 0)).make();
        assertNull(store.tryStore(assignment));

        final Loaded loaded = load().get(0);
        final Assignment again = loaded.assignment;
        assertEquals(assignment.key(), loaded.key);
        assertArrayEquals(assignment.spec(), again.spec());
        assertEquals(assignment.slots(), again.slots());
        assertEquals(assignment.hosts(), again.hosts());
        // The rest is compared with the array out of the way: records compare arrays by identity.
        assertEquals(assignment.ended(), again.ended());
        assertNull(loaded.verdict);
        assertFalse(loaded.acknowledged);
        assertEquals("01234567-5120-2-3", assignment.key().directoryName());
    }

    @Test
    void shouldKnowTheRequestAfterwards()
    {
        store.tryStore(Assignments.of(1).request("req-17").make());
        final Loaded loaded = load().get(0);
        assertEquals("req-17", loaded.key.request());
        assertEquals("kernelId=1 term=1 attempt=1 requestId=req-17", loaded.assignment.key().toString());
        assertEquals(Assignments.key(1, 1, 1), loaded.key);
        assertEquals("kernelId=1 term=1 attempt=1", Assignments.key(1, 1, 1).toString());
    }

    /** Managers of earlier versions, and files that agents of such have written, say nothing of requests. */
    @Test
    void shouldReadAssignmentsOfEarlierVersions()
    {
        final AssignmentCodec codec = new AssignmentCodec();
        final ExpandableArrayBuffer message = new ExpandableArrayBuffer();
        final Assignment assignment = Assignments.of(1).among(0, "a", "b").at("10.0.0.1", "10.0.0.2").make();
        final int length = codec.encodeMessage(assignment, message, 0);
        final int version = new MessageHeaderDecoder().wrap(message, 0).version();
        new MessageHeaderEncoder().wrap(message, 0).version(6);
        final UnsafeBuffer earlier = new UnsafeBuffer(message, 0, length - Short.BYTES);
        final Assignment read = codec.decode(1, 2, earlier, 0);
        assertEquals(7, version);
        assertEquals("", read.key().request());
        assertEquals(List.of("10.0.0.1", "10.0.0.2"), read.addresses());
        assertEquals(length - Short.BYTES, codec.decodedLength());
    }

    @Test
    void shouldKeepTheLimitThatWasSetLast() throws IOException
    {
        final Assignment assignment = Assignments.of(1).walltime(9_000_000_000L, 2_000_000_000L).make();
        store.tryStore(assignment);
        store.limit(assignment.withWalltimeNs(60_000_000_000L));
        assertEquals(60_000_000_000L, load().get(0).assignment.walltimeNs());
        final Path file = KernelDirectory.of(kernels, assignment.key()).resolve(KernelDirectory.LIMIT);
        assertEquals("67 60000000000\n", Files.readString(file));
        store.limit(assignment.withWalltimeNs(0));
        assertEquals(0, load().get(0).assignment.walltimeNs());
        assertEquals("- 0\n", Files.readString(file));
    }

    @Test
    void shouldForgetAssignmentThatWasCutOffAtAnyByte() throws IOException
    {
        store.tryStore(Assignments.of(1).make());
        final Path file = KernelDirectory.of(kernels, Assignments.key(1, 1, 1)).resolve(KernelDirectory.ASSIGNMENT);
        final byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++)
        {
            store.tryStore(Assignments.of(1).make());
            Files.write(file, Arrays.copyOf(whole, length));
            assertTrue(load().isEmpty(), "length=" + length);
        }
        for (int i = 0; i < whole.length; i++)
        {
            store.tryStore(Assignments.of(1).make());
            final byte[] damaged = whole.clone();
            damaged[i] ^= 1;
            Files.write(file, damaged);
            // Its place in the header is not under the check sum, but names the cluster only.
            assertTrue(load().isEmpty() || i >= 8 && i < 24, "offset=" + i);
        }
    }

    @Test
    void shouldKeepFencesVerdictsAndAcknowledgements()
    {
        final KernelEnd end = KernelEnd.failed(ReportReason.NEVER_STARTED, "killed before\nit was assigned");
        assertTrue(store.tryFence(Assignments.key(1, 2, 3), end));
        store.tryStore(Assignments.of(2).make());
        store.verdict(Assignments.key(2, 1, 1), KernelEnd.ended(ReportReason.WALLTIME, 143, ""));
        store.acknowledged(Assignments.key(2, 1, 1));
        store.acknowledged(Assignments.key(2, 1, 1));

        for (final Loaded loaded : load())
        {
            if (1 == loaded.key.kernelId())
            {
                assertEquals(Assignments.key(1, 2, 3), loaded.key);
                assertNull(loaded.assignment);
                assertEquals(
                    KernelEnd.failed(ReportReason.NEVER_STARTED, "killed before it was assigned"), loaded.verdict);
                assertFalse(loaded.acknowledged);
            }
            else
            {
                assertNotNull(loaded.assignment);
                assertEquals(KernelEnd.ended(ReportReason.WALLTIME, 143, ""), loaded.verdict);
                assertTrue(loaded.acknowledged);
            }
        }
    }

    @Test
    void shouldRemoveDirectoryButNotWhatItLinksTo() throws IOException
    {
        final Path outside = Files.createDirectory(kernels.resolve("outside"));
        Files.writeString(outside.resolve("file"), "kept");
        store.tryStore(Assignments.of(1).make());
        final Path directory = KernelDirectory.of(kernels, Assignments.key(1, 1, 1));
        Files.createDirectory(directory.resolve(KernelDirectory.WORK));
        Files.createSymbolicLink(directory.resolve("work/link"), outside);

        store.remove(Assignments.key(1, 1, 1));
        store.remove(Assignments.key(1, 1, 1));
        assertFalse(Files.exists(directory));
        assertTrue(Files.exists(outside.resolve("file")));
    }

    @Test
    void shouldSayWhyItCannotStore() throws IOException
    {
        Files.writeString(KernelDirectory.of(kernels, Assignments.key(1, 1, 1)), "in the way");
        assertTrue(store.tryStore(Assignments.of(1).make()).startsWith("the agent cannot store the assignment"));
    }

    private record Loaded(KernelKey key, Assignment assignment, KernelEnd verdict, boolean acknowledged)
    {
    }
}
