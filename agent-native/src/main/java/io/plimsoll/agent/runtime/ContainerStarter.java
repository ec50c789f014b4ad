package io.plimsoll.agent.runtime;

import io.plimsoll.agent.kernel.KernelDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a container to run, at most once. The exclusive marker of the kernel's directory is made before the engine is
 * told to start: without it nobody has started, and nobody will once it is forestalled. With it, and no answer, the
 * container is given another name first: who is still about to start it by the old one then finds nothing. On threads
 * of {@link EngineCalls}.
 */
final class ContainerStarter
{
    private static final Logger LOG = LoggerFactory.getLogger(ContainerStarter.class);
    private static final int STARTED = 1;
    /** Of a container that ran although its engine has no notion of it. */
    static final String RAN = "its container ran when its engine ended, which does not know it any more";
    private static final String NO_LEASE = "the lease of this agent ran out before the start";

    private final DockerCycle cycle;
    private final ContainerPlanner planner;
    private final ContainerWatchdog watchdog;
    private final SessionNetworks networks;

    ContainerStarter(
        final DockerCycle cycle,
        final ContainerPlanner planner,
        final ContainerWatchdog watchdog,
        final SessionNetworks networks)
    {
        this.networks = networks;
        this.cycle = cycle;
        this.planner = planner;
        this.watchdog = watchdog;
    }

    /** Makes the container and starts it. */
    Outcome launch(final DockerKernel kernel)
    {
        final ContainerPlan plan;
        final String id;
        try
        {
            final String user = kernel.spec.container().user();
            plan = planner.plan(
                kernel,
                SessionNetworks.resolved(kernel.network),
                null == user ? cycle.engine().imageUser(kernel.spec.image()) : user);
            networks.ensure(plan.network().name());
            id = create(plan);
            kernel.made = id;
        }
        catch (final IOException e)
        {
            return new Outcome(Result.REFUSED, null, 0, e.getMessage());
        }
        catch (final EngineException e)
        {
            final Result result = switch (e.kind())
            {
                case NOT_FOUND -> e.getMessage().contains("image") ? Result.NO_IMAGE : Result.REFUSED;
                case NO_ANSWER, CONFLICT -> Result.NO_ANSWER;
                default -> Result.REFUSED;
            };
            return new Outcome(result, null, 0, e.getMessage());
        }
        if (!LeaseCheck.runs(kernel.leaseFile))
        {
            return new Outcome(Result.NO_LEASE, id, 0, NO_LEASE);
        }
        try
        {
            watchdog.watch(kernel, id);
            mark(kernel.directory, id);
        }
        catch (final FileAlreadyExistsException e)
        {
            return new Outcome(Result.FORESTALLED, id, 0, "killed before its start");
        }
        catch (final IOException e)
        {
            return new Outcome(Result.REFUSED, id, 0, "the agent cannot start it: " + e.getMessage());
        }
        if (plan.tty())
        {
            kernel.log.show(cycle.engine(), id, true);
        }
        return start(plan, id);
    }

    /** One of that name is from before a crash: without the marker it was never started. */
    private String create(final ContainerPlan plan) throws EngineException
    {
        try
        {
            return cycle.engine().create(plan);
        }
        catch (final EngineException e)
        {
            if (EngineException.Kind.CONFLICT != e.kind())
            {
                throw e;
            }
            final ContainerState found = cycle.engine().inspect(plan.name());
            if (!found.isCreated() || !plan.labels().get(ContainerLabels.AGENT).equals(
                found.labels().get(ContainerLabels.AGENT)))
            {
                throw new EngineException(
                    EngineException.Kind.REFUSED, "there is a container " + plan.name() + " that is not this kernel's");
            }
            cycle.engine().remove(found.id());
            return cycle.engine().create(plan);
        }
    }

