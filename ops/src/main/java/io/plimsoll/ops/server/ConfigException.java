package io.plimsoll.ops.server;

/** The configuration says something that makes no sense; the message names the place and what would be right. */
final class ConfigException extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    private final transient Origin origin;
    private final String key;

    ConfigException(final String message)
    {
        super(message, null, false, false);
        origin = null;
        key = "";
    }

    /** Of a key, whose place is looked up. */
    ConfigException(final String key, final String problem)
    {
        super(key + ": " + problem, null, false, false);
        origin = null;
        this.key = key;
    }

    /** Of a key, empty if it is not that of one, at a place. */
    ConfigException(final Origin origin, final String key, final String problem)
    {
        super(key.isEmpty() ? problem : key + ": " + problem, null, false, false);
        this.origin = origin;
        this.key = key;
    }

    /** Null: look the key up. */
    Origin origin()
    {
        return origin;
    }

    /** Empty: not known. */
    String key()
    {
        return key;
    }
}
