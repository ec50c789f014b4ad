package io.plimsoll.manager.bed;

import io.plimsoll.journal.ByteFile;
import io.plimsoll.journal.ByteFiles;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Files in memory that do what they are told to. */
public final class MemoryFiles implements ByteFiles
{
    private final TreeMap<String, MemoryFile> files = new TreeMap<>();

    @Override
    public ByteFile create(final String name)
    {
        final MemoryFile file = new MemoryFile();
        files.put(name, file);
        return file;
    }

    @Override
    public ByteFile open(final String name)
    {
        return files.get(name);
    }

    @Override
    public List<String> names()
    {
        return List.copyOf(files.keySet());
    }

    @Override
    public void delete(final String name)
    {
        files.remove(name);
    }

    @Override
    public void rename(final String from, final String to)
    {
        files.put(to, files.remove(from));
    }

    @Override
    public void syncNames()
    {
        // They are where they will ever be.
    }

    @Override
    public boolean reserveKept()
    {
        return true;
    }

    @Override
    public long bootId()
    {
        return 1;
    }

    private static final class MemoryFile implements ByteFile
    {
        private byte[] bytes = {};

        @Override
        public int length()
        {
            return bytes.length;
        }

        @Override
        public void write(final int position, final DirectBuffer source, final int offset, final int length)
        {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length, position + length));
            source.getBytes(offset, bytes, position, length);
        }

        @Override
        public void view(final UnsafeBuffer target)
        {
            target.wrap(bytes);
        }

        @Override
        public void sync()
        {
            // They are where they will ever be.
        }
    }
}
