package io.plimsoll.transport.uplink;

import io.aeron.Aeron;
import io.aeron.CommonContext;
import io.aeron.RethrowingErrorHandler;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.exceptions.AeronException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.SleepingMillisIdleStrategy;

/**
 * Aeron's media driver: one thread of this process that sends and receives datagrams, or a driver that runs elsewhere
 * on this machine. Closing it ends the driver and deletes its files; clients are to be closed before.
 */
public final class MediaDriverHost implements AutoCloseable
{
    private static final int TERM_LENGTH = 1024 * 1024;
    private static final int SOCKET_BUFFER_LENGTH = 2 * 1024 * 1024;
    private static final int WINDOW_LENGTH = 128 * 1024;
    private static final long STORAGE_WARNING_THRESHOLD = 16 * 1024 * 1024;
    /**
     * Driver and clients share our process, so one that seems dead was only stopped: a suspended machine must not lose
     * its uplink for good. An external driver keeps its own times.
     */
    private static final long LIVENESS_TIMEOUT_NS = TimeUnit.HOURS.toNanos(1);
    private static final long AWAITING_PARK_NS = TimeUnit.MICROSECONDS.toNanos(200);
    private static final long CONDUCTOR_SLEEP_MS = 4;

    private final DriverErrors errors = new DriverErrors();
    private final DriverDirectory directory;
    private final MediaDriver driver;
    private final String path;

    private MediaDriverHost(final MediaDriverOptions options) throws IOException
    {
        if (null != options.externalDirectory())
        {
            directory = null;
            driver = null;
            path = options.externalDirectory();
            checkExternal(path);
        }
        else
        {
            directory = DriverDirectory.create(options.parent());
            path = directory.path().toString();
            driver = launchDriver(options);
        }
    }

    /**
     * Starts a driver, or finds the external one.
     *
     * @param options where and how.
     * @return the running driver.
     * @throws IOException that says why it does not run.
     */
    public static MediaDriverHost launch(final MediaDriverOptions options) throws IOException
    {
        return new MediaDriverHost(options);
    }

    /** Directory of the driver's files. */
    public String directory()
    {
        return path;
    }

    /** How often driver and clients complained. */
    public long errorCount()
    {
        return errors.count();
    }

    /** What they complained about, each kind once. */
    public List<String> errors()
    {
        return errors.kinds();
    }

    /** Whether a client that connects now would find the driver alive, without waiting for it. */
    boolean isActive()
    {
        return null != driver || isExternalActive(path);
    }

    /** Counts a failure of a client beside the driver's own. */
    void onError(final Throwable error)
    {
        errors.onError(error);
    }

    /** A client whose conductor its owner steps through {@link Aeron#conductorAgentInvoker}. */
    Aeron connectStepped()
    {
        return Aeron.connect(clientContext().useConductorAgentInvoker(true));
    }

    /** A client with a conductor thread of its own, for owners that are not called regularly. */
    Aeron connectThreaded()
    {
        return Aeron.connect(clientContext()
            .idleStrategy(new SleepingMillisIdleStrategy(CONDUCTOR_SLEEP_MS))
            .threadFactory(task -> daemon(task, "plimsoll-uplink-client")));
    }

    @Override
    public void close()
    {
        if (null != driver)
        {
            driver.close();
            directory.close();
        }
    }

    private MediaDriver launchDriver(final MediaDriverOptions options) throws IOException
    {
        final MediaDriver.Context context = new MediaDriver.Context()
            .aeronDirectoryName(path)
            .dirDeleteOnStart(false)
            .dirDeleteOnShutdown(true)
            .warnIfDirectoryExists(false)
            .threadingMode(ThreadingMode.SHARED)
            .sharedIdleStrategy(IdleStrategies.of(options.idle()))
            .sharedThreadFactory(task -> daemon(task, "plimsoll-media-driver"))
            .asyncExecutorEnabled(false)
            .termBufferSparseFile(true)
            .publicationTermBufferLength(TERM_LENGTH)
            .ipcTermBufferLength(TERM_LENGTH)
            .initialWindowLength(WINDOW_LENGTH)
            .socketRcvbufLength(SocketBuffers.allowed("rmem_max", WINDOW_LENGTH, SOCKET_BUFFER_LENGTH))
            .socketSndbufLength(SocketBuffers.allowed("wmem_max", WINDOW_LENGTH, SOCKET_BUFFER_LENGTH))
            .lowStorageWarningThreshold(STORAGE_WARNING_THRESHOLD)
            .receiveChannelEndpointSupplier(BoundedReceiveEndpoint::new)
            .streamSessionLimit(options.streamSessionsMax())
            .clientLivenessTimeoutNs(LIVENESS_TIMEOUT_NS)
            .publicationUnblockTimeoutNs(2 * LIVENESS_TIMEOUT_NS)
            .errorHandler(errors);
        try
        {
            return MediaDriver.launchEmbedded(context);
        }
        catch (final AeronException | IllegalStateException ex)
        {
            directory.close();
            throw new IOException("cannot start the media driver in " + path + ": " + ex.getMessage(), ex);
        }
    }

    private Aeron.Context clientContext()
    {
        final Aeron.Context context = new Aeron.Context()
            .aeronDirectoryName(path)
            .awaitingIdleStrategy(new BackoffIdleStrategy(1, 1, AWAITING_PARK_NS, AWAITING_PARK_NS))
            .errorHandler(errors)
            .subscriberErrorHandler(RethrowingErrorHandler.INSTANCE);
        if (null != driver)
        {
            context.driverTimeoutMs(TimeUnit.NANOSECONDS.toMillis(LIVENESS_TIMEOUT_NS));
        }
        return context;
    }

    private static void checkExternal(final String path) throws IOException
    {
        if (!isExternalActive(path))
        {
            throw new IOException(
                "no media driver runs in " + path + ": start one there, or name no directory to have one of ours");
        }
    }

    private static boolean isExternalActive(final String path)
    {
        return CommonContext.isDriverActive(
            Path.of(path).toFile(), new CommonContext().driverTimeoutMs(), MediaDriverHost::ignore);
    }

    private static void ignore(final String progress)
    {
        // How Aeron found out is of no interest.
    }

    private static Thread daemon(final Runnable task, final String name)
    {
        final Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }
}
