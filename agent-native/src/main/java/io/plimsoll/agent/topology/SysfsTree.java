package io.plimsoll.agent.topology;

import io.plimsoll.agent.runtime.CpuList;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/**
 * A tree like {@code /sys}, of this host or copied from another. Links are followed by hand, and never out of the tree:
 * those of a copy may be absolute, and would then be answered by this host. What cannot be read counts as not there,
 * since every attribute is missing on some system.
 */
final class SysfsTree
{
    private static final int LINKS_MAX = 40;
    private static final int WORD_BITS = 32;
    private static final int HEX = 16;
    private static final String UP = "..";

    private final Path root;

    SysfsTree(final Path root)
    {
        this.root = root.toAbsolutePath().normalize();
    }

    Path root()
    {
        return root;
    }

    /** Text of a file without the white space around it; null: it cannot be read. */
    String text(final String path)
    {
        try
        {
            final Path file = root.resolve(resolved(path));
            return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ?
                new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).strip() : null;
        }
        catch (final IOException e)
        {
            return null;
        }
    }

    /** Whole number in a file, also with {@code 0x} in front. */
    long number(final String path, final long otherwise)
    {
        final String text = text(path);
        try
        {
            return null == text || text.isEmpty() ? otherwise : Long.decode(text);
        }
        catch (final NumberFormatException e)
        {
            return otherwise;
        }
    }

    boolean isDirectory(final String path)
    {
        return Files.isDirectory(root.resolve(resolved(path)), LinkOption.NOFOLLOW_LINKS);
    }

    /** Names in a directory, sorted; none if it is not there. */
    List<String> names(final String path)
    {
        final List<String> names = new ArrayList<>();
        try (Stream<Path> entries = Files.list(root.resolve(resolved(path))))
        {
            entries.forEach(entry -> names.add(entry.getFileName().toString()));
        }
        catch (final IOException e)
        {
            return names;
        }
        Collections.sort(names);
        return names;
    }

    /** Numbers N of entries {@code prefixN} in a directory, rising; what is no less than {@code end} is passed over. */
    int[] numbers(final String path, final String prefix, final int end)
    {
        return names(path).stream()
            .filter(name -> name.startsWith(prefix) && name.substring(prefix.length()).matches("[0-9]{1,7}"))
            .mapToInt(name -> Integer.parseInt(name.substring(prefix.length())))
            .filter(number -> number < end)
            .sorted()
            .toArray();
    }

    /** What a link says, whether or not there is anything at its end; null: it is none. */
    String link(final String path)
    {
        final int slash = path.lastIndexOf('/');
        final String parent = slash < 0 ? "" : resolved(path.substring(0, slash));
        try
        {
            final Path file = root.resolve(parent).resolve(path.substring(slash + 1));
            return Files.isSymbolicLink(file) ? Files.readSymbolicLink(file).toString() : null;
        }
        catch (final IOException e)
        {
            return null;
        }
    }

    /** Processors in the first of some files that is there: {@code 0-3,8} or, in older systems, a mask; else null. */
    BitSet cpus(final String directory, final String... names)
    {
        for (final String name : names)
        {
            final String text = text(directory + '/' + name);
            if (null != text)
            {
                try
                {
                    return name.endsWith("list") || text.indexOf('-') >= 0 || "online".equals(name) ?
                        CpuList.parse(text) : mask(text);
                }
                catch (final IllegalArgumentException | IndexOutOfBoundsException e)
                {
                    continue;
                }
            }
        }
        return null;
    }

    private static BitSet mask(final String text)
    {
        final BitSet cpus = new BitSet();
        final String[] words = text.split(",");
        for (int i = 0; i < words.length; i++)
        {
            final long word = Long.parseLong(words[words.length - 1 - i].strip(), HEX);
            for (int bit = 0; bit < Long.SIZE; bit++)
            {
                if (0 != (word & 1L << bit))
                {
                    cpus.set(i * WORD_BITS + bit);
                }
            }
        }
        return cpus;
    }

    /** Path below the root without links in it. */
    String resolved(final String path)
    {
        final Deque<String> left = new ArrayDeque<>(List.of(path.split("/")));
        final Deque<String> done = new ArrayDeque<>();
        int links = 0;
        while (!left.isEmpty())
        {
            final String name = left.poll();
            if (UP.equals(name))
            {
                done.pollLast();
            }
            else if (!name.isEmpty() && !".".equals(name))
            {
                done.addLast(name);
                final Path at = root.resolve(String.join("/", done));
                if (Files.isSymbolicLink(at) && links < LINKS_MAX)
                {
                    links++;
                    done.pollLast();
                    follow(at, left, done);
                }
            }
        }
        return String.join("/", done);
    }

    private void follow(final Path link, final Deque<String> left, final Deque<String> done)
    {
        String target;
        try
        {
            target = Files.readSymbolicLink(link).toString();
        }
        catch (final IOException e)
        {
            return;
        }
        if (target.startsWith("/"))
        {
            done.clear();
            for (final String prefix : List.of(root.toString(), "/sys"))
            {
                target = target.startsWith(prefix + '/') ? target.substring(prefix.length()) : target;
            }
        }
        final String[] names = target.split("/");
        for (int i = names.length - 1; i >= 0; i--)
        {
            left.addFirst(names[i]);
        }
    }
}
