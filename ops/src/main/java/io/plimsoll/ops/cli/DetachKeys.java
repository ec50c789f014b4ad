package io.plimsoll.ops.cli;

import java.util.Locale;
import java.util.function.IntUnaryOperator;

/**
 * The keys that leave a terminal, such as {@code ctrl-p,ctrl-q}: each is one character, or {@code ctrl-} and one of a-z
 * and {@code @ [ \ ] ^ _}. One thread.
 */
final class DetachKeys implements IntUnaryOperator
{
    static final String DEFAULT = "ctrl-p,ctrl-q";
    private static final String CONTROL = "ctrl-";
    private static final int CONTROL_MASK = 0x1F;

    private final int[] keys;
    private int matched;

    private DetachKeys(final int[] keys)
    {
        this.keys = keys;
    }

    /** Reads them; an empty text has none. */
    static DetachKeys parse(final String text)
    {
        if (text.isEmpty())
        {
            return new DetachKeys(new int[0]);
        }
        final String[] names = text.split(",", -1);
        final int[] keys = new int[names.length];
        for (int i = 0; i < names.length; i++)
        {
            keys[i] = key(names[i], text);
        }
        return new DetachKeys(keys);
    }

    private static int key(final String name, final String text)
    {
        final String lower = name.toLowerCase(Locale.ROOT);
        if (1 == name.length() && name.charAt(0) > ' ' && name.charAt(0) < 0x7F)
        {
            return name.charAt(0);
        }
        if (lower.startsWith(CONTROL) && CONTROL.length() + 1 == lower.length())
        {
            final char letter = lower.charAt(CONTROL.length());
            if (letter >= 'a' && letter <= 'z' || "@[\\]^_".indexOf(letter) >= 0)
            {
                return letter & CONTROL_MASK;
            }
        }
        throw new CliException(
            ExitCode.USAGE, "--detach-keys " + text + ": '" + name + "' is no key; use such as ctrl-p,ctrl-q");
    }

    /** Takes the next byte that was typed; -1: these were the keys. */
    @Override
    public int applyAsInt(final int typed)
    {
        if (matched < keys.length && keys[matched] == typed)
        {
            matched++;
            if (matched == keys.length)
            {
                matched = 0;
                return -1;
            }
        }
        else
        {
            matched = keys.length > 0 && keys[0] == typed ? 1 : 0;
        }
        return typed;
    }
}
