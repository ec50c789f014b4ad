package io.plimsoll.ops.cli;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Passes on whole lines, each with a label in front, so that the lines of several writers do not tear each other. A
 * line longer than a page is passed on in pieces.
 */
final class LabelledLines extends OutputStream
{
    private static final int PIECE_MAX = 4096;

    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final PrintStream target;
    private final byte[] label;

    LabelledLines(final PrintStream target, final String label)
    {
        this.target = target;
        this.label = label.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void write(final int value)
    {
        line.write(value);
        if ('\n' == value || PIECE_MAX == line.size())
        {
            passOn('\n' != value);
        }
    }

    @Override
    public void write(final byte[] bytes, final int offset, final int length)
    {
        for (int i = 0; i < length; i++)
        {
            write(bytes[offset + i]);
        }
    }

    /** Ends an unfinished last line. */
    @Override
    public void close()
    {
        if (0 < line.size())
        {
            passOn(true);
        }
    }

    private void passOn(final boolean isUnfinished)
    {
        synchronized (target)
        {
            target.write(label, 0, label.length);
            target.write(line.toByteArray(), 0, line.size());
            if (isUnfinished)
            {
                target.write('\n');
            }
            target.flush();
        }
        line.reset();
    }
}
