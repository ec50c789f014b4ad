package io.plimsoll.transport;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** Finds what somebody may have meant. */
public final class NearMatch
{
    private static final int LENGTH_MAX = 64;
    private static final int MATCHES_MAX = 3;
    private static final int ABBREVIATION_MIN = 3;

    private NearMatch()
    {
    }

    /**
     * Known names that are a few typing errors from the given one, or that it abbreviates, in the order of the known;
     * at most three.
     */
    public static List<String> find(final String given, final Collection<String> known)
    {
        final List<String> matches = new ArrayList<>();
        if (given.length() > LENGTH_MAX)
        {
            return matches;
        }
        final String folded = given.toLowerCase(Locale.ROOT);
        for (final String name : known)
        {
            if (isNear(folded, name.toLowerCase(Locale.ROOT)) && matches.size() < MATCHES_MAX)
            {
                matches.add(name);
            }
        }
        return matches;
    }

    /** Sentence to append to a message: empty, or {@code ; did you mean "a" or "b"?}. */
    public static String hint(final List<String> matches)
    {
        return matches.isEmpty() ? "" : "; did you mean \"" + String.join("\" or \"", matches) + "\"?";
    }

    private static boolean isNear(final String given, final String name)
    {
        final boolean abbreviates = Math.min(given.length(), name.length()) >= ABBREVIATION_MIN &&
            (given.startsWith(name) || name.startsWith(given));
        final int distance = distance(given, name);
        return abbreviates || (distance <= Math.max(1, name.length() / 3) && distance < name.length());
    }

    /** Letters that are wrong, missing, too many, or in the place of their neighbour. */
    private static int distance(final String a, final String b)
    {
        int[] before = new int[b.length() + 1];
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
                final boolean swapped = i > 1 && j > 1 &&
                    a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                current[j] = swapped ? Math.min(current[j], 1 + before[j - 2]) : current[j];
            }
            final int[] oldest = before;
            before = previous;
            previous = current;
            current = oldest;
        }
        return previous[b.length()];
    }
}
