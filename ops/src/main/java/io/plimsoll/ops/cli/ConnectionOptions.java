package io.plimsoll.ops.cli;

import io.plimsoll.transport.http.ApiCredential;
import io.plimsoll.transport.http.ApiTarget;
import io.plimsoll.transport.http.ClientTls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/**
 * Where the manager is and what opens its door. A manager writes the address it listens on and its admin token into its
 * data directory, so on one machine nothing needs to be said.
 */
public final class ConnectionOptions
{
    static final String ADDRESS_FILE = "address";
    static final String TOKEN_FILE = "token";
    private static final String ACCESS_KEY = "PLIMSOLL_ACCESS_KEY";
    private static final String SECRET_KEY = "PLIMSOLL_SECRET_KEY";

    /** Of the options. */
    static final List<String> NAMES = List.of("--url", "--data", "--ca", "--client-certificate", "--client-key");

    private static final String URL_DEFAULT = "http://127.0.0.1:7077";

    @Option(
        names = "--url",
        paramLabel = "URL",
        description = "Address of the manager, such as http://127.0.0.1:7077 (or PLIMSOLL_URL).")
    private String url;

    @Option(
        names = "--data",
        paramLabel = "DIR",
        description = "Data directory of the manager, where its address and token are found; ~/.plimsoll by default.")
    private String data;

    @Option(
        names = "--ca",
        paramLabel = "FILE",
        description = "PEM certificates to trust for https, and no others (or PLIMSOLL_CA).")
    private String authority;

    @Option(
        names = "--client-certificate",
        paramLabel = "FILE",
        description = "PEM certificate to show, if the manager asks for one (or PLIMSOLL_CLIENT_CERTIFICATE).")
    private String clientCertificate;

    @Option(
        names = "--client-key",
        paramLabel = "FILE",
        description = "PEM key of that certificate (or PLIMSOLL_CLIENT_KEY).")
    private String clientKey;

    /** Finds the manager; connects when something is asked. */
    public Api connect(final Terminal terminal)
    {
        return new Api(target(terminal), "start one with: plimsoll up" + dataOption());
    }

    /** Whether the command line names a manager. */
    boolean isAsked()
    {
        return null != url || null != data;
    }

    /** Files and directories that the command line names to be read. */
    List<Path> inputs(final Terminal terminal)
    {
        return Stream.of(data, authority, clientCertificate, clientKey)
            .filter(Objects::nonNull).map(terminal::path).toList();
    }

    /** The data directory of a manager on this machine. */
    Path directory(final Terminal terminal)
    {
        return null == data ? terminal.home().resolve(".plimsoll") : terminal.path(data);
    }

    /** Process of the manager that works on the directory that was named; 0: none was named, or it is not known. */
    long managerPid(final Terminal terminal)
    {
        final String pid = null == data ? null : read(directory(terminal).resolve("manager.lock"));
        return null != pid && pid.matches("[0-9]{1,9}") ? Long.parseLong(pid) : 0;
    }

    /** Its API, with a token if there is one. */
    ApiTarget target(final Terminal terminal)
    {
        final Path directory = directory(terminal);
        final ApiTarget target = address(terminal, directory);
        return ApiTarget.parse(target.url(), null)
            .withCredential(credential(terminal, directory, target.host()))
            .withTls(tls(terminal));
    }

    /** A keypair of the environment signs; without one, a token is sent along. */
    private ApiCredential credential(final Terminal terminal, final Path directory, final String host)
    {
        final String accessKey = environment(terminal, ACCESS_KEY);
        final String secret = environment(terminal, SECRET_KEY);
        if (null == accessKey != (null == secret))
        {
            throw new CliException(
                ExitCode.USAGE, ACCESS_KEY + " and " + SECRET_KEY + " belong together: " +
                    (null == secret ? SECRET_KEY : ACCESS_KEY) + " is missing");
        }
        return null == accessKey ?
            ApiCredential.bearer(token(terminal, directory, host)) :
            ApiCredential.keypair(accessKey, secret);
    }

    /** Null for none, or an empty one. */
    private static String environment(final Terminal terminal, final String name)
    {
        final String value = terminal.environment().get(name);
        return null == value || value.isBlank() ? null : value.strip();
    }

    private ClientTls tls(final Terminal terminal)
    {
        final Path trusted = file(terminal, authority, "PLIMSOLL_CA");
        final Path certificate = file(terminal, clientCertificate, "PLIMSOLL_CLIENT_CERTIFICATE");
        final Path key = file(terminal, clientKey, "PLIMSOLL_CLIENT_KEY");
        if (null == certificate != (null == key))
        {
            throw new CliException(ExitCode.USAGE, "give both --client-certificate and --client-key, or neither");
        }
        return null == trusted && null == certificate ? null : new ClientTls(trusted, certificate, key);
    }

    private static Path file(final Terminal terminal, final String option, final String variable)
    {
        final String said = null == option ? terminal.environment().get(variable) : option;
        if (null == said || said.isBlank())
        {
            return null;
        }
        final Path file = terminal.path(said.strip());
        if (!Files.isReadable(file))
        {
            throw new CliException(
                ExitCode.USAGE,
                (null == option ? variable + ": " : "") + file + " cannot be read");
        }
        return file;
    }

    private ApiTarget address(final Terminal terminal, final Path directory)
    {
        final String fromEnvironment = environment(terminal, "PLIMSOLL_URL");
        if (null != url)
        {
            return target(url, "--url");
        }
        if (null == data && null != fromEnvironment)
        {
            return target(fromEnvironment, "PLIMSOLL_URL");
        }
        final String written = read(directory.resolve(ADDRESS_FILE));
        if (null != written)
        {
            return target(written, directory.resolve(ADDRESS_FILE).toString());
        }
        if (null != data)
        {
            throw new CliException(
                ExitCode.UNREACHABLE,
                "no manager has been started on " + directory + "; start one with: plimsoll up" + dataOption());
        }
        return target(URL_DEFAULT, "");
    }

    private String token(final Terminal terminal, final Path directory, final String host)
    {
        final String fromEnvironment = environment(terminal, "PLIMSOLL_TOKEN");
        if (null != fromEnvironment)
        {
            return fromEnvironment;
        }
        // The token of this machine's own manager is not for strangers, unless its directory was named.
        return null != data || isLoopback(host) ? read(directory.resolve(TOKEN_FILE)) : null;
    }

    private String dataOption()
    {
        return null == data ? "" : " --data " + data;
    }

    private static boolean isLoopback(final String host)
    {
        return "localhost".equals(host) || "::1".equals(host) || host.startsWith("127.");
    }

    private static ApiTarget target(final String url, final String source)
    {
        try
        {
            return ApiTarget.parse(url, null);
        }
        catch (final IllegalArgumentException ex)
        {
            throw new CliException(ExitCode.USAGE, source + ": " + ex.getMessage());
        }
    }

    private static String read(final Path file)
    {
        try
        {
            final String text = Files.readString(file, StandardCharsets.UTF_8).strip();
            return text.isEmpty() ? null : text;
        }
        catch (final NoSuchFileException absent)
        {
            return null;
        }
        catch (final IOException ex)
        {
            throw new CliException(
                ExitCode.UNAUTHENTICATED,
                "cannot read " + file + "; run as the user who started the manager, or set PLIMSOLL_TOKEN");
        }
    }
}
