package io.plimsoll.manager.egress;

import io.plimsoll.transport.LaunchSpec;
import java.lang.ref.SoftReference;

/** A launch spec as it was submitted: JSON in UTF-8, never changed after it was stored. */
public final class StoredSpec
{
    private final long id;
    private final byte[] json;
    private volatile SoftReference<LaunchSpec> parsed = new SoftReference<>(null);

    StoredSpec(final long id, final byte[] json)
    {
        this.id = id;
        this.json = json;
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
