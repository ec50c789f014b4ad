package io.plimsoll.agent.runtime;

import io.plimsoll.agent.kernel.KernelDirectory;
import io.plimsoll.agent.kernel.KernelEnd;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.transport.sbe.ReportReason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the parts of the Docker runtime share: what the time is, whom to tell, how to reach the engine, and the kernels.
 * Of the agent's thread, but for the engine.
 */
final class DockerCycle implements AutoCloseable
{
    private static final Logger LOG = LoggerFactory.getLogger(DockerCycle.class);

    final DockerOptions options;
    final EngineCalls calls;
    final Map<KernelKey, DockerKernel> held = new HashMap<>();
    final Map<String, DockerKernel> byContainer = new HashMap<>();
    /** Those that have come to run of late. */
    final ArrayDeque<DockerKernel> begun = new ArrayDeque<>();
    /** Those whose end can be told. */
    final ArrayDeque<DockerKernel> ended = new ArrayDeque<>();
    KernelListener listener;
    long nowNs;
    boolean up;

    private final Path kernels;
    private final Supplier<Engine> engines;
    private volatile Engine engine;

    /**
     * Makes no client yet: it takes a third of a second and some memory, which hosts without an engine need not spend.
     *
     * @param options where and how.
     * @param kernels directory of the kernels' directories.
     * @param engines makes the client.
     */
    DockerCycle(final DockerOptions options, final Path kernels, final Supplier<Engine> engines)
    {
        this.options = options;
        this.kernels = kernels;
        this.engines = engines;
        calls = new EngineCalls(options.threads(), options.callTimeoutNs());
    }

    /** Makes the client, before anything else asks for it. On the thread of the watch. */
    void prepare()
    {
        if (null == engine)
        {
            engine = engines.get();
        }
    }

    /** Any thread, once it was up. */
    Engine engine()
    {
        return engine;
    }

    Path directory(final KernelKey key)
    {
        return KernelDirectory.of(kernels, key);
    }

    boolean forestall(final KernelKey key)
    {
        final Path directory = directory(key);
        return KernelFiles.forestall(directory) ||
            KernelFiles.FORESTALLED == KernelFiles.number(directory, KernelDirectory.STARTED);
    }

    void container(final DockerKernel kernel, final String id)
    {
        kernel.container = id;
        byContainer.put(id, kernel);
    }

    /** It has ended; told at the end of the cycle. */
    void end(final DockerKernel kernel, final KernelEnd end)
    {
        kernel.end = end;
        kernel.step(DockerKernel.Step.ENDED, nowNs);
        OutputHold.release(kernel.directory);
        ended.add(kernel);
    }

    /** It was not started, and nobody will start it any more; whoever reads its output is told as well. */
    void fail(final DockerKernel kernel, final ReportReason reason, final String why)
    {
        forestall(kernel.assignment.key());
        if (ReportReason.NEVER_STARTED != reason)
        {
            KernelFiles.tellWhy(kernel.directory, why);
        }
        end(kernel, KernelEnd.failed(reason, why));
    }

    void follow(final DockerKernel kernel)
    {
        if (up)
        {
            kernel.log.show(engine, kernel.container, false);
        }
        if (up && !kernel.log.isFollowing() && !kernel.log.isComplete())
        {
            try
            {
                kernel.log.follow(engine, kernel.container);
            }
            catch (final IOException e)
            {
                LOG.warn("cannot write the output of {}: {}", kernel.assignment.key(), e.toString());
            }
        }
    }

    @Override
    public void close()
    {
        held.values().forEach(kernel -> kernel.log.close());
        calls.close();
        if (null != engine)
        {
            engine.close();
        }
    }
}
