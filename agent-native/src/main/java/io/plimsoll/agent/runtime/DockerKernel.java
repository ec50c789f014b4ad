package io.plimsoll.agent.runtime;

import io.plimsoll.agent.allocation.Seat;
import io.plimsoll.agent.kernel.Assignment;
import io.plimsoll.agent.kernel.KernelEnd;
import io.plimsoll.transport.LaunchSpec;
import java.nio.file.Path;

/** What the Docker runtime knows of one kernel that it holds. Of the agent's thread. */
final class DockerKernel implements LoggedKernel
{
    final Assignment assignment;
    final LaunchSpec spec;
    final Path directory;
    /** Null: it needs no lease. */
    final Path leaseFile;
    final Seat seat;
    final ContainerLog log;

    Step step = Step.WAITING;
    /** When that step began. */
    long stepSinceNs;
    /** Null: not known. */
    String container;
    /** Of the container that was made for it, before it is known whether that runs; null: not known. Any thread. */
    volatile String made;
    /** Processes of that container were seen, whatever its engine knows of it. */
    boolean wasSeen;
    /** Name under which the container was or is to be started. */
    String containerName;
    boolean told;
    /** Since when it has run, where an earlier life of the agent knew. */
    long sinceNs;
    /** Whether the engine is being asked what became of it. */
    boolean isAsked;
    /** Starts that came to nothing because the engine did not answer. */
    int tries;
    boolean isPulled;
    /** Its image was not there before. */
    boolean isMissing;
    ContainerPlan.Network network = ContainerPlan.Network.NONE;

    boolean killing;
    boolean forestalled;
    boolean termSent;
    boolean termReceived;
    long graceNs;
    long killAtNs;

    /** Known once the container has ended. */
    ContainerState exit;
    boolean examinedAgain;
    /** Its engine has lost the exit code, and nobody else has it. */
    boolean isCodeLost;
    /** What its engine has not read was copied. */
    boolean isDrained;
    /** Whether its engine was away since it has started, or may have been. */
    boolean wasAlone;
    /** Of what is next: another try, another look, the end of waiting for output. */
    long dueNs;
    KernelEnd end;
    /** Where its memory is counted, once that was wanted; null: not known. */
    KernelCgroup memory;

    DockerKernel(
        final Assignment assignment,
        final LaunchSpec spec,
        final Path directory,
        final Path leaseFile,
        final Seat seat,
        final long nowNs)
    {
        this.assignment = assignment;
        this.spec = spec;
        this.directory = directory;
        this.leaseFile = leaseFile;
        this.seat = seat;
        this.stepSinceNs = nowNs;
        this.log = new ContainerLog(directory, spec.ttyOf(assignment.kernelIndex()));
    }

    @Override
    public Path directory()
    {
        return directory;
    }

    void step(final Step next, final long nowNs)
    {
        step = next;
        stepSinceNs = nowNs;
    }

    /** How far it is. */
    enum Step
    {
        /** For the engine to be there. */
        WAITING,
        /** For its image. */
        PULLING,
        /** Its container is being made and started. */
        STARTING,
        /** It may have been started, and only the engine knows. */
        UNCERTAIN,
        RUNNING,
        /** Its container has ended, or so it seems; what became of it and what it wrote is being read. */
        ENDING,
        ENDED
    }
}
