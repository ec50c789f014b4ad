package io.plimsoll.agent;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentTerminationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The protocol on a thread: assembled on it, and ended by the first failure that nobody has foreseen. Kernels go on
 * without their agent, and a fresh one takes them up; one in a state that nobody understands might do worse.
 */
final class AgentThread implements Agent
{
    private static final Logger LOG = LoggerFactory.getLogger(AgentThread.class);

    private final Callable<Parts> assembly;
    private final Consumer<Throwable> onFailure;
    private final CompletableFuture<Parts> assembled = new CompletableFuture<>();
    private AgentProtocol protocol;
    private volatile boolean isAbandoned;

    AgentThread(final Callable<Parts> assembly, final Consumer<Throwable> onFailure)
    {
        this.assembly = assembly;
        this.onFailure = onFailure;
    }

    /**
     * Waits for the assembly, which asks devices and plug-ins and so may hang.
     *
     * @throws IOException if it has failed, or is not done in time: whatever comes of it then is not used.
     */
    void awaitAssembled(final long timeoutNs) throws IOException
    {
        try
        {
            assembled.get(timeoutNs, TimeUnit.NANOSECONDS);
        }
        catch (final TimeoutException e)
        {
            if (assembled.completeExceptionally(e))
            {
                isAbandoned = true;
                throw new IOException(
                    "the agent has not started within " + TimeUnit.NANOSECONDS.toSeconds(timeoutNs) +
                        " s: a device, a plug-in or a disk of this machine does not answer", e);
            }
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the agent starts", e);
        }
        catch (final ExecutionException e)
        {
            if (e.getCause() instanceof IOException)
            {
                throw (IOException)e.getCause();
            }
            if (e.getCause() instanceof IllegalArgumentException)
            {
                throw (IllegalArgumentException)e.getCause();
            }
            throw new IOException("the agent cannot start: " + e.getCause().getMessage(), e.getCause());
        }
    }

    /** Whether nobody waits for the assembly any more, which still goes on. */
    boolean isAbandoned()
    {
        return isAbandoned;
    }

    AgentProtocol protocol()
    {
        return assembled.join().protocol;
    }

    List<String> notes()
    {
        return assembled.join().notes;
    }

    @Override
    public String roleName()
    {
        return "plimsoll-agent";
    }

    @Override
    public void onStart()
    {
        try
        {
            final Parts parts = assembly.call();
            if (assembled.complete(parts))
            {
                protocol = parts.protocol;
                parts.notes.forEach(note -> LOG.info("{}", note));
            }
        }
        catch (final Exception | Error e)
        {
            // Whatever it is: somebody waits for it.
            assembled.completeExceptionally(e);
        }
    }

    @Override
    public int doWork()
    {
        if (null == protocol)
        {
            throw new AgentTerminationException();
        }
        try
        {
            return protocol.doWork();
        }
        catch (final RuntimeException | Error e)
        {
            LOG.error("the agent ends; its kernels go on", e);
            onFailure.accept(e);
            throw new AgentTerminationException(e);
        }
    }

    void onError(final Throwable error)
    {
        if (!(error instanceof AgentTerminationException))
        {
            LOG.error("agent", error);
        }
    }

    @Override
    public void onClose()
    {
        if (null != protocol)
        {
            protocol.onClose();
        }
    }

    /** What the assembly has made. */
    record Parts(AgentProtocol protocol, List<String> notes)
    {
    }
}
