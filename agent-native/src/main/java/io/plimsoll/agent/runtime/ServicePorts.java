package io.plimsoll.agent.runtime;

import io.plimsoll.agent.kernel.KernelDirectory;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;

/**
 * Ports of the host that stand for ports of kernels, of all runtimes of an agent. Which a kernel has is kept in its
 * directory, so that the next life of the agent gives them to nobody else. Of the agent's thread.
 */
public final class ServicePorts implements AutoCloseable
{
    /** What an agent hands out unless told otherwise: below those that systems take for outgoing connections. */
    public static final String RANGE_DEFAULT = "30000-31999";
    private static final long COOL_DOWN_NS = TimeUnit.SECONDS.toNanos(60);

    private final PortPool pool;
    private final PortLocks locks;
    /** Those whose number was asked for, in the pool or not, and those of earlier lives. */
    private final Set<Integer> taken = new HashSet<>();
    /** Of kernels of earlier lives, until it is known which of these live on. */
    private final Set<Integer> earlier = new HashSet<>();

    ServicePorts(final PortPool pool, final PortLocks locks)
    {
        this.pool = pool;
        this.locks = locks;
    }

    /**
     * All ports of a range but those that kernels of an earlier life of the agent have.
     *
     * @param range   as {@code 30000-30999}.
     * @param kernels directory of the kernels' directories.
     * @param locks   that other agents see.
     * @throws IOException if that cannot be read.
     */
    static ServicePorts of(final String range, final Path kernels, final PortLocks locks) throws IOException
    {
        final ServicePorts ports = new ServicePorts(PortPool.of(range, COOL_DOWN_NS), locks);
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(kernels))
        {
            directories.forEach(directory -> ports.earlier.addAll(ports.claim(directory).keySet()));
        }
        return ports;
    }

    /** Throws an IllegalArgumentException, for people, unless it is a range of ports. */
    public static void checkRange(final String range)
    {
        PortPool.of(range, COOL_DOWN_NS);
    }

    /**
     * Takes ports for a kernel, passing over those that somebody else on this host listens on.
     *
     * @param directory of the kernel, in which they are kept.
     * @param wanted    ports of the kernel.
     * @param nowNs     now.
     * @return ports of the kernel by those of the host; null: there are not enough.
     * @throws IOException if they cannot be kept.
     */
    Map<Integer, Integer> acquire(final Path directory, final List<Integer> wanted, final long nowNs)
        throws IOException
    {
        return acquire(directory, wanted, false, nowNs);
    }

    /**
     * The same.
     *
     * @param same whether a port of the host should have the number that it has for the kernel, where it can: those who
     *             come from other hosts know no other.
     */
    Map<Integer, Integer> acquire(
        final Path directory, final List<Integer> wanted, final boolean same, final long nowNs) throws IOException
    {
        final Map<Integer, Integer> published = new LinkedHashMap<>();
        for (final int port : wanted)
        {
            final int host = same && isFree(port) && taken.add(port) ? port : free(nowNs);
            if (PortPool.NONE == host)
            {
                giveBackUnused(published.keySet(), nowNs);
                return null;
            }
            pool.claim(host);
            published.put(host, port);
        }
        if (!published.isEmpty())
        {
            try
            {
                Files.writeString(directory.resolve(KernelDirectory.PORTS), text(published) + '\n');
            }
            catch (final IOException e)
            {
                giveBackUnused(published.keySet(), nowNs);
                throw e;
            }
        }
        return published;
    }

    private int free(final long nowNs)
    {
        int host = pool.acquire(nowNs);
        for (int tries = pool.size(); PortPool.NONE != host && !isFree(host) && tries > 0; tries--)
        {
            pool.release(host, nowNs);
            host = pool.acquire(nowNs);
        }
        return host;
    }

    /** Nobody listens there, and no other agent has given it to somebody who is about to. */
    private boolean isFree(final int port)
    {
        if (taken.contains(port) || !locks.tryTake(port))
        {
            return false;
        }
        try (ServerSocket socket = new ServerSocket(port))
        {
            return socket.isBound();
        }
        catch (final IOException e)
        {
            locks.giveBack(port);
            return false;
        }
    }

    /** Takes up what a kernel's directory says. */
    Map<Integer, Integer> claim(final Path directory)
    {
        final String text = KernelFiles.text(directory.resolve(KernelDirectory.PORTS));
        return claim(null == text || !text.endsWith("\n") ? null : text.strip());
    }

    /** Takes up what a text says, as {@code 8080=30000,8081=30001}. */
    Map<Integer, Integer> claim(final String text)
    {
        final Map<Integer, Integer> published = new LinkedHashMap<>();
        if (null != text)
        {
            for (final String pair : text.split(","))
            {
                final int equals = pair.indexOf('=');
                if (equals > 0)
                {
                    final int host = Integer.parseInt(pair.substring(equals + 1));
                    pool.claim(host);
                    locks.tryTake(host);
                    earlier.remove(host);
                    taken.add(host);
                    published.put(host, Integer.parseInt(pair.substring(0, equals)));
                }
            }
        }
        return published;
    }

    /** All kernels of earlier lives that live on have claimed theirs: the others are given back. */
    void settle(final long nowNs)
    {
        release(earlier, nowNs);
        earlier.clear();
    }

    void release(final Collection<Integer> hosts, final long nowNs)
    {
        hosts.forEach(host ->
        {
            taken.remove(host);
            locks.giveBack(host);
            pool.release(host, nowNs);
        });
    }

    /** Nobody was told of them: who asks for more than there is takes nothing from others, not even for a while. */
    private void giveBackUnused(final Collection<Integer> hosts, final long nowNs)
    {
        final List<Integer> latestFirst = new ArrayList<>(hosts);
        Collections.reverse(latestFirst);
        latestFirst.forEach(host ->
        {
            taken.remove(host);
            locks.giveBack(host);
            pool.giveBackUnused(host, nowNs);
        });
    }

    @Override
    public void close()
    {
        locks.close();
    }

    /** As {@code 8080=30000,8081=30001}: what kernels are told. */
    static String text(final Map<Integer, Integer> published)
    {
        final StringJoiner text = new StringJoiner(",");
        published.forEach((host, port) -> text.add(port + "=" + host));
        return text.toString();
    }
}
