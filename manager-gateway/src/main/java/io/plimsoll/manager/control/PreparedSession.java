package io.plimsoll.manager.control;

/**
 * A session, or a job array, as it stands in a command: encoded once, and shared by all that are alike. Immutable.
 */
public final class PreparedSession
{
    private final int ownerId;
    private final int count;
    private final String group;
    private final boolean array;
    private final byte[] session;
    private final byte[] spec;
    private final Hash128 specHash;

    PreparedSession(
        final int ownerId,
        final SessionRequest request,
        final byte[] session,
        final byte[] spec,
        final Hash128 specHash)
    {
        this.ownerId = ownerId;
        this.count = request.count();
        this.group = request.group();
        this.array = request.array();
        this.session = session;
        this.spec = spec;
        this.specHash = specHash;
    }

    /** Account that it counts for. */
    public int ownerId()
    {
        return ownerId;
    }

    /** How many ids it gets. */
    public int count()
    {
        return count;
    }

    /** Resource group that it asks for. */
    String group()
    {
        return group;
    }

    /** Whether it is a job array. */
    public boolean array()
    {
        return array;
    }

    /** Its entry in the sessions of the command, whose spec index is still to be set. */
    byte[] session()
    {
        return session;
    }

    byte[] spec()
    {
        return spec;
    }

    Hash128 specHash()
    {
        return specHash;
    }
}
