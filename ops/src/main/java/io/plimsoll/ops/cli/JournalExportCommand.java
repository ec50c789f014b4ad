package io.plimsoll.ops.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.journal.JournalCursor;
import io.plimsoll.journal.JournalReader;
import io.plimsoll.manager.replay.ReplayMoment;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import org.agrona.DirectBuffer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Writes a journal as text. */
@Command(
    name = "export",
    description = {
        "Writes records as JSON, one a line.",
        "Sequence, time, the command, and the events that it caused, with names as in",
        "the schema of the core. It holds whatever users sent, launch specs with their",
        "environment among it."},
    footer = {
        "  plimsoll journal export ~/.plimsoll --from 4711 --to 4720 | jq .",
        "  plimsoll journal export /srv/plimsoll --from 2026-11-22T10:00:00Z --to 2026-11-22T11:00:00Z > hour.jsonl",
        "  plimsoll journal export /srv/plimsoll | jq -c 'select(.command.type == \"CancelSessions\")'"})
final class JournalExportCommand extends JournalAction
{
    private static final int BUFFER_LENGTH = 1 << 16;
    private static final int LINES_PER_CHECK = 1 << 10;

    @Option(
        names = "--from",
        paramLabel = "SEQ|TIME",
        description = {
            "First record: its sequence, or a time such as 2026-11-22T10:00:00Z or 2026-11-22T10:00 (here). The oldest",
            "that is kept unless told."})
    private String from;

    @Option(
        names = "--to",
        paramLabel = "SEQ|TIME",
        description = "Last record, likewise; the last there is unless told.")
    private String to;

    private Bound first;
    private Bound last;

    /** A bound: one of the two is the whole range. */
    private record Bound(long sequence, long epochNs)
    {
    }

    JournalExportCommand(final Terminal terminal)
    {
        super(terminal);
    }

    @Override
    void checkOptions()
    {
        first = bound("--from", from, 1, Long.MIN_VALUE);
        last = bound("--to", to, Long.MAX_VALUE, Long.MAX_VALUE);
    }

    @Override
    int run(final Path journal)
    {
        final OutputStream out = new BufferedOutputStream(terminal().out(), BUFFER_LENGTH);
        final ByteArrayOutputStream line = new ByteArrayOutputStream(BUFFER_LENGTH);
        try (JournalReader reader = JournalReader.open(journal);
            JournalCursor cursor = reader.cursor();
            JsonGenerator json = new JsonFactory().createGenerator(line))
        {
            if (null != from && first.sequence() > 1 && first.sequence() < cursor.oldestSequence())
            {
                throw new CliException(
                    ExitCode.USAGE, "--from: record " + first.sequence() + " is no longer kept; the oldest is " +
                        cursor.oldestSequence());
            }
            cursor.seek(Math.max(first.sequence(), cursor.oldestSequence()));
            json.setRootValueSeparator(null);
            export(cursor, json, line, out);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        finally
        {
            flush(out);
        }
        return ExitCode.OK;
    }

    private static void flush(final OutputStream out)
    {
        try
        {
            out.flush();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    /** Line by line: before damage stands what was read, and no half of a record. */
    private void export(
        final JournalCursor cursor, final JsonGenerator json, final ByteArrayOutputStream line, final OutputStream out)
        throws IOException
    {
        final MessageJson messages = new MessageJson(json);
        final RecordFlyweight record = new RecordFlyweight();
        long lines = 0;
        while (cursor.nextSequence() <= last.sequence() && cursor.next(record) &&
            record.timestampNs() <= last.epochNs())
        {
            if (record.timestampNs() >= first.epochNs())
            {
                cursor.show(record, each -> writeLine(each, json, messages));
                line.writeTo(out);
                line.reset();
                lines++;
                // Whoever reads may have had enough: head, or a pager that was closed.
                if (0 == lines % LINES_PER_CHECK && isClosed(out))
                {
                    return;
                }
            }
        }
    }

    private boolean isClosed(final OutputStream out) throws IOException
    {
        out.flush();
        return terminal().out().checkError();
    }

    private static void writeLine(final RecordFlyweight record, final JsonGenerator json, final MessageJson messages)
    {
        try
        {
            write(record, json, messages);
            json.writeRaw('\n');
            json.flush();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    /** A record as export writes it. */
    static String line(final RecordFlyweight record)
    {
        final StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text))
        {
            write(record, json, new MessageJson(json));
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        return text.toString();
    }

    private static void write(final RecordFlyweight record, final JsonGenerator json, final MessageJson messages)
        throws IOException
    {
        json.writeStartObject();
        json.writeNumberField("sequence", record.sequence());
        json.writeStringField("time", Instant.ofEpochSecond(0, record.timestampNs()).toString());
        json.writeFieldName("command");
        messages.write(record.buffer(), record.commandOffset());
        json.writeArrayFieldStart("events");
        final DirectBuffer buffer = record.buffer();
        final IOException[] failure = new IOException[1];
        record.forEachEvent((bytes, offset, length) ->
        {
            try
            {
                messages.write(buffer, offset);
            }
            catch (final IOException ex)
            {
                failure[0] = ex;
            }
        });
        if (null != failure[0])
        {
            throw failure[0];
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static Bound bound(final String option, final String text, final long sequence, final long epochNs)
    {
        if (null == text)
        {
            return new Bound(sequence, epochNs);
        }
        final String clean = text.strip();
        try
        {
            return clean.matches("[0-9]+") ?
                new Bound(Long.parseLong(clean), epochNs) :
                new Bound(sequence, ReplayMoment.epochNs(clean, ZoneId.systemDefault()));
        }
        catch (final DateTimeException | NumberFormatException ex)
        {
            throw new CliException(ExitCode.USAGE, option + ": '" + text + "' is no place in a journal: use a" +
                " sequence such as 4711 or a time such as 2026-11-22T10:00:00Z");
        }
    }
}
