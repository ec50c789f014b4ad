package io.plimsoll.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records as Linux writes them, whole or not. */
class ProcessAccountsTest
{
    private static final byte LITTLE = 3;
    private static final byte BIG = (byte)0x83;

    @TempDir
    private Path directory;

    private static byte[] account(final byte version, final int pid, final int status)
    {
        final ByteBuffer account = ByteBuffer.allocate(64)
            .order(LITTLE == version ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        return account.put(1, version).putInt(4, status).putInt(16, pid).array();
    }

    private OptionalInt code(final byte[]... accounts) throws IOException
    {
        final ByteBuffer all = ByteBuffer.allocate(64 * accounts.length);
        for (final byte[] account : accounts)
        {
            all.put(account);
        }
        Files.write(directory.resolve(ProcessAccounts.FILE), Arrays.copyOf(all.array(), all.position()));
        return ProcessAccounts.exitCode(directory);
    }

    @Test
    void shouldTellHowTheFirstProcessHasEnded() throws IOException
    {
        assertEquals(OptionalInt.of(22), code(
            account(LITTLE, 7, 0x300), account(LITTLE, 1, 22 << 8), account(LITTLE, 8, 9)));
        assertEquals(OptionalInt.of(0), code(account(LITTLE, 1, 0)));
        assertEquals(OptionalInt.of(255), code(account(BIG, 257, 0), account(BIG, 1, 255 << 8)));
        assertEquals(OptionalInt.of(137), code(account(LITTLE, 1, 9)));
        // With a core of what ended.
        assertEquals(OptionalInt.of(139), code(account(LITTLE, 1, 0x80 | 11)));
    }

    @Test
    void shouldTellNothingWhereNothingIsWritten() throws IOException
    {
        assertEquals(OptionalInt.empty(), ProcessAccounts.exitCode(directory));
        assertEquals(OptionalInt.empty(), code());
        assertEquals(OptionalInt.empty(), code(account(LITTLE, 2, 0)));
        // Cut off; and of a system that does not write down ids.
        assertEquals(OptionalInt.empty(), code(Arrays.copyOf(account(LITTLE, 1, 0), 63)));
        assertEquals(OptionalInt.empty(), code(account((byte)2, 1, 0)));
        ProcessAccounts.forget(directory);
        ProcessAccounts.forget(directory);
    }
}
