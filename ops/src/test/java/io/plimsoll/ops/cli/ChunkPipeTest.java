package io.plimsoll.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class ChunkPipeTest
{
    @Test
    void shouldBeAtItsEndForWhoeverReadsWhenItIsAbandoned()
        throws IOException, InterruptedException, ExecutionException, TimeoutException
    {
        final ChunkPipe pipe = new ChunkPipe();
        final InputStream in = pipe.reader();
        pipe.write(new byte[]{7});
        assertEquals(7, in.read());
        final FutureTask<Integer> next = new FutureTask<>(in::read);
        final Thread reader = new Thread(next);
        reader.setDaemon(true);
        reader.start();
        pipe.abandon();
        pipe.write(new byte[]{8});
        pipe.close();
        assertEquals(-1, next.get(60, TimeUnit.SECONDS));
    }
}
