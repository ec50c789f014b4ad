package io.plimsoll.ops.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;

/** Says what this is. */
@Command(
    name = "version",
    description = "Prints the version of Plimsoll and of the JVM that runs it.",
    footerHeading = "%nExamples:%n",
    footer = {"  plimsoll version", "  plimsoll version -o json"})
public final class VersionCommand implements Callable<Integer>
{
    private final Terminal terminal;

    @Option(names = {"-o", "--output"}, paramLabel = "table|json", description = "Form of the answer.")
    private OutputFormat output = OutputFormat.table;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this help.")
    private boolean help;

    VersionCommand(final Terminal terminal)
    {
        this.terminal = terminal;
    }

    /** Version of this build, such as 0.1.0. */
    public static String version()
    {
        final Properties properties = new Properties();
        try (InputStream in = VersionCommand.class.getResourceAsStream("/io/plimsoll/ops/version.properties"))
        {
            properties.load(in);
        }
        catch (final IOException ex)
        {
            throw new IllegalStateException("a resource of the jar cannot be read", ex);
        }
        return properties.getProperty("version");
    }

    @Override
    public Integer call()
    {
        final String java = System.getProperty("java.vm.version");
        final String vendor = System.getProperty("java.vendor");
        final String os = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        if (OutputFormat.json == output)
        {
            final Map<String, Object> version = new LinkedHashMap<>();
            version.put("version", version());
            version.put("java", java);
            version.put("javaVendor", vendor);
            version.put("os", os);
            terminal.out().println(JsonValue.of(version).pretty());
        }
        else
        {
            terminal.out().println("plimsoll " + version() + " (Java " + java + ", " + vendor + "; " + os + ")");
        }
        return ExitCode.OK;
    }

    /** For {@code plimsoll --version}. */
    public static final class Provider implements IVersionProvider
    {
        @Override
        public String[] getVersion()
        {
            return new String[]{"plimsoll " + version()};
        }
    }
}
