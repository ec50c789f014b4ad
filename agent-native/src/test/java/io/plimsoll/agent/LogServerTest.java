package io.plimsoll.agent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.agent.kernel.FileKernelStore;
import io.plimsoll.agent.kernel.KernelDirectory;
import io.plimsoll.agent.kernel.KernelEnd;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.transport.sbe.LogEnd;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogServerTest
{
    private static final int PLENTY = 1 << 20;

    @TempDir
    private Path kernels;
    private final AgentHarness harness = new AgentHarness();
    private final TestManager manager = harness.manager;
    private final KernelKey key = Assignments.key(1, 1, 1);

    @BeforeEach
    void before()
    {
        harness.kernels = kernels;
        harness.kernelStore = new FileKernelStore(kernels);
        harness.active();
        manager.assign(Assignments.of(1).make());
        harness.step();
    }

    private void write(final byte[] bytes) throws IOException
    {
        Files.write(
            KernelDirectory.of(kernels, key).resolve(KernelDirectory.STDOUT), bytes,
            StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private void write(final String text) throws IOException
    {
        write(text.getBytes(StandardCharsets.UTF_8));
    }

    private String read()
    {
        return manager.log.toString(StandardCharsets.UTF_8);
    }

    private boolean isComplete()
    {
        return manager.logEnds.contains(LogEnd.COMPLETE);
    }

    @Test
    void shouldServeWhatThereIs() throws IOException
    {
        write("one\ntwo\n");
        manager.openLog(1, key, false, -1, -1, PLENTY);
        harness.step();
        assertEquals("one\ntwo\n", read());
        assertTrue(isComplete());
    }

    @Test
    void shouldServeNothingOfKernelThatHasWrittenNothing()
    {
        manager.openLog(1, key, false, -1, -1, PLENTY);
        harness.step();
        assertEquals("", read());
        assertTrue(isComplete());
    }

    @Test
    void shouldSayThatKernelIsUnknown()
    {
        manager.openLog(1, Assignments.key(2, 1, 1), true, -1, -1, PLENTY);
        harness.step();
        assertEquals(List.of(LogEnd.UNKNOWN_KERNEL), manager.logEnds);
    }

    @Test
    void shouldFollowUntilKernelHasEnded() throws IOException
    {
        manager.openLog(1, key, true, -1, -1, PLENTY);
        harness.step(100);
        write("one\n");
        harness.step(100);
        assertEquals("one\n", read());
        assertFalse(isComplete());

        write("two\n");
        harness.runtime.end(key, KernelEnd.exited(0));
        harness.step(100);
        assertEquals("one\ntwo\n", read());
        assertTrue(isComplete());
    }

    @Test
    void shouldSendNoMoreThanItsCredit() throws IOException
    {
        final byte[] content = new byte[500_000];
        new Random(1).nextBytes(content);
        write(content);
        manager.openLog(1, key, false, -1, -1, 1000);
        harness.step();
        assertEquals(1000, manager.log.size());
        assertFalse(isComplete());
        manager.creditLog(1, 100_000);
        harness.step(100);
        assertEquals(101_000, manager.log.size());
        manager.creditLog(1, PLENTY);
        harness.step(100);
        assertArrayEquals(content, manager.log.toByteArray());
        assertTrue(isComplete());
    }

    @Test
    void shouldBeginAtOffset() throws IOException
    {
        write("0123456789");
        manager.openLog(1, key, false, 7, -1, PLENTY);
        harness.step();
        assertEquals("789", read());
        assertEquals(7L, manager.logOffsets.get(0));
    }

    @Test
    void shouldBeginAtLastLines() throws IOException
    {
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < 50_000; i++)
        {
            text.append("line ").append(i).append('\n');
        }
        write(text.toString());
        for (final int lines : new int[]{0, 1, 3, 20_000, 50_000, 60_000})
        {
            manager.log.reset();
            manager.logEnds.clear();
            manager.openLog(lines, key, false, -1, lines, PLENTY);
            harness.step(200);
            assertTrue(isComplete());
            final int first = Math.max(0, 50_000 - lines);
            assertEquals(
                0 == lines ? "" : text.substring(text.indexOf("line " + first + '\n')), read());
        }
    }

    @Test
    void shouldCountUnfinishedLineAsOne() throws IOException
    {
        write("one\ntwo\nthr");
        manager.openLog(1, key, false, -1, 2, PLENTY);
        harness.step();
        assertEquals("two\nthr", read());
    }

    @Test
    void shouldBeginAtOldestKept() throws IOException
    {
        write("0123456789");
        Files.writeString(KernelDirectory.of(kernels, key).resolve("stdout.start"), "100 104\n");
        manager.openLog(1, key, false, 3, -1, PLENTY);
        harness.step();
        assertEquals("456789", read());
        assertEquals(104L, manager.logOffsets.get(0));
    }

    @Test
    void shouldStopWhenReaderCloses() throws IOException
    {
        manager.openLog(1, key, true, -1, -1, PLENTY);
        harness.step();
        manager.closeLog(1);
        harness.step();
        write("one\n");
        harness.step(100);
        assertEquals("", read());
    }

    @Test
    void shouldServeAfterRestart() throws IOException
    {
        write("one\n");
        harness.runtime.end(key, KernelEnd.exited(0));
        harness.step();
        harness.start().step();
        manager.openLog(1, key, true, -1, -1, PLENTY);
        harness.step();
        assertEquals("one\n", read());
        assertTrue(isComplete());
    }

    @Test
    void shouldForgetReadersWithTheirLink() throws IOException
    {
        manager.openLog(1, key, true, -1, -1, PLENTY);
        harness.step();
        manager.closeLink();
        harness.step(1000);
        write("one\n");
        harness.step(100);
        assertEquals("", read());
    }

    @Test
    void shouldServeManyReaders() throws IOException
    {
        write("x");
        for (int i = 0; i < 100; i++)
        {
            manager.openLog(i, key, false, -1, -1, PLENTY);
        }
        harness.step(100);
        assertEquals(100, manager.log.size());
    }

    /** Those before it take all that one step gives, and go on for more steps than these. */
    @Test
    void shouldServeTheLastAsWellAsTheFirst() throws IOException
    {
        write(new byte[4 * PLENTY]);
        write("\nend\n");
        for (int i = 0; i < 16; i++)
        {
            manager.openLog(i, key, false, 0, -1, 4 * PLENTY);
        }
        manager.openLog(16, key, false, -1, 1, PLENTY);
        harness.step();
        assertEquals(List.of(LogEnd.COMPLETE), manager.logEnds.stream().filter(end -> LogEnd.OPEN != end).toList());
        assertTrue(read().contains("end\n"));
    }
}
