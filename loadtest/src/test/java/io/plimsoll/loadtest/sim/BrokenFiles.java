package io.plimsoll.loadtest.sim;

import io.plimsoll.journal.ByteFile;
import io.plimsoll.journal.ByteFiles;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Stands before the files and does what they do; what is to be broken is overridden. */
class BrokenFiles implements ByteFiles
{
    private final ByteFiles files;

    BrokenFiles(final ByteFiles files)
    {
        this.files = files;
    }

    /** Forces a file. */
    void sync(final ByteFile file)
    {
        file.sync();
    }

    /** A file, as the journal has it. */
    ByteFile wrap(final String name, final ByteFile file)
    {
        return new BrokenFile(file);
    }

    @Override
    public ByteFile create(final String name)
    {
        return wrap(name, files.create(name));
    }

    @Override
    public ByteFile open(final String name)
    {
        final ByteFile file = files.open(name);
        return null == file ? null : wrap(name, file);
    }

    @Override
    public List<String> names()
    {
        return files.names();
    }

    @Override
    public void delete(final String name)
    {
        files.delete(name);
    }

    @Override
    public void rename(final String from, final String to)
    {
        files.rename(from, to);
    }

    @Override
    public void syncNames()
    {
        files.syncNames();
    }

    @Override
    public boolean reserveKept()
    {
        return files.reserveKept();
    }

    @Override
    public long bootId()
    {
        return files.bootId();
    }

    private final class BrokenFile implements ByteFile
    {
        private final ByteFile file;

        BrokenFile(final ByteFile file)
        {
            this.file = file;
        }

        @Override
        public int length()
        {
            return file.length();
        }

        @Override
        public void write(final int position, final DirectBuffer source, final int offset, final int length)
        {
            file.write(position, source, offset, length);
        }

        @Override
        public void view(final UnsafeBuffer target)
        {
            file.view(target);
        }

        @Override
        public void sync()
        {
            BrokenFiles.this.sync(file);
        }
    }
}
