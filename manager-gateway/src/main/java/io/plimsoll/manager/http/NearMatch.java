package io.plimsoll.manager.http;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** Finds what somebody may have meant. */
final class NearMatch
{
    private static final int LENGTH_MAX = 64;
    private static final int MATCHES_MAX = 3;

    private NearMatch()
    {
    }

    /** Known names that are a few typing errors from the given one, in the order of the known; at most three. */
    static List<String> find(final String given, final Collection<String> known)
    {
        final List<String> matches = new ArrayList<>();
        if (given.length() > LENGTH_MAX)
        {
            return matches;
        }
        final String folded = given.toLowerCase(Locale.ROOT);
        for (final String name : known)
        {
            final int distance = distance(folded, name.toLowerCase(Locale.ROOT));
            if (distance <= Math.max(1, name.length() / 3) && matches.size() < MATCHES_MAX)
            {
                matches.add(name);
            }
        }
        return matches;
    }

    /** Sentence to append to a message: empty, or {@code ; did you mean "a" or "b"?}. */
    static String hint(final List<String> matches)
    {
        return matches.isEmpty() ? "" : "; did you mean \"" + String.join("\" or \"", matches) + "\"?";
    }

    /** Levenshtein's, two rows at a time. */
    private static int distance(final String a, final String b)
    {
        int[] previous = new int[b.length() + 1];
        int[] current = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++)
        {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++)
        {
            current[0] = i;
            for (int j = 1; j <= b.length(); j++)
            {
                final int substitution = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(substitution, 1 + Math.min(previous[j], current[j - 1]));
            }
            final int[] swap = previous;
            previous = current;
            current = swap;
        }
        return previous[b.length()];
    }
}
