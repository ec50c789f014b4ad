package io.plimsoll.agent.runtime;

/**
 * Line feeds that an engine has lost. Its log has a line longer than 16 KiB in parts of that length; engines of before
 * 2023 keep the last part without its line feed, in the log that keeps bytes as they are. That a part of another length
 * was the end of a line shows when there is more behind it. At the very end it may have been the end of all, too: then
 * nothing is put in. Not thread-safe.
 */
final class LineEnds
{
    private static final int PART_LENGTH = 16 * 1024;
    private static final char NONE = '-';
    private static final char PART = 'p';
    private static final char LOST = 'n';

    /** Of stdout and stderr. */
    private final char[] last = {NONE, NONE};

    /** Goes on where another has come to. */
    void restore(final String text)
    {
        for (int i = 0; i < last.length; i++)
        {
            last[i] = text.length() == last.length ? text.charAt(i) : NONE;
        }
    }

    /** Where it has come to, as a text without blanks. */
    @Override
    public String toString()
    {
        return String.valueOf(last);
    }

    /**
     * Takes an entry.
     *
     * @param file   0 for stdout, 1 for stderr.
     * @param entry  with it.
     * @param offset of what was written in it.
     * @return whether a line feed belongs before it.
     */
    boolean isLostBefore(final int file, final byte[] entry, final int offset)
    {
        final boolean isLost = LOST == last[file];
        final boolean isPart = PART == last[file];
        final int length = entry.length - offset;
        final boolean endsLine = length > 0 && '\n' == entry[entry.length - 1];
        last[file] = endsLine ? NONE : PART_LENGTH == length ? PART : isPart ? LOST : NONE;
        return isLost;
    }
}
