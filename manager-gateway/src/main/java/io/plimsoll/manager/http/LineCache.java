package io.plimsoll.manager.http;

import io.plimsoll.manager.control.PreparedSession;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Sessions of lines that have been read lately, by their bytes: bulk submissions often say the same again and again.
 * Of one request, since what names mean may change. One thread.
 */
final class LineCache
{
    private static final int SIZE = 64;
    private static final int LINE_LENGTH_MAX = 4096;

    private final CRC32C crc = new CRC32C();
    private final byte[][] lines = new byte[SIZE][];
    private final PreparedSession[] sessions = new PreparedSession[SIZE];
    private int place;

    /** Session of a line, null if it is not known; a line that is not is to be kept right after. */
    PreparedSession find(final byte[] bytes, final int offset, final int length)
    {
        crc.reset();
        crc.update(bytes, offset, length);
        place = (int)crc.getValue() & SIZE - 1;
        final byte[] line = lines[place];
        return null != line && Arrays.equals(line, 0, line.length, bytes, offset, offset + length) ?
            sessions[place] : null;
    }

    /** Keeps the session of the line that was looked for last. */
    void keep(final byte[] bytes, final int offset, final int length, final PreparedSession session)
    {
        if (length <= LINE_LENGTH_MAX)
        {
            lines[place] = Arrays.copyOfRange(bytes, offset, offset + length);
            sessions[place] = session;
        }
    }
}
