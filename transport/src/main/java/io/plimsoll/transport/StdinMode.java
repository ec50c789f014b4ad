package io.plimsoll.transport;

import java.util.Locale;

/** What a kernel's standard input is. */
public enum StdinMode
{
    /** Empty. */
    NONE,
    /** Whatever attached clients give, one after the other; it does not end before the kernel does. */
    OPEN,
    /** What the first client gives, with which it ends; of the main kernel only, the others' is empty. */
    ONCE;

    /** As in a launch spec; null for what is not written. */
    String text()
    {
        return NONE == this ? null : name().toLowerCase(Locale.ROOT);
    }

    /** The other way; throws if there is no such. */
    static StdinMode of(final String text)
    {
        for (final StdinMode mode : values())
        {
            if (null == text || text.equals(mode.text()))
            {
                return null == text ? NONE : mode;
            }
        }
        throw new IllegalArgumentException("stdin '" + text + "' should be open or once");
    }
}
