package io.plimsoll.manager.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.CoreOptions;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Result;
import io.plimsoll.manager.bed.ManagerBed;
import io.plimsoll.manager.bed.TestAgent;
import io.plimsoll.transport.sbe.ReportKind;
import io.plimsoll.transport.sbe.ReportReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** One writer at full speed, readers at full speed: nobody sees a session half in one state, half in another. */
class LiveViewConcurrencyTest
{
    private static final SessionFilter ALL = new SessionFilter(null, null, null, null, null);
    private static final int ROUNDS = 300;

    private final ManagerBed bed = new ManagerBed();
    private final AtomicBoolean done = new AtomicBoolean();
    private final AtomicLong looks = new AtomicLong();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    @Test
    void shouldShowWholeSessionsOnly() throws Exception
    {
        bed.context.coreOptions(CoreOptions.defaults().withForgetting(TimeUnit.SECONDS.toNanos(30), 200));
        bed.start();
        final LiveViewStore view = bed.view();
        final List<Thread> readers = new ArrayList<>();
        for (int i = 0; i < 2; i++)
        {
            final Thread reader = new Thread(() -> read(view));
            reader.start();
            readers.add(reader);
        }
        try
        {
            write();
            // On few cores the writer may have been the only one to run so far.
            while (0 == looks.get() && null == failure.get())
            {
                Thread.yield();
            }
        }
        finally
        {
            done.set(true);
            for (final Thread reader : readers)
            {
                reader.join();
            }
        }
        assertNull(failure.get(), () -> String.valueOf(failure.get()));
    }

    private void write()
    {
        final Random random = new Random(3);
        final TestAgent agent = bed.join("a");
        for (int round = 0; round < ROUNDS; round++)
        {
            bed.submit(ManagerBed.session("s", 2, 1 + random.nextInt(3), true));
            agent.receive();
            for (final TestAgent.Assigned kernel : agent.assigned)
            {
                agent.report(kernel, ReportKind.RUNNING, ReportReason.NONE, -1);
                agent.report(kernel, ReportKind.EXITED, ReportReason.COMPLETED, 0);
            }
            agent.assigned.clear();
            bed.pass(1, TimeUnit.SECONDS, agent);
        }
    }

    private void read(final LiveViewStore view)
    {
        try
        {
            while (!done.get())
            {
                long lastId = 0;
                for (final SessionView session : view.sessions(ALL, 0, 1_000).sessions())
                {
                    check(session);
                    assertTrue(session.id() > lastId, "in ascending order");
                    lastId = session.id();
                    looks.incrementAndGet();
                }
                for (final AgentView agent : view.agents())
                {
                    assertEquals(agent.kernels() * 1_000L, agent.used().get("cpu"));
                }
            }
        }
        catch (final Throwable e)
        {
            failure.set(e);
        }
    }

    private static void check(final SessionView session)
    {
        final boolean ended = LifeState.TERMINATED == session.state();
        assertEquals(ended, Result.SUCCESS == session.result(), session::toString);
        assertEquals(ended, session.endedNs() > 0, session::toString);
        assertEquals(2, session.kernels().size());
        if (ended)
        {
            for (final KernelView kernel : session.kernels())
            {
                assertEquals(LifeState.TERMINATED, kernel.state(), session::toString);
                assertEquals("0-1", kernel.cpus(), session::toString);
            }
        }
    }
}
