package io.plimsoll.ops.server;

/** The configuration says something that makes no sense; the message names the place and what would be right. */
final class ConfigException extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    ConfigException(final String message)
    {
        super(message, null, false, false);
    }
}
