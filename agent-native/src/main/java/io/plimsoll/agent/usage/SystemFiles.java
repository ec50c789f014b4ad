package io.plimsoll.agent.usage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads small files of {@code /proc}, {@code /sys} and control groups, any of which may go away meanwhile. */
final class SystemFiles
{
    private static final long BYTES_PER_KIB = 1024;

    private SystemFiles()
    {
    }

    /** Null: it cannot be read. */
    static String text(final Path file)
    {
        try
        {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        }
        catch (final IOException e)
        {
            return null;
        }
    }

    static List<String> lines(final Path file)
    {
        final String text = text(file);
        return null == text ? List.of() : text.lines().toList();
    }

    /** A number that stands alone; negative: there is none. */
    static long number(final Path file)
    {
        final String text = text(file);
        return null == text ? -1 : number(text.strip());
    }

    /** Negative: it is not one. */
    static long number(final String text)
    {
        try
        {
            return Long.parseLong(text);
        }
        catch (final NumberFormatException e)
        {
            return -1;
        }
    }

    /** The number that follows a word at the beginning of a line; negative: there is none. */
    static long field(final List<String> lines, final String word)
    {
        for (final String line : lines)
        {
            if (line.startsWith(word))
            {
                return number(line.substring(word.length()).replace("kB", "").strip());
            }
        }
        return -1;
    }

    /** The same where the system counts in KiB. */
    static long bytes(final List<String> lines, final String word)
    {
        final long kib = field(lines, word);
        return kib < 0 ? -1 : kib * BYTES_PER_KIB;
    }
}
