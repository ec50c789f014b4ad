package io.plimsoll.loadtest.live;

import io.plimsoll.loadtest.live.LoadException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What this machine allows, looked at before it is needed. */
public final class Limits
{
    /** Up to so many, agents have connections of their own unless told. */
    static final int LINKS_USUAL = 10_000;
    /** Beyond, so many share one. */
    static final int AGENTS_PER_LINK_USUAL = 100;

    private static final int AGENTS_PER_LINK_MAX = 4096;
    /** Jars, journal, API connections and the like, here and in a manager. */
    private static final int OTHER_FILES = 1_000;
    /** Of the 28,232 that Linux gives to connections from one address to one port, with some in TIME_WAIT. */
    private static final int PORTS_MAX = 28_000;
    private static final long HEAP_BYTES_PER_AGENT = 24 << 10;
    private static final long HEAP_BYTES_OTHER = 128L << 20;
    private static final long SHARED_MEMORY_BYTES = 96L << 20;
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    private Limits()
    {
    }

    /** How many agents share a connection. */
    public static int agentsPerLink(final LoadPlan plan)
    {
        if (plan.agentsPerLink() > 0)
        {
            return plan.agentsPerLink();
        }
        final long links = Math.min(LINKS_USUAL, Math.max(1, filesMax() - OTHER_FILES));
        return plan.agents() <= links ?
            1 : (int)Math.max(AGENTS_PER_LINK_USUAL, (plan.agents() + links - 1) / links);
    }

    /**
     * Says what is missing.
     *
     * @throws LoadException that names it, and what would do.
     */
    public static void check(final LoadPlan plan)
    {
        final int perLink = agentsPerLink(plan);
        if (perLink > AGENTS_PER_LINK_MAX)
        {
            throw new LoadException(
                Kind.USAGE, "at most " + AGENTS_PER_LINK_MAX + " agents share a link; " + perLink + " would have to");
        }
        final int links = (plan.agents() + perLink - 1) / perLink;
        final long files = links + plan.lanes() + OTHER_FILES;
        if (files > filesMax())
        {
            throw new LoadException(Kind.SHORT, String.format(
                Locale.ROOT, "%,d links need some %,d open files, here and in the manager, and %,d are allowed: " +
                "raise the limit (ulimit -n), or have agents share links with --agents-per-link %d",
                links, files, filesMax(), plan.agents() / Math.max(1, filesMax() - OTHER_FILES) + 1));
        }
        if (links > PORTS_MAX)
        {
            throw new LoadException(Kind.SHORT, String.format(
                Locale.ROOT, "%,d links to one address are more than the %,d for which there are ports: have agents " +
                "share links with --agents-per-link %d", links, PORTS_MAX, plan.agents() / PORTS_MAX + 1));
        }
        checkHeap(plan);
        checkSharedMemory();
    }

    /** Of agents, and of the record, which is a byte for each kernel that is to run. */
    private static void checkHeap(final LoadPlan plan)
    {
        final boolean isCounted = Long.MAX_VALUE != plan.sessions();
        final long heap = HEAP_BYTES_OTHER + plan.agents() * HEAP_BYTES_PER_AGENT +
            (isCounted ? plan.sessions() * plan.kernels() : 0);
        if (heap > Runtime.getRuntime().maxMemory())
        {
            throw new LoadException(Kind.SHORT, String.format(
                Locale.ROOT, "%,d agents%s need some %,d MiB of heap, and %,d are allowed: raise that with " +
                "PLIMSOLL_JAVA_OPTS=-Xmx%dm", plan.agents(),
                isCounted ? String.format(Locale.ROOT, " and the record of %,d sessions", plan.sessions()) : "",
                heap >> 20, Runtime.getRuntime().maxMemory() >> 20, (heap >> 20) + 1));
        }
    }

    private static void checkSharedMemory()
    {
        try
        {
            final long usable = Files.isDirectory(SHARED_MEMORY) ?
                Files.getFileStore(SHARED_MEMORY).getUsableSpace() : Long.MAX_VALUE;
            if (usable < SHARED_MEMORY_BYTES)
            {
                throw new LoadException(
                    Kind.SHORT, "the media drivers need " + (SHARED_MEMORY_BYTES >> 20) + " MiB in " + SHARED_MEMORY +
                    ", and " + (usable >> 20) + " are free: make room there, or give the container a larger one");
            }
        }
        catch (final IOException ex)
        {
            throw new LoadException(Kind.SHORT, SHARED_MEMORY + " cannot be looked at: " + ex.getMessage());
        }
    }

    /** Of this process; one that it starts has the same. */
    private static long filesMax()
    {
        try
        {
            for (final String line : Files.readAllLines(Path.of("/proc/self/limits"), StandardCharsets.UTF_8))
            {
                if (line.startsWith("Max open files"))
                {
                    // The JVM raises its own to the second, the hard one.
                    final String[] words = line.strip().split(" +");
                    return "unlimited".equals(words[4]) ? Integer.MAX_VALUE : Long.parseLong(words[4]);
                }
            }
        }
        catch (final IOException | RuntimeException unknown)
        {
            return Integer.MAX_VALUE;
        }
        return Integer.MAX_VALUE;
    }
}
