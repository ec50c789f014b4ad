package io.plimsoll.loadtest.openb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.loadtest.simulate.ScenarioException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What pods may ask for. */
class OpenbFilesTest
{
    private static final String HEADER = "name,cpu_milli,memory_mib,num_gpu,gpu_milli\n";

    @TempDir
    private Path directory;

    private Path file(final String row) throws IOException
    {
        return Files.writeString(directory.resolve("pods.csv"), HEADER + row + "\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', value = {
        "p,100,10,2,500 # line 2, gpu_milli: 500 of each of 2 GPUs",
        "p,100,10,1,0 # line 2, gpu_milli: 0 of a GPU is none",
        "p,100,10,1,1001 # line 2, gpu_milli: '1001' is not a whole number from 0 to 1000"})
    void shouldNameTheLineOfAPodThatCannotBeMeant(final String row, final String expected) throws IOException
    {
        final Path file = file(row);
        final ScenarioException ex = assertThrows(ScenarioException.class, () -> OpenbFiles.pods(file));
        assertTrue(ex.getMessage().contains(expected), ex.getMessage());
    }

    @Test
    void shouldTakeAPodThatNeedsNoGpu() throws IOException
    {
        assertEquals(0, OpenbFiles.pods(file("p,100,10,0,0")).get(0).demandMilli());
    }
}
