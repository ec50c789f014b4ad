package io.plimsoll.manager.history;

import java.time.LocalDate;
import java.util.List;
import java.util.Locale;

/**
 * What somebody wants to know of what was used.
 *
 * @param from  first day of UTC.
 * @param to    last day.
 * @param by    what is told apart, in this order; slots always are, as the last of them unless they are named.
 * @param scope whose.
 */
public record UsageQuery(LocalDate from, LocalDate to, List<Key> by, Scope scope)
{
    /** Most days at once. */
    public static final int DAYS_MAX = 3_660;

    /** What can be told apart. */
    public enum Key
    {
        DAY,
        DOMAIN,
        PROJECT,
        USER,
        SLOT;

        /** As users write it. */
        public String label()
        {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
