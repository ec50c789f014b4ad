package io.plimsoll.manager.egress;

/** A launch spec as it was submitted: JSON in UTF-8, never changed after it was stored. */
public final class StoredSpec
{
    private final long id;
    private final byte[] json;

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
}