    private static void mark(final Path directory, final String container) throws IOException
    {
        Files.write(
            directory.resolve(KernelDirectory.STARTED),
            (STARTED + " " + container + "\n").getBytes(StandardCharsets.US_ASCII),
            StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    /** The container of which the marker speaks; null: of none, as those of earlier releases. */
    static String marked(final Path directory)
    {
        final String line = KernelFiles.line(directory, KernelDirectory.STARTED);
        final int space = null == line ? -1 : line.indexOf(' ');
        return space < 0 ? null : line.substring(space + 1);
    }

    private Outcome start(final ContainerPlan plan, final String id)
    {
        try
        {
            cycle.engine().start(plan.name());
            if (plan.tty())
            {
                size(id);
            }
            return new Outcome(Result.STARTED, id, 0, "");
        }
        catch (final EngineException e)
        {
            return EngineException.Kind.NO_ANSWER == e.kind() ?
                new Outcome(Result.UNCERTAIN, id, 0, e.getMessage()) : afterRefusal(id, e.getMessage());
        }
    }

    /** One that cannot be told now is told by whoever looks at it. */
    private void size(final String id)
    {
        try
        {
            cycle.engine().resize(id, ContainerRequest.ROWS, ContainerRequest.COLUMNS);
        }
        catch (final EngineException e)
        {
            LOG.debug("no size for {}: {}", id, e.getMessage());
        }
    }

    /** An engine that lost its own parts says no to a start that took place. */
    private Outcome afterRefusal(final String id, final String why)
    {
        try
        {
            final ContainerState state = cycle.engine().inspect(id);
            return state.isRunning() || hasRun(state) ?
                new Outcome(Result.STARTED, id, 0, "") : new Outcome(Result.REFUSED, id, 0, why);
        }
        catch (final EngineException e)
        {
            return EngineException.Kind.NOT_FOUND == e.kind() ?
                new Outcome(Result.REFUSED, null, 0, why) : new Outcome(Result.UNCERTAIN, id, 0, why);
        }
    }

    private static boolean hasRun(final ContainerState state)
    {
        return !"created".equals(state.status()) && !state.isRunning() && state.error().isEmpty();
    }

    /**
     * Finds out what became of a start that nobody has answered. It is not started again: an engine that ended in the
     * middle of a start knows nothing of it, and what it started may have done its work.
     *
     * @param kernel marked as started.
     * @param found  its container as the engine lists it.
     * @return what is known then.
     */
    Outcome resume(final DockerKernel kernel, final ContainerState found)
    {
        try
        {
            if ("created".equals(found.status()))
            {
                // A start by the name that is still under way fails from here on.
                cycle.engine().rename(found.id(), next(found.name()));
            }
            final ContainerState state = cycle.engine().inspect(found.id());
            if (!state.isCreated())
            {
                if (state.isRunning())
                {
                    watchdog.watch(kernel, found.id());
                }
                return new Outcome(Result.STARTED, found.id(), agoNs(state), "");
            }
            if (!state.error().isEmpty())
            {
                return new Outcome(Result.REFUSED, found.id(), 0, state.error());
            }
            return ContainerProcesses.kill(found.id()) ?
                new Outcome(Result.KILLED, found.id(), 0, RAN) :
                new Outcome(Result.LOST, found.id(), 0, "its engine ended while it was being started");
        }
        catch (final EngineException e)
        {
            return new Outcome(Result.UNCERTAIN, found.id(), 0, e.getMessage());
        }
        catch (final IOException e)
        {
            return new Outcome(Result.REFUSED, found.id(), 0, "the agent cannot start it: " + e.getMessage());
        }
    }

    private static long agoNs(final ContainerState state)
    {
        try
        {
            return Math.max(0, Duration.between(Instant.parse(state.startedAt()), Instant.now()).toNanos());
        }
        catch (final DateTimeParseException e)
        {
            return 0;
        }
    }

    /** NAME, NAME.2, NAME.3 and so on. */
    private static String next(final String name)
    {
        final int dot = name.lastIndexOf('.');
        return dot < 0 ? name + ".2" : name.substring(0, dot + 1) + (Integer.parseInt(name.substring(dot + 1)) + 1);
    }

    /** How it went. */
    enum Result
    {
        STARTED,
        FORESTALLED,
        NO_LEASE,
        /** Its image is not here. */
        NO_IMAGE,
        /** It cannot run, and does not. */
        REFUSED,
        /** It has not been started, and the engine does not answer. */
        NO_ANSWER,
        /** It may have been started; the engine may still tell. */
        UNCERTAIN,
        /** It may have been started, and nobody can tell any more; it does not run. */
        LOST,
        /** It ran, beside an engine that knows nothing of it, and was killed. */
        KILLED
    }

    /**
     * What is known.
     *
     * @param result    how it went.
     * @param container id; null: there is none.
     * @param agoNs     since when it runs; 0: it has just been started.
     * @param detail    for people.
     */
    record Outcome(Result result, String container, long agoNs, String detail)
    {
    }
}
