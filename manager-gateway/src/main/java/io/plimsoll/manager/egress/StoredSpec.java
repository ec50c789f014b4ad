package io.plimsoll.manager.egress;

import io.plimsoll.transport.LaunchSpec;
import java.lang.ref.SoftReference;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A launch spec as it was submitted: JSON in UTF-8, never changed after it was stored. */
public final class StoredSpec
{
    private static final byte[] NOTES = "\"notes\":{".getBytes(StandardCharsets.UTF_8);

    private final long id;
    private final byte[] json;
    private final boolean hasNotes;
    private volatile SoftReference<LaunchSpec> parsed = new SoftReference<>(null);

    StoredSpec(final long id, final byte[] json)
    {
        this.id = id;
        this.json = json;
        hasNotes = contains(json, NOTES);
    }

    /** Whether it has something for the manager; now and then true of one that has not. */
    public boolean hasNotes()
    {
        return hasNotes;
    }

    private static boolean contains(final byte[] text, final byte[] word)
    {
        for (int i = 0; i <= text.length - word.length; i++)
        {
            if (word[0] == text[i] && Arrays.equals(text, i, i + word.length, word, 0, word.length))
            {
                return true;
            }
        }
        return false;
    }

    public long id()
    {
        return id;
    }

    /** The bytes themselves, not a copy: not to be changed. */
    public byte[] json()
    {
        return json;
    }

    /** What a reader made of it before, null if nobody did or memory was short. Any thread. */
    public LaunchSpec parsed()
    {
        return parsed.get();
    }

    /** Keeps what a reader made of it for the next. Any thread. */
    public void parsed(final LaunchSpec launchSpec)
    {
        parsed = new SoftReference<>(launchSpec);
    }
}
