package io.plimsoll.ops.cli;

import io.plimsoll.core.policy.PolicyLoadException;
import io.plimsoll.core.policy.SelectionPolicies;
import io.plimsoll.core.policy.SelectionPolicy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * Jars with policies of users' own, for commands that run a scheduler, and with plugins of agents. They are found in
 * the directory {@code plugins} beside {@code ./plimsoll}, or in the one that {@code PLIMSOLL_PLUGINS} names. A jar
 * that is not right ends the command rather than being left out: a group would place nothing, and its jar would be
 * there to see.
 */
public final class PolicyJars
{
    /** Directory of the jars. */
    static final String VARIABLE = "PLIMSOLL_PLUGINS";
    /** Set by the launcher: the same unless that is set. */
    static final String PROPERTY = "plimsoll.plugins";

    private static final String SERVICES = "META-INF/services/" + SelectionPolicy.class.getName();

    private final ClassLoader loader;
    private final Map<String, Path> jarOf = new TreeMap<>();

    private PolicyJars(final ClassLoader loader)
    {
        this.loader = loader;
    }

    /**
     * Lets cores that this thread makes from now on find the policies.
     *
     * @param terminal has the environment.
     * @return names of the policies found in jars, in order.
     * @throws CliException if a jar is not right.
     */
    public static List<String> load(final Terminal terminal)
    {
        final List<Path> jars = jars(terminal);
        if (jars.isEmpty())
        {
            return List.of();
        }
        final URL[] urls = jars.stream().map(PolicyJars::url).toArray(URL[]::new);
        final PolicyJars found = new PolicyJars(new URLClassLoader(urls, PolicyJars.class.getClassLoader()));
        jars.forEach(found::check);
        Thread.currentThread().setContextClassLoader(found.loader);
        try
        {
            // Names that come with the project are taken.
            new SelectionPolicies();
        }
        catch (final PolicyLoadException ex)
        {
            throw wrong(jars.get(0).getParent(), ex.getMessage());
        }
        return List.copyOf(found.jarOf.keySet());
    }

    /**
     * Lets an agent that this thread makes from now on find its plugins: devices, and runtimes. An agent does its work
     * without them, so a jar that cannot be read is left out.
     *
     * @param terminal has the environment.
     * @return what was left out, for people.
     * @throws CliException if there is no such directory.
     */
    public static List<String> loadForAgent(final Terminal terminal)
    {
        final List<Path> good = new ArrayList<>();
        final List<String> notes = new ArrayList<>();
        for (final Path jar : jars(terminal))
        {
            try (JarFile file = new JarFile(jar.toFile()))
            {
                good.add(Path.of(file.getName()));
            }
            catch (final IOException ex)
            {
                notes.add(jar + ": is no jar that can be read (" + ex.getMessage() + "), and its plugins are not here");
            }
        }
        Thread.currentThread().setContextClassLoader(new URLClassLoader(
            good.stream().map(PolicyJars::url).toArray(URL[]::new), PolicyJars.class.getClassLoader()));
        return notes;
    }

    private static List<Path> jars(final Terminal terminal)
    {
        final String told = terminal.environment().getOrDefault(VARIABLE, "").strip();
        final String beside = System.getProperty(PROPERTY, "");
        final Path directory = terminal.path(told.isEmpty() ? beside : told);
        if (told.isEmpty() && (beside.isEmpty() || !Files.exists(directory)))
        {
            return List.of();
        }
        if (!Files.isDirectory(directory))
        {
            throw wrong(directory, "is to have jars with policies, but is no directory");
        }
        try (Stream<Path> files = Files.list(directory))
        {
            return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
        }
        catch (final IOException ex)
        {
            throw wrong(directory, "cannot be read; is it yours to read?");
        }
    }

    private static URL url(final Path jar)
    {
        try
        {
            return jar.toUri().toURL();
        }
        catch (final MalformedURLException ex)
        {
            throw wrong(jar, "has a name that will not do");
        }
    }

    /** Every policy that a jar names must be there, be made, and have a name of its own. */
    private void check(final Path jar)
    {
        try (JarFile file = new JarFile(jar.toFile()))
        {
            final ZipEntry services = file.getEntry(SERVICES);
            if (null != services)
            {
                for (final String name : names(file, services))
                {
                    check(jar, name);
                }
            }
        }
        catch (final IOException ex)
        {
            throw wrong(jar, "is no jar that can be read (" + ex.getMessage() + ")");
        }
    }

    private static List<String> names(final JarFile file, final ZipEntry services) throws IOException
    {
        final List<String> names = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(
            new InputStreamReader(file.getInputStream(services), StandardCharsets.UTF_8)))
        {
            for (String line = lines.readLine(); null != line; line = lines.readLine())
            {
                final String name = line.replaceFirst("#.*", "").strip();
                if (!name.isEmpty())
                {
                    names.add(name);
                }
            }
        }
        return names;
    }

    private void check(final Path jar, final String className)
    {
        final String name;
        try
        {
            name = Class.forName(className, true, loader)
                .asSubclass(SelectionPolicy.class)
                .getConstructor()
                .newInstance()
                .name();
        }
        catch (final ClassNotFoundException ex)
        {
            throw wrong(jar, SERVICES + " names " + className + ", which is not in it");
        }
        catch (final ClassCastException ex)
        {
            throw wrong(jar, className + " is no " + SelectionPolicy.class.getName());
        }
        catch (final UnsupportedClassVersionError ex)
        {
            throw wrong(jar, className + " was compiled for a newer Java than this one, which is " +
                Runtime.version().feature());
        }
        catch (final ReflectiveOperationException | RuntimeException | LinkageError ex)
        {
            final Throwable cause = null == ex.getCause() ? ex : ex.getCause();
            throw wrong(jar, className + " cannot be made by a public constructor without parameters: " + cause);
        }
        final Path other = jarOf.put(String.valueOf(name), jar);
        if (null != other)
        {
            throw wrong(jar, "has a policy called '" + name + "', and so has " + other);
        }
    }

    private static CliException wrong(final Path path, final String what)
    {
        return new CliException(ExitCode.USAGE, path + ": " + what);
    }
}
