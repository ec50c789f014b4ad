package io.plimsoll.agent.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Which part of a kernel's whole output a file still has. Kept beside the file as {@code NAME.start}, two numbers, once
 * anything was dropped.
 *
 * @param baseOffset  of the first byte of the file.
 * @param startOffset of the oldest byte kept.
 * @param endOffset   behind the newest byte.
 */
public record LogExtent(long baseOffset, long startOffset, long endOffset)
{
    /** Extent of a file as it is now; empty if there is none. */
    public static LogExtent of(final Path file) throws IOException
    {
        long baseOffset = 0;
        long startOffset = 0;
        final long length = file.toFile().length();
        try
        {
            final String[] numbers = Files.readString(beside(file)).strip().split(" ");
            baseOffset = Long.parseLong(numbers[0]);
            startOffset = Long.parseLong(numbers[1]);
        }
        catch (final NoSuchFileException e)
        {
            // The usual case: nothing was dropped.
            return new LogExtent(0, 0, length);
        }
        return new LogExtent(baseOffset, startOffset, baseOffset + length);
    }

    static void write(final Path file, final long baseOffset, final long startOffset) throws IOException
    {
        final Path fresh = file.resolveSibling(file.getFileName() + ".start.new");
        Files.write(fresh, (baseOffset + " " + startOffset + '\n').getBytes(StandardCharsets.US_ASCII));
        Files.move(fresh, beside(file), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Path beside(final Path file)
    {
        return file.resolveSibling(file.getFileName() + ".start");
    }
}
