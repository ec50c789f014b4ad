package io.plimsoll.transport.uplink;

import io.aeron.Aeron;
import io.aeron.ChannelUri;
import io.aeron.CommonContext;
import io.aeron.Image;
import io.aeron.Subscription;
import io.aeron.exceptions.AeronException;
import io.aeron.logbuffer.ControlledFragmentHandler.Action;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;

/**
 * The manager's side of the uplink on Aeron. One thread polls, and steps the Aeron client while it does;
 * {@link #admit} and {@link #dismiss} may be called from any thread.
 * <p>
 * A report that the handler cannot take now is left where it is, and with it all that follows on its image: the
 * image's window closes, and the sender feels it. A heartbeat that cannot be taken is dropped. Reports of a connection
 * come on one image only: when that is lost, reports may be missing, so images are never rejoined and the agent has to
 * make a new connection.
 */
public final class AeronUplinkReceiver implements UplinkReceiver
{
    private static final long OPEN_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long REOPEN_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

    private final MediaDriverHost driver;
    private final UplinkReceiverOptions options;
    private final UplinkCounters counters = new UplinkCounters();
    private final FrameAdmission admission = new FrameAdmission(counters);
    private final FrameAssembler reports = new FrameAssembler(this::onReport, counters);
    private final FrameAssembler heartbeats = new FrameAssembler(this::onHeartbeat, counters);
    private final List<Subscription> reportSubscriptions = new ArrayList<>();
    private final List<Subscription> heartbeatSubscriptions = new ArrayList<>();
    private Aeron aeron;
    private int port;
    private long reopenedNs;
    private volatile boolean isClosed;
    private Handler handler;

    private AeronUplinkReceiver(final MediaDriverHost driver, final UplinkReceiverOptions options)
    {
        this.driver = driver;
        this.options = options;
        this.port = options.port();
    }

    /**
     * Starts to listen. Blocks until the socket is bound.
     *
     * @param driver  that receives.
     * @param options where.
     * @return the receiver.
     * @throws IOException that says why it cannot listen there.
     */
    public static AeronUplinkReceiver launch(final MediaDriverHost driver, final UplinkReceiverOptions options)
        throws IOException
    {
        final AeronUplinkReceiver receiver = new AeronUplinkReceiver(driver, options);
        try
        {
            receiver.open();
        }
        catch (final AeronException | IllegalStateException ex)
        {
            receiver.close();
            throw new IOException(
                "cannot listen for agents' reports on " + UplinkChannels.endpoint(options.host(), options.port()) +
                " (UDP): " + ex.getMessage(), ex);
        }
        return receiver;
    }

    @Override
    public String channel()
    {
        return UplinkChannels.udp(options.advertisedHost(), port);
    }

    /** UDP port that it listens on. */
    public int port()
    {
        return port;
    }

    /** What happened. */
    public UplinkCounters counters()
    {
        return counters;
    }

    @Override
    public void admit(final int agentId, final long connection, final byte[] heartbeatKey, final byte[] reportKey)
    {
        admission.admit(new AdmittedAgent(agentId, connection, heartbeatKey, reportKey));
    }

    @Override
    public void dismiss(final int agentId, final long connection)
    {
        admission.dismiss(agentId, connection);
    }

    @Override
    public int poll(final Handler to, final int limit)
    {
        if (aeron.isClosed())
        {
            if (!isClosed)
            {
                reopen();
            }
            return 0;
        }
        handler = to;
        admission.applyChanges();
        aeron.conductorAgentInvoker().invoke();
        // Each has its share: a flood of reports must not make agents look silent.
        final int share = Math.max(1, limit / (reportSubscriptions.size() + heartbeatSubscriptions.size()));
        int count = 0;
        for (int i = 0; i < reportSubscriptions.size(); i++)
        {
            count += reportSubscriptions.get(i).controlledPoll(reports, share);
        }
        for (int i = 0; i < heartbeatSubscriptions.size(); i++)
        {
            count += heartbeatSubscriptions.get(i).controlledPoll(heartbeats, share);
        }
        return count;
    }

    @Override
    public void close()
    {
        isClosed = true;
        if (null != aeron)
        {
            aeron.close();
        }
    }

