package io.plimsoll.ops.cli;

/**
 * One side of a copy: {@code 17:path} beside a session, {@code -} for a stream, anything else here. A name here that
 * looks like the former is written as {@code ./17:path}.
 *
 * @param sessionId text of the id; null: not of a session.
 * @param path      of the file or directory.
 */
record CopyPlace(String sessionId, String path)
{
    static CopyPlace parse(final String text)
    {
        final int colon = text.indexOf(':');
        if (colon > 0 && text.substring(0, colon).chars().allMatch(c -> c >= '0' && c <= '9'))
        {
            final String path = text.substring(colon + 1);
            return new CopyPlace(text.substring(0, colon), path.isEmpty() ? "." : path);
        }
        return new CopyPlace(null, text);
    }

    boolean isRemote()
    {
        return null != sessionId;
    }

    boolean isStream()
    {
        return null == sessionId && "-".equals(path);
    }
}
