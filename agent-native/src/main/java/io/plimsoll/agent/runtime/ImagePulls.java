package io.plimsoll.agent.runtime;

import io.plimsoll.transport.sbe.ReportKind;
import io.plimsoll.transport.sbe.ReportReason;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches images, each once however many kernels wait for it. A pull that nobody waits for any more is ended, and so is
 * one that makes no progress or takes too long. Of the agent's thread.
 */
final class ImagePulls
{
    private static final Logger LOG = LoggerFactory.getLogger(ImagePulls.class);
    private static final long REPORT_INTERVAL_NS = 5_000_000_000L;
    private static final long NS_PER_MS = 1_000_000L;

    private final DockerCycle cycle;
    private final ImageCollector collector;
    private final Map<String, Pull> pulls = new HashMap<>();

    ImagePulls(final DockerCycle cycle, final ImageCollector collector)
    {
        this.collector = collector;
        this.cycle = cycle;
    }

    /** Removes what was fetched and is not needed any more. */
    ImageCollector collector()
    {
        return collector;
    }

    /** Lets a kernel wait for its image. */
    void await(final DockerKernel kernel, final Done done)
    {
        final String image = kernel.spec.image();
        Pull pull = pulls.get(image);
        if (null == pull)
        {
            pull = new Pull(image, cycle.nowNs, done);
            pulls.put(image, pull);
            begin(pull);
        }
        pull.waiting.add(kernel);
        cycle.listener.onStep(kernel.assignment.key(), ReportKind.PULLING);
    }

    private void begin(final Pull pull)
    {
        LOG.info("pulling {}", pull.image);
        pull.stream = cycle.engine().pull(ImageName.withTag(pull.image), new Engine.PullSink()
        {
            @Override
            public void onProgress(final String detail)
            {
                pull.step();
            }

            @Override
            public void onEnd(final String failure)
            {
                final ReportReason reason = null == failure ? ReportReason.NONE : ReportReason.PULL_FAILED;
                cycle.calls.tell(() -> end(pull, reason, failure));
            }
        });
    }

    private void end(final Pull pull, final ReportReason reason, final String detail)
    {
        if (!pulls.remove(pull.image, pull))
        {
            return;
        }
        if (ReportReason.NONE == reason)
        {
            LOG.info("pulled {}", pull.image);
        }
        else
        {
            LOG.warn("cannot pull {}: {}", pull.image, detail);
        }
        for (final DockerKernel kernel : pull.waiting)
        {
            pull.done.onPulled(kernel, reason, "cannot pull " + pull.image + ": " + detail);
        }
    }

    int poll()
    {
        if (pulls.isEmpty())
        {
            return 0;
        }
        int workCount = 0;
        for (final Pull pull : new ArrayList<>(pulls.values()))
        {
            workCount += poll(pull);
        }
        return workCount;
    }

    private int poll(final Pull pull)
    {
        pull.waiting.removeIf(kernel -> DockerKernel.Step.PULLING != kernel.step);
        final long nowNs = cycle.nowNs;
        final long steps = pull.steps;
        if (steps != pull.seenSteps)
        {
            pull.seenSteps = steps;
            pull.progressNs = nowNs;
        }
        String over = null;
        if (nowNs - pull.progressNs > cycle.options.pullProgressNs())
        {
            over = "no progress for " + cycle.options.pullProgressNs() / NS_PER_MS + " ms";
        }
        else if (nowNs - pull.begunNs > cycle.options.pullTimeoutNs())
        {
            over = "not there after " + cycle.options.pullTimeoutNs() / NS_PER_MS + " ms";
        }
        if (null != over || pull.waiting.isEmpty())
        {
            end(pull, ReportReason.PULL_TIMEOUT, null == over ? "nobody waits for it any more" : over);
            close(pull.stream);
            return 1;
        }
        if (pull.progressNs > pull.reportedNs && nowNs - pull.reportedNs > REPORT_INTERVAL_NS)
        {
            pull.reportedNs = nowNs;
            pull.waiting.forEach(kernel -> cycle.listener.onStep(kernel.assignment.key(), ReportKind.PULLING));
            return 1;
        }
        return 0;
    }

    private static void close(final Closeable stream)
    {
        try
        {
            stream.close();
        }
        catch (final IOException e)
        {
            LOG.debug("closing", e);
        }
    }

    void close()
    {
        pulls.values().forEach(pull -> close(pull.stream));
        pulls.clear();
    }

    /** Is told once for each kernel. */
    @FunctionalInterface
    interface Done
    {
        /** Reason NONE: it is there. */
        void onPulled(DockerKernel kernel, ReportReason reason, String detail);
    }

    private static final class Pull
    {
        private final String image;
        private final long begunNs;
        private final Done done;
        private final List<DockerKernel> waiting = new ArrayList<>();
        private Closeable stream;
        private long progressNs;
        private long reportedNs;
        private long seenSteps;
        /** Written by the thread of the stream only. */
        private volatile long steps;

        void step()
        {
            steps = steps + 1;
        }

        Pull(final String image, final long nowNs, final Done done)
        {
            this.image = image;
            this.done = done;
            begunNs = nowNs;
            progressNs = nowNs;
            reportedNs = nowNs;
        }
    }
}
