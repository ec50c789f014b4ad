package io.plimsoll.transport;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** The document that describes a host, as it travels: deflated, cut into parts, and bounded both ways. Stateless. */
public final class HostDocument
{
    /** Longest deflated one. */
    public static final int DEFLATED_MAX = 256 * 1024;
    /** Longest one. */
    public static final int LENGTH_MAX = 4 * 1024 * 1024;
    /** Longest part. */
    public static final int PART_MAX = 16 * 1024;

    private static final int CHUNK = 8 * 1024;

    private HostDocument()
    {
    }

    /** Null: it is too long to be sent. */
    public static byte[] deflate(final String text)
    {
        final Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
        try
        {
            final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            final ByteArrayOutputStream out = new ByteArrayOutputStream();
            final byte[] chunk = new byte[CHUNK];
            deflater.setInput(bytes);
            deflater.finish();
            while (!deflater.finished() && out.size() <= DEFLATED_MAX)
            {
                out.write(chunk, 0, deflater.deflate(chunk));
            }
            return bytes.length > LENGTH_MAX || out.size() > DEFLATED_MAX ? null : out.toByteArray();
        }
        finally
        {
            deflater.end();
        }
    }

    /** Null: it is not what a document comes to, or is too long. */
    public static String inflate(final byte[] deflated)
    {
        final Inflater inflater = new Inflater();
        try
        {
            final ByteArrayOutputStream out = new ByteArrayOutputStream();
            final byte[] chunk = new byte[CHUNK];
            inflater.setInput(deflated);
            while (!inflater.finished())
            {
                final int length = inflater.inflate(chunk);
                if (0 == length && !inflater.finished() || out.size() + length > LENGTH_MAX)
                {
                    return null;
                }
                out.write(chunk, 0, length);
            }
            return out.toString(StandardCharsets.UTF_8);
        }
        catch (final DataFormatException e)
        {
            return null;
        }
        finally
        {
            inflater.end();
        }
    }
}
