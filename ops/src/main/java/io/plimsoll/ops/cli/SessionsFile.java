package io.plimsoll.ops.cli;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;

/**
 * Sessions in a file: a list, or an object with the list under {@code sessions}. Only its shape is looked at here; what
 * the fields mean is said in one place, the API, which names the wrong one.
 */
final class SessionsFile
{
    private SessionsFile()
    {
    }

    static List<Object> read(final Terminal terminal, final String file)
    {
        final Object root = parse(terminal, file);
        final Object list = root instanceof Map<?, ?> map && map.containsKey("sessions") ? map.get("sessions") : root;
        if (!(list instanceof List<?> sessions) || sessions.isEmpty())
        {
            throw new CliException(
                ExitCode.USAGE, file + ": expected a list of sessions, such as: - {command: [echo, hello], cpu: 1}");
        }
        int number = 0;
        for (final Object session : sessions)
        {
            number++;
            if (!(session instanceof Map<?, ?>))
            {
                throw new CliException(
                    ExitCode.USAGE, file + ": session " + number + " is no object with fields such as command and cpu");
            }
        }
        return List.copyOf(sessions);
    }

    /** Fields of one session, as a template has them. */
    static Object fields(final Terminal terminal, final String file)
    {
        final Object root = parse(terminal, file);
        if (!(root instanceof Map<?, ?>))
        {
            throw new CliException(
                ExitCode.USAGE, file + ": expected fields of a session, such as: command: [./train] and cpu: 4");
        }
        return root;
    }

    private static Object parse(final Terminal terminal, final String file)
    {
        // YAML is a superset of JSON.
        try (InputStream in = "-".equals(file) ? System.in : Files.newInputStream(terminal.path(file)))
        {
            return new ObjectMapper(new YAMLFactory()).readValue(in, Object.class);
        }
        catch (final JacksonException ex)
        {
            throw new CliException(
                ExitCode.USAGE,
                file + ": line " + (null == ex.getLocation() ? 0 : ex.getLocation().getLineNr()) + ": " +
                    ex.getOriginalMessage().strip().replaceAll("\\s*\\R\\s*", " "));
        }
        catch (final IOException ex)
        {
            throw new CliException(ExitCode.USAGE, file + ": cannot be read; is it there, and yours to read?");
        }
    }
}
