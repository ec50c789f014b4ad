package io.plimsoll.loadtest.plan;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Machines of which there may be more or fewer, such as {@code a100.count=10..200}.
 *
 * @param kind of machine.
 * @param from fewest, 0 or more.
 * @param to   most.
 */
public record Vary(String kind, int from, int to)
{
    private static final int MACHINES_MAX = 1_000_000;
    private static final Pattern FORM =
        Pattern.compile("\\s*(\\S+?)(?:\\.count)?\\s*=\\s*(\\d+)\\s*\\.\\.\\s*(\\d+)\\s*");

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException that says what would be right.
     */
    public static Vary parse(final String text)
    {
        final Matcher matcher = FORM.matcher(text);
        if (!matcher.matches())
        {
            throw new IllegalArgumentException(
                "vary: " + text + " is not KIND.count=FROM..TO; such as a100.count=10..200");
        }
        final int from = number(matcher.group(2));
        final int to = number(matcher.group(3));
        if (from > to)
        {
            throw new IllegalArgumentException(
                "vary: from " + from + " to " + to + " there is nothing; turn them round");
        }
        return new Vary(matcher.group(1), from, to);
    }

    private static int number(final String digits)
    {
        final long number = digits.length() > 9 ? Long.MAX_VALUE : Long.parseLong(digits);
        if (number > MACHINES_MAX)
        {
            throw new IllegalArgumentException("vary: " + digits + " machines are too many; at most " + MACHINES_MAX);
        }
        return (int)number;
    }
}
