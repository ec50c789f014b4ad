package io.plimsoll.ops.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Knows how far it has come, so that a stream that broke off can be taken up there. One writing thread. */
final class CountingOutput extends FilterOutputStream
{
    private long count;

    CountingOutput(final OutputStream out)
    {
        super(out);
    }

    @Override
    public void write(final int value) throws IOException
    {
        out.write(value);
        count++;
    }

    @Override
    public void write(final byte[] bytes, final int offset, final int length) throws IOException
    {
        out.write(bytes, offset, length);
        out.flush();
        count += length;
    }

    long count()
    {
        return count;
    }
}
