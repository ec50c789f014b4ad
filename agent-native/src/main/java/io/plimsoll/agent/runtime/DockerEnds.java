package io.plimsoll.agent.runtime;

import io.plimsoll.agent.kernel.KernelDirectory;
import io.plimsoll.agent.kernel.KernelEnd;
import io.plimsoll.transport.sbe.ReportReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends of containers: looks how each has ended, waits for the last of its output, and writes the code down before
 * anybody is told. Of the agent's thread.
 */
final class DockerEnds
{
    private static final Logger LOG = LoggerFactory.getLogger(DockerEnds.class);
    private static final long DRAIN_NS = TimeUnit.SECONDS.toNanos(20);
    private static final long RETRY_NS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int SIGKILL_CODE = 137;
    private static final String LEASE_EXPIRED = "lease-expired";
    private static final String WALLTIME = "walltime";
    private static final String OUT_OF_MEMORY = "out-of-memory";
    private static final String CODE_LOST = "code-lost";
    private static final String NONE = "-";

    private final DockerCycle cycle;
    private final ContainerSweep sweep;
    private final List<DockerKernel> ending = new ArrayList<>();

    DockerEnds(final DockerCycle cycle, final ContainerSweep sweep)
    {
        this.cycle = cycle;
        this.sweep = sweep;
    }

    /** Looks whether a container has ended, and how. */
    void examine(final DockerKernel kernel)
    {
        kernel.step(DockerKernel.Step.ENDING, cycle.nowNs);
        final String container = kernel.container;
        final boolean wasAlone = kernel.wasAlone;
        cycle.calls.submit("inspect " + container, () ->
            LostCode.look(cycle.engine(), container, wasAlone, kernel.directory), (look, failure) ->
        {
            if (null == failure)
            {
                kernel.isCodeLost = look.isLost();
                onExamined(kernel, look.state());
            }
            else if (EngineException.Kind.NOT_FOUND == failure.kind())
            {
                cycle.end(kernel, KernelEnd.failed(ReportReason.KERNEL_MISSING, "somebody has removed its container"));
            }
            else
            {
                kernel.step(DockerKernel.Step.RUNNING, cycle.nowNs);
                sweep.want();
            }
        });
    }

    private void onExamined(final DockerKernel kernel, final ContainerState state)
    {
        if (state.isRunning())
        {
            kernel.step(DockerKernel.Step.RUNNING, cycle.nowNs);
        }
        else if (SIGKILL_CODE == state.exitCode() && !state.outOfMemory() && !kernel.killing && !kernel.examinedAgain)
        {
            // The engine hears of a lack of memory on another way than of the end, and often later.
            kernel.examinedAgain = true;
            kernel.dueNs = cycle.nowNs + RETRY_NS;
            ending.add(kernel);
        }
        else
        {
            kernel.exit = state;
            kernel.dueNs = cycle.nowNs + DRAIN_NS;
            ending.add(kernel);
        }
    }

    int poll()
    {
        int workCount = 0;
        for (int i = ending.size() - 1; i >= 0; i--)
        {
            final DockerKernel kernel = ending.get(i);
            final boolean isDue = cycle.nowNs >= kernel.dueNs;
            if (null == kernel.exit ? isDue : isDue || kernel.log.isComplete())
            {
                ending.remove(i);
                workCount++;
                if (null == kernel.exit)
                {
                    examine(kernel);
                }
                else if (!kernel.isDrained && OutputHold.isHeld(kernel.directory))
                {
                    drain(kernel);
                }
                else
                {
                    finish(kernel);
                }
            }
            else if (null != kernel.exit)
            {
                cycle.follow(kernel);
            }
        }
        return workCount;
    }

    /** What the engine gives was copied; what it has never read comes behind it. */
    private void drain(final DockerKernel kernel)
    {
        if (!kernel.log.isComplete())
        {
            LOG.warn("the engine does not give all output of {}", kernel.assignment.key());
            kernel.log.close();
        }
        final String container = kernel.container;
        cycle.calls.submit("rest of the output of " + container, () -> drain(kernel, container), (isDone, failure) ->
        {
            kernel.isDrained = null == failure && isDone;
            kernel.dueNs = cycle.nowNs + (kernel.isDrained ? 0 : RETRY_NS);
            ending.add(kernel);
        });
    }

    /** On another thread. */
    private static boolean drain(final DockerKernel kernel, final String container)
    {
        try
        {
            final long length = OutputHold.drain(kernel, container);
            if (length > 0)
            {
                LOG.info("{} bytes that {} wrote while its engine was away", length, kernel.assignment.key());
            }
            return true;
        }
        catch (final IOException e)
        {
            LOG.debug("the rest of the output of {} waits: {}", kernel.assignment.key(), e.toString());
            return false;
        }
    }

    private void finish(final DockerKernel kernel)
    {
        final String killed = KernelFiles.line(kernel.directory, "killed");
        final boolean outOfMemory = 0 != kernel.exit.exitCode() &&
            (kernel.exit.outOfMemory() || ContainerMemory.wasShort(kernel.directory));
        final String reason = null != killed ? killed : outOfMemory ? OUT_OF_MEMORY :
            kernel.isCodeLost ? CODE_LOST : NONE;
        try
        {
            Files.write(
                kernel.directory.resolve(KernelDirectory.EXIT),
                (kernel.exit.exitCode() + " " + reason + " .\n").getBytes(StandardCharsets.US_ASCII));
        }
        catch (final IOException e)
        {
            LOG.debug("the container of {} stays until its code is safe: {}", kernel.assignment.key(), e.toString());
            kernel.dueNs = cycle.nowNs + RETRY_NS;
            ending.add(kernel);
            return;
        }
        if (!kernel.log.isComplete())
        {
            LOG.warn("the engine does not give all output of {}", kernel.assignment.key());
            kernel.log.close();
        }
        ProcessAccounts.forget(kernel.directory);
        cycle.end(kernel, end(kernel, kernel.exit.exitCode(), reason));
    }

    /** What the file says. */
    static KernelEnd end(final DockerKernel kernel, final int code, final String reason)
    {
        return switch (reason)
        {
            case LEASE_EXPIRED ->
                KernelEnd.ended(ReportReason.LEASE_EXPIRED, code, "ended by its watchdog: " + reason);
            case WALLTIME -> KernelEnd.ended(ReportReason.WALLTIME, code, "ended by its watchdog: " + reason);
            case OUT_OF_MEMORY -> KernelEnd.ended(
                ReportReason.OUT_OF_MEMORY,
                code,
                "needed more memory than " + kernel.assignment.memoryBytes() + " bytes");
            case CODE_LOST -> KernelEnd.ended(
                ReportReason.EXIT_CODE,
                code,
                "the Docker Engine was away, and has lost an exit code");
            default -> KernelEnd.exited(code);
        };
    }
}
