package io.plimsoll.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.agent.Assignments;
import io.plimsoll.agent.Await;
import io.plimsoll.agent.kernel.KernelDirectory;
import io.plimsoll.agent.kernel.KernelEnd;
import io.plimsoll.agent.kernel.KernelKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scratch directories: named, removed, and limited where the file system can. */
class ScratchTest
{
    private static final long MEBIBYTE = 1 << 20;

    @TempDir
    private Path directory;

    @Test
    void shouldNameItWhereverTheKernelStarts() throws IOException
    {
        try (Processes processes = new Processes(directory))
        {
            final KernelKey key = processes.launch(
                Assignments.of(1).shell("cd /; echo kept >$PLIMSOLL_SCRATCH/file").make());
            assertEquals(KernelEnd.exited(0), processes.awaitEnd(key));
            processes.poll();
            assertEquals("kept\n", processes.text(key, "work/file"));
        }
    }

    @Test
    void shouldRemoveItAWhileAfterTheEnd() throws IOException
    {
        try (Processes processes = new Processes(directory))
        {
            final KernelKey old = processes.launch(Assignments.of(1).shell("mkdir -p a/b; echo x >a/b/c").make());
            processes.awaitEnd(old);
            assertEquals("x\n", processes.text(old, "work/a/b/c"));
            processes.restart(ProcessOptions.defaults().withScratch(0, 0));
            final KernelKey key = processes.launch(Assignments.of(2).shell("echo out; echo x >file").make());
            processes.awaitEnd(key);
            processes.poll();
            assertFalse(Files.exists(processes.file(key, KernelDirectory.WORK)));
            assertEquals("out\n", processes.text(key, KernelDirectory.STDOUT));
            assertFalse(Files.exists(processes.file(old, KernelDirectory.WORK)), "also of earlier lives");
            Await.until("it to be deleted", () -> isEmpty(directory.resolve("trash")));
        }
    }

    private static boolean isEmpty(final Path place)
    {
        final String[] names = place.toFile().list();
        return null != names && 0 == names.length;
    }

    @Test
    void shouldRemoveItWithTheDirectoryOfItsKernel() throws IOException
    {
        try (Processes processes = new Processes(directory))
        {
            final KernelKey key = processes.launch(Assignments.of(1).command("true").make());
            processes.awaitEnd(key);
            processes.runtime.discard(key);
            assertFalse(Files.exists(processes.file(key, KernelDirectory.WORK)));
        }
    }

    @Test
    void shouldSayOnceThatThereIsNoQuota() throws IOException
    {
        final Path place = Files.createDirectory(directory.resolve("place"));
        Assumptions.assumeTrue(
            QuotaDisk.mount(place, "-t", "tmpfs", "plimsoll-test"), "cannot mount here: run as root");
        try
        {
            final String note = new ProjectQuota(place).note();
            assertNotNull(note);
            assertTrue(note.startsWith("scratch directories have no quota: the file system of " + place), note);
        }
        finally
        {
            QuotaDisk.run("umount", place.toString());
        }
        try (Processes processes = new Processes(directory))
        {
            processes.restart(ProcessOptions.defaults().withScratch(0, 0));
            assertTrue(processes.runtime.notes().stream().noneMatch(note -> note.contains("quota")));
        }
    }

    /** On a file system of its own in a file, made with project quotas; where there cannot be any, that is said. */
    @Test
    void shouldHoldKernelThatFillsItsScratch() throws IOException
    {
        final QuotaDisk disk = new QuotaDisk(directory);
        final Path place = disk.place();
        if (!disk.hasQuota())
        {
            shouldRunWithoutQuota(place);
            return;
        }
        try (Processes processes = new Processes(place))
        {
            processes.restart(ProcessOptions.defaults().withScratch(8 * MEBIBYTE, 0));
            assertTrue(
                processes.runtime.notes().stream().noneMatch(note -> note.contains("quota")),
                processes.runtime.notes().toString());
            final String fill = "head -c 100000000 /dev/zero >file 2>/dev/null; stat -c %s file >&2; sleep 1000";
            final KernelKey one = processes.launch(Assignments.of(1).shell(fill).make());
            processes.awaitText(one, KernelDirectory.STDERR);
            final long held = Long.parseLong(processes.text(one, KernelDirectory.STDERR).strip());
            assertTrue(held <= 8 * MEBIBYTE && held > 7 * MEBIBYTE, "held=" + held);
            final KernelKey two = processes.launch(
                Assignments.of(2).shell("head -c 4000000 /dev/zero >file && echo fits").make());
            assertEquals(KernelEnd.exited(0), processes.awaitEnd(two));
            assertEquals("fits\n", processes.text(two, KernelDirectory.STDOUT));
            processes.kill(one, 0);
            processes.awaitEnd(one);
            processes.poll();
            assertFalse(Files.exists(processes.file(one, KernelDirectory.WORK)));
            assertNull(new ProjectQuota(place).note());
        }
        finally
        {
            disk.close();
        }
    }

    /** That an amount was asked for and cannot be held is said once, and stops no kernel. */
    private static void shouldRunWithoutQuota(final Path place) throws IOException
    {
        try (Processes processes = new Processes(place))
        {
            processes.restart(ProcessOptions.defaults().withScratch(8 * MEBIBYTE, 0));
            assertEquals(1, processes.runtime.notes().stream().filter(note -> note.contains("quota")).count());
            final KernelKey key = processes.launch(
                Assignments.of(1).shell("head -c 9000000 /dev/zero >file && echo fits").make());
            assertEquals(KernelEnd.exited(0), processes.awaitEnd(key));
            assertEquals("fits\n", processes.text(key, KernelDirectory.STDOUT));
        }
    }
}
