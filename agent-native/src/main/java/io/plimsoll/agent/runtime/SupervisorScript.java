package io.plimsoll.agent.runtime;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * The supervisor's script in the data directory, and what it needs of the host.
 *
 * @param shell  a POSIX shell.
 * @param path   of the script.
 * @param setsid of setsid(1).
 */
record SupervisorScript(String shell, String path, String setsid)
{
    private static final String NAME = "supervisor.sh";

    /**
     * Writes the script, by rename: a shell that is just reading the one before goes on with that.
     *
     * @param dataDirectory to write to.
     * @return where it is.
     * @throws IOException if it cannot be written, or the host lacks something.
     */
    static SupervisorScript install(final Path dataDirectory) throws IOException
    {
        return install(dataDirectory, NAME);
    }

    /** The same for another script. */
    static SupervisorScript install(final Path dataDirectory, final String name) throws IOException
    {
        final Path script = dataDirectory.resolve(name);
        final Path fresh = dataDirectory.resolve(name + ".new");
        try (InputStream content = SupervisorScript.class.getResourceAsStream(name))
        {
            Files.copy(content, fresh, StandardCopyOption.REPLACE_EXISTING);
        }
        Files.move(fresh, script, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return new SupervisorScript(
            program("a POSIX shell", "/bin/dash", "/bin/sh", "/usr/bin/sh"),
            script.toString(),
            program("setsid (package util-linux)", "/usr/bin/setsid", "/bin/setsid"));
    }

    private static String program(final String what, final String... places) throws FileNotFoundException
    {
        for (final String place : List.of(places))
        {
            if (Files.isExecutable(Path.of(place)))
            {
                return place;
            }
        }
        throw new FileNotFoundException("this host has no " + what + " at any of " + List.of(places));
    }
}