    private void open()
    {
        reportSubscriptions.clear();
        heartbeatSubscriptions.clear();
        aeron = driver.connectStepped();
        // Both streams share one socket, and with port 0 only a tag can name it.
        final long tag = aeron.nextCorrelationId();
        final String endpoint = UplinkChannels.udp(options.host(), port) + "|tags=" + tag + "|rejoin=false";
        final Subscription first = subscribe(endpoint, UplinkSender.REPORT_STREAM, reports);
        awaitBound(first);
        port = portOf(first.tryResolveChannelEndpointPort());
        reportSubscriptions.add(first);
        // A heartbeat that is lost is not asked for again: the next one says the same, and must not wait for it.
        heartbeatSubscriptions.add(subscribe(
            "aeron:udp?tags=" + tag + "|rejoin=false|reliable=false", UplinkSender.HEARTBEAT_STREAM, heartbeats));
        if (options.isIpcToo())
        {
            reportSubscriptions.add(subscribe(UplinkChannels.IPC, UplinkSender.REPORT_STREAM, reports));
            heartbeatSubscriptions.add(subscribe(UplinkChannels.IPC, UplinkSender.HEARTBEAT_STREAM, heartbeats));
        }
    }

    /** The driver went away, which an external one may do. Agents notice by themselves and connect anew. */
    private void reopen()
    {
        final long nowNs = System.nanoTime();
        if (0 == reopenedNs || nowNs - reopenedNs > REOPEN_INTERVAL_NS)
        {
            reopenedNs = nowNs;
            if (!driver.isActive())
            {
                return;
            }
            counters.reopened.increment();
            try
            {
                open();
            }
            catch (final AeronException | IllegalStateException ex)
            {
                driver.onError(ex);
                aeron.close();
            }
        }
    }

    private Subscription subscribe(final String channel, final int streamId, final FrameAssembler assembler)
    {
        return aeron.addSubscription(
            channel, streamId, this::onImageAvailable, image -> onImageGone(image, assembler));
    }

    private void awaitBound(final Subscription subscription)
    {
        final long deadlineNs = System.nanoTime() + OPEN_TIMEOUT_NS;
        while (null == subscription.tryResolveChannelEndpointPort())
        {
            aeron.conductorAgentInvoker().invoke();
            if (System.nanoTime() - deadlineNs > 0)
            {
                throw new IllegalStateException("the media driver did not bind it in time");
            }
            Thread.onSpinWait();
        }
    }

    private void onImageAvailable(final Image image)
    {
        counters.imagesAvailable.increment();
        if (image.termBufferLength() > options.termLengthMax())
        {
            counters.imagesRejected.increment();
            image.reject("terms are longer than " + options.termLengthMax());
        }
    }

    private void onImageGone(final Image image, final FrameAssembler assembler)
    {
        counters.imagesLost.increment();
        assembler.onImageGone(image);
    }

    private Action onReport(final Image image, final DirectBuffer buffer, final int offset, final int length)
    {
        switch (admission.onFrame(
            UplinkSender.REPORT_STREAM, image.correlationId(), buffer, offset, length, handler))
        {
            case REFUSED ->
            {
                counters.deferred.increment();
                return Action.ABORT;
            }
            case BROKEN ->
            {
                counters.imagesRejected.increment();
                image.reject("reports may be missing: connect anew");
                return Action.CONTINUE;
            }
            default ->
            {
                return Action.CONTINUE;
            }
        }
    }

    private Action onHeartbeat(final Image image, final DirectBuffer buffer, final int offset, final int length)
    {
        if (FrameAdmission.Verdict.REFUSED == admission.onFrame(
            UplinkSender.HEARTBEAT_STREAM, image.correlationId(), buffer, offset, length, handler))
        {
            counters.heartbeatsRefused.increment();
        }
        return Action.CONTINUE;
    }

    private static int portOf(final String channel)
    {
        final String endpoint = ChannelUri.parse(channel).get(CommonContext.ENDPOINT_PARAM_NAME);
        return Integer.parseInt(endpoint.substring(endpoint.lastIndexOf(':') + 1));
    }
}
