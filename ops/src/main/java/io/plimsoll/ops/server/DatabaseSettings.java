package io.plimsoll.ops.server;

import io.plimsoll.manager.database.DatabaseOptions;
import io.plimsoll.ops.cli.Terminal;
import io.plimsoll.transport.auth.SecretFiles;
import java.io.IOException;

/** Where identities are kept, out of the section {@code database}. */
final class DatabaseSettings
{
    private static final String OWN = "own";
    private static final String NONE = "none";
    /** A password between a user and a host; what is in the file is shown, by {@code config show} for one. */
    private static final String WITH_PASSWORD = "[^/]*//[^/@]*:[^/@]*@.*";

    private DatabaseSettings()
    {
    }

    static DatabaseOptions read(final Terminal terminal, final ConfigNode database)
    {
        final String url = database.text("url", OWN);
        final String user = database.text("user", "");
        final String password = database.secret("password");
        final String passwordFile = database.text("password-file", null);
        final String programs = database.text("programs", null);
        final boolean isGiven = !OWN.equals(url) && !NONE.equals(url);
        if (!isGiven && (!user.isEmpty() || null != password || null != passwordFile))
        {
            throw new ConfigException("database", "user and password belong to a url");
        }
        if (!isGiven)
        {
            return NONE.equals(url) ? DatabaseOptions.NONE :
                DatabaseOptions.OWN.withBinaries(null == programs ? null : terminal.path(programs));
        }
        if (url.matches(WITH_PASSWORD))
        {
            throw new ConfigException(
                "database.url", "leave the password out, and give it as database.password-file or" +
                    " PLIMSOLL_DATABASE_PASSWORD");
        }
        return given(url, user, null == password ? read(terminal, passwordFile) : password);
    }

    /** What is wrong is told with the key in front. */
    private static DatabaseOptions given(final String url, final String user, final String password)
    {
        try
        {
            return DatabaseOptions.given(url, user, password);
        }
        catch (final IllegalArgumentException ex)
        {
            final int end = ex.getMessage().indexOf(": ");
            throw new ConfigException(ex.getMessage().substring(0, end), ex.getMessage().substring(end + 2));
        }
    }

    private static String read(final Terminal terminal, final String file)
    {
        if (null == file)
        {
            return "";
        }
        try
        {
            return SecretFiles.readLine(terminal.path(file));
        }
        catch (final IOException ex)
        {
            throw new ConfigException("database.password-file", ex.getMessage());
        }
    }
}
