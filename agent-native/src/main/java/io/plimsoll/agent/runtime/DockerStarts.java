package io.plimsoll.agent.runtime;

import io.plimsoll.agent.kernel.KernelEnd;
import io.plimsoll.transport.sbe.ReportKind;
import io.plimsoll.transport.sbe.ReportReason;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kernels on their way to run: they wait for the engine, for their image, and for their container; or they are of an
 * earlier life of the agent, and the engine has to tell how far that came. Of the agent's thread.
 */
final class DockerStarts
{
    private static final Logger LOG = LoggerFactory.getLogger(DockerStarts.class);
    private static final long RETRY_NS = TimeUnit.MILLISECONDS.toNanos(200);
    /** File of a kernel that runs, for the next life of the agent: since when, and its container. */
    private static final String RUNNING = "running";
    private static final long LOOK_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);
    /** Beyond which one that was not seen is not looked for. */
    private static final long LOOK_NS = TimeUnit.SECONDS.toNanos(10);
    private static final int STARTING_MAX = 32;
    private static final int TRIES_MAX = 3;

    private final DockerCycle cycle;
    private final EngineWatch watch;
    private final ContainerStarter starter;
    private final ContainerSweep sweep;
    private final DockerEnds ends;
    private final ImagePulls pulls;
    private final ServicePorts ports;
    private final SessionNetworks networks;
    private final Set<String> imagesSeen = new HashSet<>();
    private final ArrayDeque<DockerKernel> waiting = new ArrayDeque<>();
    private final ArrayDeque<DockerKernel> remembered = new ArrayDeque<>();
    private int starting;
    private boolean isLooking;
    private long nextLookNs = Long.MIN_VALUE;

    DockerStarts(
        final DockerCycle cycle,
        final EngineWatch watch,
        final ContainerStarter starter,
        final ContainerSweep sweep,
        final DockerEnds ends,
        final ImagePulls pulls,
        final ServicePorts ports,
        final SessionNetworks networks)
    {
        this.networks = networks;
        this.cycle = cycle;
        this.watch = watch;
        this.starter = starter;
        this.sweep = sweep;
        this.ends = ends;
        this.pulls = pulls;
        this.ports = ports;
    }

    void add(final DockerKernel kernel)
    {
        waiting.add(kernel);
    }

    /** Starts what waits for the engine; gives up on one that does not come. */
    int poll()
    {
        int workCount = tellRemembered() + lookForUncertain() + pulls.poll();
        for (int i = waiting.size(); i > 0; i--)
        {
            final DockerKernel kernel = waiting.poll();
            if (DockerKernel.Step.WAITING == kernel.step)
            {
                workCount += poll(kernel);
            }
        }
        return workCount;
    }

    private int poll(final DockerKernel kernel)
    {
        if (cycle.up && starting < STARTING_MAX && cycle.nowNs >= kernel.dueNs &&
            !networks.isGoing(kernel.network.name()) && !pulls.collector().isGoing(kernel.spec.image()))
        {
            begin(kernel);
            return 1;
        }
        final EngineWatch.Health health = watch.health();
        final long waitedNs = cycle.nowNs - kernel.stepSinceNs;
        final long patienceNs = health.wasThere() ? cycle.options.comeBackNs() : cycle.options.watchIntervalNs();
        if (!cycle.up && health.isAsked() && waitedNs > patienceNs)
        {
            cycle.fail(kernel, ReportReason.LAUNCH_FAILED, "this agent cannot run containers now: " + health.detail());
            return 1;
        }
        waiting.add(kernel);
        return 0;
    }

    private void begin(final DockerKernel kernel)
    {
        final String image = kernel.spec.image();
        if (imagesSeen.contains(image) && !mustPull(kernel))
        {
            start(kernel);
        }
        else
        {
            look(kernel, image);
        }
    }

    private boolean mustPull(final DockerKernel kernel)
    {
        return DockerOptions.PullPolicy.DIGEST == cycle.options.pull() && !ImageName.isDigest(kernel.spec.image()) &&
            !kernel.isPulled;
    }

    private void look(final DockerKernel kernel, final String image)
    {
        kernel.step(DockerKernel.Step.STARTING, cycle.nowNs);
        starting++;
        cycle.calls.submit("image " + image, () -> cycle.engine().hasImage(image), (isThere, failure) ->
        {
            starting--;
            if (null != failure)
            {
                again(kernel, failure.getMessage());
            }
            else if (isThere && !mustPull(kernel))
            {
                imagesSeen.add(image);
                start(kernel);
            }
            else
            {
                kernel.isMissing = !isThere;
                pull(kernel);
            }
        });
    }

    /** The engine did not answer, and nothing was started: once more, but not for ever. */
    private void again(final DockerKernel kernel, final String why)
    {
        kernel.tries++;
        if (kernel.tries >= TRIES_MAX)
        {
            cycle.fail(kernel, ReportReason.LAUNCH_FAILED, why);
        }
        else
        {
            kernel.step(DockerKernel.Step.WAITING, cycle.nowNs);
            kernel.dueNs = cycle.nowNs + RETRY_NS;
            waiting.add(kernel);
        }
    }

    private void pull(final DockerKernel kernel)
    {
        if (DockerOptions.PullPolicy.NEVER == cycle.options.pull())
        {
            cycle.fail(kernel, ReportReason.PULL_FAILED, "this agent has no image " + kernel.spec.image() +
                ", and is configured not to pull any");
        }
        else if (kernel.isPulled)
        {
            cycle.fail(kernel, ReportReason.PULL_FAILED,
                "the image " + kernel.spec.image() + " is not there, although its pull has succeeded");
        }
        else
        {
            kernel.step(DockerKernel.Step.PULLING, cycle.nowNs);
            pulls.await(kernel, this::onPulled);
        }
    }

    private void onPulled(final DockerKernel kernel, final ReportReason reason, final String detail)
    {
        if (DockerKernel.Step.PULLING == kernel.step)
        {
            if (ReportReason.NONE == reason)
            {
                kernel.isPulled = true;
                imagesSeen.add(kernel.spec.image());
                if (kernel.isMissing)
                {
                    pulls.collector().onBrought(kernel.spec.image());
                }
                kernel.step(DockerKernel.Step.WAITING, cycle.nowNs);
                waiting.add(kernel);
            }
            else
            {
                cycle.fail(kernel, reason, detail);
            }
        }
    }

    private void start(final DockerKernel kernel)
    {
        kernel.step(DockerKernel.Step.STARTING, cycle.nowNs);
        cycle.listener.onStep(kernel.assignment.key(), ReportKind.PREPARING);
        starting++;
        cycle.calls.submit("start " + kernel.containerName, () -> starter.launch(kernel), (outcome, failure) ->
        {
            starting--;
            onOutcome(kernel, null == failure ? outcome : unknown(kernel, failure));
        });
    }

    /** The call was given up: whether it has come to the start shows in the marker, or it is kept from it now. */
    private ContainerStarter.Outcome unknown(final DockerKernel kernel, final EngineException failure)
    {
        final boolean forestalled = cycle.forestall(kernel.assignment.key());
        return new ContainerStarter.Outcome(
            forestalled ? ContainerStarter.Result.FORESTALLED : ContainerStarter.Result.UNCERTAIN,
            null, 0, failure.getMessage());
    }

    private void onOutcome(final DockerKernel kernel, final ContainerStarter.Outcome outcome)
    {
        if (null != outcome.container())
        {
            cycle.container(kernel, outcome.container());
        }
        switch (outcome.result())
        {
            case STARTED -> started(kernel, cycle.nowNs - outcome.agoNs());
            case FORESTALLED -> cycle.fail(
                kernel,
                kernel.killing ? ReportReason.NEVER_STARTED : ReportReason.LAUNCH_FAILED,
                outcome.detail());
            case NO_LEASE -> cycle.fail(kernel, ReportReason.LEASE_EXPIRED, outcome.detail());
            case REFUSED -> cycle.fail(kernel, ReportReason.LAUNCH_FAILED, outcome.detail());
            case NO_IMAGE ->
            {
                imagesSeen.remove(kernel.spec.image());
                kernel.isMissing = true;
                pull(kernel);
            }
            case NO_ANSWER -> again(kernel, outcome.detail());
            case LOST, KILLED -> missing(
                kernel,
                kernel.wasSeen || ContainerStarter.Result.KILLED == outcome.result() ||
                    KernelFiles.hasTraces(kernel.directory),
                outcome.detail());
            default ->
            {
                kernel.step(DockerKernel.Step.UNCERTAIN, cycle.nowNs);
                sweep.want();
            }
        }
    }

    /**
     * What is known to have run is told so: it is not for a machine to decide whether to run it again. The reason says
     * so as well, since of one that has ended before the agent is connected the manager is told the end alone.
     */
    private void missing(final DockerKernel kernel, final boolean ran, final String detail)
    {
        if (ran && !kernel.told)
        {
            tellStarted(kernel, cycle.nowNs);
        }
        cycle.end(kernel, ran ?
            KernelEnd.failed(ReportReason.SUPERVISOR_DIED, ContainerStarter.RAN) :
            KernelEnd.failed(ReportReason.KERNEL_MISSING, detail));
    }

    /** While an engine is away that may have started them: whether they run shows without it. */
    private int lookForUncertain()
    {
        if (isLooking || cycle.nowNs < nextLookNs)
        {
            return 0;
        }
        nextLookNs = cycle.nowNs + LOOK_INTERVAL_NS;
        final Set<String> unknown = new HashSet<>();
        for (final DockerKernel kernel : cycle.held.values())
        {
            if (DockerKernel.Step.UNCERTAIN == kernel.step && !kernel.told && !kernel.wasSeen && null != kernel.made &&
                cycle.nowNs - kernel.stepSinceNs < LOOK_NS)
            {
                unknown.add(kernel.made);
            }
        }
        if (unknown.isEmpty())
        {
            return 0;
        }
        isLooking = true;
        cycle.calls.submit("processes of containers", () -> ContainerProcesses.running(unknown), (seen, failure) ->
        {
            isLooking = false;
            cycle.held.values().forEach(kernel -> kernel.wasSeen |=
                null == failure && null != kernel.made && seen.contains(kernel.made));
        });
        return 1;
    }

    private void started(final DockerKernel kernel, final long sinceNs)
    {
        kernel.step(DockerKernel.Step.RUNNING, cycle.nowNs);
        if (!kernel.told)
        {
            tellStarted(kernel, sinceNs);
            KernelFiles.write(kernel.directory, RUNNING, sinceNs + " " + kernel.container + '\n');
        }
        cycle.follow(kernel);
        cycle.begun.add(kernel);
        if (sweep.hasDied(kernel.container))
        {
            ends.examine(kernel);
        }
    }

    private void tellStarted(final DockerKernel kernel, final long sinceNs)
    {
        kernel.told = true;
        cycle.listener.onPublished(kernel.assignment.key(), ServicePorts.text(kernel.network.published()));
        cycle.listener.onStarted(
            kernel.assignment.key(),
            sinceNs,
            CpuList.format(kernel.seat.cpus()),
            Seating.devices(kernel.assignment, kernel.seat));
    }

    /** Of an earlier life it may be known that it ran: that is told, whether or not the engine answers. */
    void remember(final DockerKernel kernel)
    {
        final String text = KernelFiles.text(kernel.directory.resolve(RUNNING));
        if (null != text && text.endsWith("\n"))
        {
            final String[] fields = text.strip().split(" ");
            cycle.container(kernel, fields[1]);
            // A clock that begins anew with its host may be behind.
            kernel.sinceNs = Math.min(Long.parseLong(fields[0]), cycle.nowNs);
            remembered.add(kernel);
        }
    }

    private int tellRemembered()
    {
        final int workCount = remembered.size();
        for (DockerKernel kernel = remembered.poll(); null != kernel; kernel = remembered.poll())
        {
            if (!kernel.told && null == kernel.end)
            {
                tellStarted(kernel, kernel.sinceNs);
            }
        }
        return workCount;
    }

    /** Finds out what the engine has of a kernel that may have been started; null: nothing. */
    void resolve(final DockerKernel kernel, final ContainerState found)
    {
        if (null == found)
        {
            missing(kernel, kernel.wasSeen, "its container is gone");
            return;
        }
        cycle.container(kernel, found.id());
        kernel.containerName = found.name();
        if (kernel.network.published().isEmpty())
        {
            kernel.network = networks.of(
                kernel.assignment, ports.claim(found.labels().get(ContainerLabels.PORTS)));
        }
        kernel.isAsked = true;
        cycle.calls.submit(
            "resume " + found.name(),
            () -> starter.resume(kernel, found),
            (outcome, failure) ->
            {
                kernel.isAsked = false;
                if (null != failure)
                {
                    LOG.debug("asked again later: {}", failure.getMessage());
                    sweep.want();
                    return;
                }
                onOutcome(kernel, outcome);
                if (DockerKernel.Step.RUNNING == kernel.step)
                {
                    ends.examine(kernel);
                }
            });
    }
}
