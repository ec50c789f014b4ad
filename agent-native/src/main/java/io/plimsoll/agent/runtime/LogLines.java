package io.plimsoll.agent.runtime;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Output of a container in a terminal as the engine tells it, which has no frames: entries one behind the other, each
 * its time, a space, and a line with its line feed. Of a line longer than 16 KiB there are several entries, all of that
 * length but the last. Of one thread.
 */
final class LogLines
{
    private static final int PART_LENGTH = 16 * 1024;
    private static final int PREFIX_LENGTH = 31;
    private static final Pattern PREFIX =
        Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{9}Z ");

    private final Engine.LogSink sink;
    private final ByteArrayOutputStream entry = new ByteArrayOutputStream();
    private byte[] prefix;

    LogLines(final Engine.LogSink sink)
    {
        this.sink = sink;
    }

    /**
     * Reads to the end.
     *
     * @param in gives bytes one by one at little cost.
     * @throws IOException if that fails, or has no times.
     */
    void read(final InputStream in) throws IOException
    {
        for (byte[] next = in.readNBytes(PREFIX_LENGTH); next.length > 0; next = in.readNBytes(PREFIX_LENGTH))
        {
            final boolean isPrefix = PREFIX.matcher(new String(next, StandardCharsets.ISO_8859_1)).matches();
            if (!isPrefix && null == prefix)
            {
                throw new IOException("not an entry with its time");
            }
            prefix = isPrefix ? next : prefix;
            entry.writeBytes(prefix);
            if (!isPrefix)
            {
                // An entry longer than those of any engine known: it goes on.
                entry.writeBytes(next);
            }
            readLine(in);
            sink.onEntry(false, entry.toByteArray());
            entry.reset();
        }
    }

    private void readLine(final InputStream in) throws IOException
    {
        int each = 0;
        while (each >= 0 && '\n' != each && entry.size() < PREFIX_LENGTH + PART_LENGTH)
        {
            each = in.read();
            if (each >= 0)
            {
                entry.write(each);
            }
        }
    }
}
