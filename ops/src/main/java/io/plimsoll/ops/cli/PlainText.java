package io.plimsoll.ops.cli;

import java.util.Locale;

/**
 * What others have written, for a screen: characters that a terminal would take for commands, or that would pretend to
 * be another line, are written out. Stateless.
 */
final class PlainText
{
    /** From here on characters may be part of another order of writing. */
    private static final char MARKS = '\u200E';

    private PlainText()
    {
    }

    /** On one line. */
    static String line(final String text)
    {
        return written(text, false);
    }

    /** Ends of lines and tabs are what they are. */
    static String lines(final String text)
    {
        return written(text, true);
    }

    private static String written(final String text, final boolean hasLines)
    {
        int at = 0;
        while (at < text.length() && isPlain(text.charAt(at), hasLines))
        {
            at++;
        }
        if (at == text.length())
        {
            return text;
        }
        final StringBuilder written = new StringBuilder(text.length() + 16).append(text, 0, at);
        for (; at < text.length(); at++)
        {
            final char c = text.charAt(at);
            if (isPlain(c, hasLines))
            {
                written.append(c);
            }
            else
            {
                switch (c)
                {
                    case '\n' -> written.append("\\n");
                    case '\r' -> written.append("\\r");
                    case '\t' -> written.append("\\t");
                    default -> written.append(String.format(Locale.ROOT, "\\u%04x", (int)c));
                }
            }
        }
        return written.toString();
    }

    private static boolean isPlain(final char c, final boolean hasLines)
    {
        if ('\n' == c || '\t' == c)
        {
            return hasLines;
        }
        return !Character.isISOControl(c) && (c < MARKS || !turnsOrBreaks(c));
    }

    /** Marks and overrides of the direction of writing, and ends of lines and paragraphs. */
    private static boolean turnsOrBreaks(final char c)
    {
        return c <= '\u200F' || c >= '\u2028' && c <= '\u202E' || c >= '\u2066' && c <= '\u2069';
    }
}
