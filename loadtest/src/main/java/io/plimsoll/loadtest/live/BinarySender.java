package io.plimsoll.loadtest.live;

import io.plimsoll.transport.LaunchSpec;
import io.plimsoll.transport.client.ClientSession;
import io.plimsoll.transport.client.ClientTerms;
import io.plimsoll.transport.client.SubmitClient;
import io.plimsoll.transport.client.SubmitClientOptions;
import io.plimsoll.transport.client.SubmitRejectedException;
import io.plimsoll.transport.client.Submitted;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Over the binary ingress. The client itself sends again what had no answer when its connection broke, under a key of
 * its own, so a call is given up only when the whole run gives up: a new one would have another key.
 */
final class BinarySender implements Sender
{
    private static final int TOO_MANY = 429;
    private static final int UNAVAILABLE = 503;
    private static final int CALLS_MAX = 16;
    private static final int PRIORITY = 10;
    private static final long CPU_MILLIS = 1_000;
    private static final long MEMORY_BYTES = 1L << 30;
    private static final long GRACE_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long LOOK_MS = 200;

    private final LoadPlan plan;
    private final LaunchSpec spec;
    private final SubmitClient client;

    /**
     * On a connection of its own.
     *
     * @param plan    says what a session is like.
     * @param ingress of the manager.
     */
    BinarySender(final LoadPlan plan, final LiveManager.Ingress ingress)
    {
        this.plan = plan;
        spec = new LaunchSpec(List.of("true"), Map.of(), null, null, 0, plan.runNs());
        client = SubmitClient.launch(new SubmitClientOptions(
            ingress.host(), ingress.port(), ingress.token(), ingress.authority(), Submitter.PATIENCE_NS, CALLS_MAX,
            ingress.certificate(), ingress.key()));
    }

    @Override
    public Answer send(final long number, final int sessions, final RunState run)
    {
        final CompletableFuture<Submitted> call = client.submit(session(sessions));
        while (true)
        {
            try
            {
                final Submitted submitted = call.get(LOOK_MS, TimeUnit.MILLISECONDS);
                return Answer.accepted(submitted.firstId(), submitted.sequence());
            }
            catch (final TimeoutException ex)
            {
                if (run.isAbandoned())
                {
                    return Answer.ABANDONED;
                }
            }
            catch (final ExecutionException ex)
            {
                return failed(ex.getCause());
            }
            catch (final InterruptedException ex)
            {
                Thread.currentThread().interrupt();
                return Answer.ABANDONED;
            }
        }
    }

    private static Answer failed(final Throwable cause)
    {
        if (cause instanceof final SubmitRejectedException rejected)
        {
            if (TOO_MANY != rejected.status() && UNAVAILABLE != rejected.status())
            {
                throw Sender.refused(rejected);
            }
            return Answer.BUSY;
        }
        return Answer.none(cause.getMessage());
    }

    private ClientSession session(final int sessions)
    {
        return new ClientSession(
            "loadtest", plan.group(), 0, PRIORITY, plan.kernels(), sessions, sessions > 1, CPU_MILLIS,
            MEMORY_BYTES, Map.of(), 0, GRACE_NS, false, spec, ClientTerms.NONE);
    }

    @Override
    public long resent()
    {
        return client.resent();
    }

    @Override
    public void close()
    {
        client.close();
    }
}
