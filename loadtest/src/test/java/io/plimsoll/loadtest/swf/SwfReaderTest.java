package io.plimsoll.loadtest.swf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SwfReaderTest
{
    private static final String TAIL = " -1 1 7 -1 -1 -1 -1 -1 -1\n";
    private static final String HEADER = "; Computer: a machine\n;MaxProcs: 64\n;\n; no header, just words\n\n";

    @TempDir
    private Path directory;

    private Path log(final String text) throws IOException
    {
        return Files.writeString(directory.resolve("log.swf"), text, StandardCharsets.ISO_8859_1);
    }

    private static byte[] compressed(final String text) throws IOException
    {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(bytes))
        {
            gzip.write(text.getBytes(StandardCharsets.ISO_8859_1));
        }
        return bytes.toByteArray();
    }

    @Test
    void shouldReadFieldsAndHeader() throws IOException
    {
        try (SwfReader reader = SwfReader.open(log(HEADER + "  3\t10 -1 5 4 31.7 -1 8 60" + TAIL)))
        {
            assertEquals(new SwfRecord(3, 10, 5, 4, 8, 60, 7), reader.next());
            assertEquals(6, reader.line());
            assertEquals("64", reader.header("maxprocs"));
            assertEquals("a machine", reader.header("Computer"));
            assertNull(reader.header("Version"));
            assertNull(reader.next());
        }
    }

    @Test
    void shouldSeeFromTheBytesWhetherALogIsCompressed() throws IOException
    {
        final Path path = Files.write(directory.resolve("log.txt"), compressed("1 0 -1 5 4 -1 -1 4 60" + TAIL));
        try (SwfReader reader = SwfReader.open(path))
        {
            assertEquals(1, reader.next().id());
            assertNull(reader.next());
        }
    }

    @Test
    void shouldReadAnEmptyLog() throws IOException
    {
        try (SwfReader reader = SwfReader.open(log("")))
        {
            assertNull(reader.next());
        }
    }

    @Test
    void shouldLeaveExtensionsAlone() throws IOException
    {
        try (SwfReader reader = SwfReader.open(log("1 0 -1 5 4 -1 -1 4 60 -1 1 7 1 1 -1 1 1 1 {3,4} q_1d 1:ppn=1\n")))
        {
            assertEquals(7, reader.next().user());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1 0 -1 5s 4 -1 -1 4 60,4,run time '5s'", "1 0 -1 5 4 -1 -1 4 1e3,9,requested time '1e3'",
        "99999999999999999999 0 -1 5 4 -1 -1 4 60,1,job number '99999999999999999999'"})
    void shouldNameLineAndFieldOfAWrongNumber(final String start, final int field, final String words)
        throws IOException
    {
        try (SwfReader reader = SwfReader.open(log(HEADER + start + TAIL)))
        {
            final SwfFormatException ex = assertThrows(SwfFormatException.class, reader::next);

            assertEquals(6, ex.line());
            assertEquals(field, ex.field());
            assertTrue(
                ex.getMessage().endsWith("log.swf, line 6, field " + field + ": " + words + " is not a whole number"),
                ex.getMessage());
        }
    }

    @Test
    void shouldNameALineThatIsTooShort() throws IOException
    {
        try (SwfReader reader = SwfReader.open(log("1 0 -1 5 4 -1 -1 4 60" + TAIL + "2 0 -1 5\n")))
        {
            reader.next();

            final SwfFormatException ex = assertThrows(SwfFormatException.class, reader::next);

            assertEquals(0, ex.field());
            assertTrue(ex.getMessage().endsWith("log.swf, line 2: has 4 fields, not 18"), ex.getMessage());
        }
    }

    @Test
    void shouldNameAFileThatCannotBeRead()
    {
        final UncheckedIOException ex =
            assertThrows(UncheckedIOException.class, () -> SwfReader.open(directory.resolve("absent.swf")));

        assertTrue(ex.getMessage().contains("absent.swf cannot be read"), ex.getMessage());
    }

    @Test
    void shouldNameTheLineAtWhichACompressedLogBreaksOff() throws IOException
    {
        final byte[] bytes = compressed("1 0 -1 5 4 -1 -1 4 60" + TAIL);
        final Path path = Files.write(directory.resolve("cut.swf.gz"), Arrays.copyOf(bytes, bytes.length - 12));
        try (SwfReader reader = SwfReader.open(path))
        {
            final UncheckedIOException ex = assertThrows(UncheckedIOException.class, () ->
            {
                reader.next();
                reader.next();
            });

            assertTrue(ex.getMessage().contains("cut.swf.gz, line "), ex.getMessage());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "kept as it is,                     1 0 -1 5 4 -1 -1 8 60,   5, 8, 60",
        "allocated processors copied,       1 0 -1 5 4 -1 -1 -1 60,  5, 4, 60",
        "requested processors copied,       1 0 -1 5 -1 -1 -1 8 60,  5, 8, 60",
        "never longer than requested,       1 0 -1 99 4 -1 -1 8 60, 60, 8, 60",
        "as large as the machine,           1 0 -1 5 4 -1 -1 10 60,  5, 10, 60"})
    void shouldKeepAndRepairForBackfilling(
        final String what, final String start, final long runSeconds, final int processors, final long requestedSeconds)
        throws IOException
    {
        final List<SwfJob> jobs =
            SwfReader.jobs(log(start + TAIL), SwfDialect.BACKFILLING, 10, SwfJob.BY_ARRIVAL);

        assertEquals(List.of(new SwfJob(1, 0, runSeconds, processors, requestedSeconds, 7)), jobs, what);
    }

    @ParameterizedTest
    @CsvSource({
        "no processors,         1 0 -1 5 -1 -1 -1 0 60", "no run time,           1 0 -1 0 4 -1 -1 8 60",
        "unknown run time,      1 0 -1 -1 4 -1 -1 8 60", "no requested time,     1 0 -1 5 4 -1 -1 8 -1",
        "more than the machine, 1 0 -1 5 4 -1 -1 11 60", "before the log,        1 -3 -1 5 4 -1 -1 8 60"})
    void shouldDropForBackfilling(final String why, final String start) throws IOException
    {
        assertEquals(
            List.of(), SwfReader.jobs(log(start + TAIL), SwfDialect.BACKFILLING, 10, SwfJob.BY_ARRIVAL), why);
    }

    @Test
    void shouldRepairForHeuristics() throws IOException
    {
        final Path path = log("1 0 -1 0 4 -1 -1 8 60" + TAIL + "2 0 -1 -1 4 -1 -1 8 60" + TAIL +
            "3 0 -1 99 4 -1 -1 8 60" + TAIL + "4 0 -1 99 4 -1 -1 -1 -1" + TAIL);

        assertEquals(
            List.of(
                new SwfJob(2, 0, 10, 8, 60, 7), new SwfJob(3, 0, 99, 8, 60, 7), new SwfJob(4, 0, 99, 4, 99, 7)),
            SwfReader.jobs(path, SwfDialect.HEURISTICS, 10, SwfJob.BY_ID));
    }

    @Test
    void shouldSortByArrivalAndThenById() throws IOException
    {
        final Path path = log("9 5 -1 5 4 -1 -1 8 60" + TAIL + "3 5 -1 5 4 -1 -1 8 60" + TAIL +
            "4 1 -1 5 4 -1 -1 8 60" + TAIL);

        final List<SwfJob> jobs = SwfReader.jobs(path, SwfDialect.BACKFILLING, 10, SwfJob.BY_ARRIVAL);

        assertEquals(List.of(4L, 3L, 9L), jobs.stream().map(SwfJob::id).toList());
    }

    @Test
    void shouldTakeTheMachineOfTheHeaderUnlessTold() throws IOException
    {
        final Path path = log("; MaxProcs: 4\n1 0 -1 5 4 -1 -1 4 60" + TAIL + "2 0 -1 5 5 -1 -1 5 60" + TAIL);
        final SwfLog own = SwfLog.read(path, SwfDialect.BACKFILLING, SwfLog.OF_THE_LOG, SwfJob.BY_ARRIVAL);
        assertEquals("4 1 1", own.processors() + " " + own.jobs().size() + " " + own.skipped());
        final SwfLog told = SwfLog.read(path, SwfDialect.BACKFILLING, 5, SwfJob.BY_ARRIVAL);
        assertEquals("5 2 0", told.processors() + " " + told.jobs().size() + " " + told.skipped());
    }

    @ParameterizedTest
    @ValueSource(strings = {"; MaxProcs: 64\n1", "1"})
    void shouldReadWhatBeginsWithAByteOrderMark(final String start) throws IOException
    {
        final String mark = new String("\uFEFF".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        try (SwfReader reader = SwfReader.open(log(mark + start + " 10 -1 5 4 31.7 -1 8 60" + TAIL)))
        {
            assertEquals(new SwfRecord(1, 10, 5, 4, 8, 60, 7), reader.next());
            assertEquals(start.length() > 1 ? "64" : null, reader.header("MaxProcs"));
            assertNull(reader.next());
        }
    }

    @Test
    void shouldTellTheMachineOfALogWithoutJobs() throws IOException
    {
        final SwfLog log =
            SwfLog.read(log("; MaxProcs: 4\n"), SwfDialect.BACKFILLING, SwfLog.OF_THE_LOG, SwfJob.BY_ARRIVAL);
        assertEquals("4 0 0", log.processors() + " " + log.jobs().size() + " " + log.skipped());
    }

    @ParameterizedTest
    @CsvSource({"99999999999, 5, 60, 2", "0, 99999999999, 99999999999, 4", "0, 5, 4000000001, 9"})
    void shouldNameATimeBeyondAllClocks(
        final long submit, final long run, final long requested, final int field) throws IOException
    {
        final Path path = log("; MaxProcs: 4\n1 " + submit + " -1 " + run + " 4 -1 -1 4 " + requested + TAIL);
        final SwfFormatException ex = assertThrows(SwfFormatException.class, () ->
            SwfLog.read(path, SwfDialect.BACKFILLING, SwfLog.OF_THE_LOG, SwfJob.BY_ARRIVAL));
        assertEquals("2 " + field, ex.line() + " " + ex.field());
    }

    @Test
    void shouldReadThePublicLogsWhole()
    {
        assertEquals(28_481, Traces.Log.KTH_SP2.jobs().size());
        assertEquals(77_199, Traces.Log.CTC_SP2.jobs().size());
        assertEquals(54_006, Traces.Log.SDSC_SP2.jobs().size());
        assertEquals(232_542, Traces.Log.SDSC_BLUE.jobs().size());
        assertEquals(295_540, Traces.Log.CEA_CURIE.jobs().size());
    }
}
