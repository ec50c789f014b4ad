package io.plimsoll.ops.cli;

import io.plimsoll.loadtest.csv.CsvFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** How else a result is shown: for all commands whose results are worth a page. */
final class ShownOptions
{
    @Option(
        names = "--html", paramLabel = "FILE", description = "Writes a page with plots too, which needs nothing else.")
    private String html;

    @Option(
        names = "--csv",
        paramLabel = "DIR",
        description = "Writes what the page shows as tables too, one file each, into this folder.")
    private String csv;

    /** Whether what only these show is needed. */
    boolean isAsked()
    {
        return null != html || null != csv;
    }

    String html()
    {
        return html;
    }

    String csv()
    {
        return csv;
    }

    /** The file of the page, opened before the work begins, and none of those that are read; null if none is wanted. */
    OutputFile page(final Terminal terminal, final Collection<Path> inputs)
    {
        if (null != csv)
        {
            final Path folder = terminal.path(csv);
            if (Files.exists(folder) && !Files.isDirectory(folder))
            {
                throw new CliException(ExitCode.USAGE, "--csv: " + folder + " is a file; name a folder");
            }
            try
            {
                // Before hours of work: that it cannot be written is told at once.
                Files.createDirectories(folder);
            }
            catch (final IOException ex)
            {
                throw notWritten(terminal, ex);
            }
            if (!Files.isWritable(folder))
            {
                throw new CliException(ExitCode.USAGE, "--csv: " + folder + " is not yours to write");
            }
            CsvFolder.tables(folder).forEach(table -> OutputFile.spare("--csv", table, inputs));
        }
        return OutputFile.open("--html", html, terminal, inputs);
    }

    /**
     * Shows a result.
     *
     * @param page   that was opened.
     * @param asPage writes it.
     * @param asCsv  writes the tables.
     */
    void show(
        final Terminal terminal,
        final OutputFile page,
        final OutputFile.Content asPage,
        final Consumer<CsvFolder> asCsv)
    {
        if (null != page)
        {
            page.write(asPage);
            page.keep();
        }
        if (null != csv)
        {
            try
            {
                asCsv.accept(new CsvFolder(terminal.path(csv)));
            }
            catch (final IOException ex)
            {
                throw notWritten(terminal, ex);
            }
            catch (final UncheckedIOException ex)
            {
                throw notWritten(terminal, ex.getCause());
            }
        }
    }

    private CliException notWritten(final Terminal terminal, final IOException why)
    {
        return new CliException(
            ExitCode.USAGE, "--csv: " + terminal.path(csv) + " cannot be written: " +
                (why instanceof NoSuchFileException ? "its folder cannot be made" : why.getMessage()));
    }
}
