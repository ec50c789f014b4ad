package io.plimsoll.agent.runtime;

import io.plimsoll.agent.kernel.KernelKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes images that this agent has pulled: those that nobody has used for long, then those used least recently while
 * all of them are too large. One that a kernel of this agent has or waits for stays, and the engine keeps what other
 * containers use. What was there before is not touched: a file of the agent's names those that it has brought, with
 * their last use; an image whose note was lost with a crash just stays. Of the agent's thread.
 */
final class ImageCollector
{
    private static final Logger LOG = LoggerFactory.getLogger(ImageCollector.class);
    private static final long INTERVAL_MAX_NS = TimeUnit.MINUTES.toNanos(1);
    private static final long MS_PER_S = 1000;
    private static final String LINE = "[0-9]{1,18} [!-~]+";

    private final DockerCycle cycle;
    private final Path file;
    private final Map<String, Long> lastUseS = new TreeMap<>();
    private final Set<String> going = new HashSet<>();
    private long nextLookNs;
    private boolean isLooking;

    /**
     * Reads what an earlier life has brought.
     *
     * @param cycle shared.
     * @param file  to keep it in.
     * @throws IOException if it cannot be read.
     */
    ImageCollector(final DockerCycle cycle, final Path file) throws IOException
    {
        this.cycle = cycle;
        this.file = file;
        try
        {
            for (final String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1))
            {
                // What a machine that lost its power has made of it must not keep the agent from starting.
                if (line.matches(LINE))
                {
                    final int space = line.indexOf(' ');
                    lastUseS.put(line.substring(space + 1), Long.parseLong(line.substring(0, space)));
                }
            }
        }
        catch (final NoSuchFileException e)
        {
            LOG.debug("no images of earlier lives");
        }
    }

    /** An image has been fetched that was not there. */
    void onBrought(final String image)
    {
        lastUseS.put(image, nowS());
        save();
    }

    /** It is about to be used, or was until now. */
    void onUsed(final String image)
    {
        lastUseS.computeIfPresent(image, (same, before) -> nowS());
    }

    /** Whether it is being removed, so that nothing can be started from it now. */
    boolean isGoing(final String image)
    {
        return going.contains(image);
    }

    int poll()
    {
        final DockerOptions options = cycle.options;
        final boolean isOff = 0 == options.imagesBytesMax() && 0 == options.imagesAgeNs();
        if (isOff || !cycle.up || isLooking || !going.isEmpty() || cycle.nowNs < nextLookNs)
        {
            return 0;
        }
        isLooking = true;
        nextLookNs = cycle.nowNs + (0 == options.imagesAgeNs() ?
            INTERVAL_MAX_NS : Math.min(INTERVAL_MAX_NS, 1 + options.imagesAgeNs() / 2));
        save();
        final List<String> images = new ArrayList<>(lastUseS.keySet());
        cycle.calls.submit("images", () ->
        {
            final Map<String, Long> sizes = new HashMap<>();
            for (final String image : images)
            {
                sizes.put(image, cycle.engine().imageBytes(image));
            }
            return sizes;
        }, (sizes, failure) ->
        {
            isLooking = false;
            if (null == failure)
            {
                choose(sizes);
            }
        });
        return 1;
    }

    private void choose(final Map<String, Long> sizes)
    {
        sizes.forEach((image, bytes) ->
        {
            if (bytes < 0)
            {
                lastUseS.remove(image);
            }
        });
        final Set<String> used = new HashSet<>();
        for (final Map.Entry<KernelKey, DockerKernel> entry : cycle.held.entrySet())
        {
            used.add(entry.getValue().spec.image());
        }
        used.forEach(this::onUsed);
        long bytes = 0;
        final Map<String, Long> idle = new LinkedHashMap<>();
        for (final Map.Entry<String, Long> entry : sizes.entrySet())
        {
            bytes += Math.max(0, entry.getValue());
            if (lastUseS.containsKey(entry.getKey()) && !used.contains(entry.getKey()))
            {
                idle.put(entry.getKey(), lastUseS.get(entry.getKey()));
            }
        }
        final List<String> oldestFirst = new ArrayList<>(idle.keySet());
        oldestFirst.sort((one, other) -> idle.get(one).equals(idle.get(other)) ?
            one.compareTo(other) : Long.compare(idle.get(one), idle.get(other)));
        for (final String image : oldestFirst)
        {
            final DockerOptions options = cycle.options;
            final boolean isOld = options.imagesAgeNs() > 0 &&
                TimeUnit.SECONDS.toNanos(nowS() - idle.get(image)) >= options.imagesAgeNs();
            if (isOld || options.imagesBytesMax() > 0 && bytes > options.imagesBytesMax())
            {
                bytes -= sizes.get(image);
                remove(image, isOld ? "nobody has used it of late" : "there are too many");
            }
        }
    }

    private void remove(final String image, final String why)
    {
        going.add(image);
        cycle.calls.submit("remove image " + image, () ->
        {
            cycle.engine().removeImage(image);
            return null;
        }, (nothing, failure) ->
        {
            going.remove(image);
            if (null == failure)
            {
                LOG.info("removed the image {}: {}", image, why);
                lastUseS.remove(image);
                save();
            }
            else
            {
                LOG.debug("the image {} stays until it is looked at again: {}", image, failure.getMessage());
            }
        });
    }

    private static long nowS()
    {
        return System.currentTimeMillis() / MS_PER_S;
    }

    private void save()
    {
        final List<String> lines = new ArrayList<>();
        lastUseS.forEach((image, seconds) -> lines.add(seconds + " " + image));
        final Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try
        {
            Files.write(fresh, lines);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
        catch (final IOException e)
        {
            LOG.warn("cannot write {}: {}", file, e.toString());
        }
    }
}
