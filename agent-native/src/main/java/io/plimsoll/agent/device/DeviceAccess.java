package io.plimsoll.agent.device;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a kernel gets with a device. What several devices say of one variable is joined by commas, in the order of the
 * devices; of the rest, what several say is had once.
 *
 * @param variables   of its environment.
 * @param files       device files.
 * @param mounts      directories and files of the host, such as those of a driver.
 * @param requests    to drivers of the container engine.
 * @param cgroupRules for device files that come and go, as {@code c 240:* rwm}.
 */
public record DeviceAccess(
    Map<String, String> variables,
    List<DeviceFile> files,
    List<Mount> mounts,
    List<Request> requests,
    List<String> cgroupRules)
{
    /** Nothing: the device is there for all to see. */
    public static final DeviceAccess NONE = new DeviceAccess(Map.of());

    /** Variables only. */
    public DeviceAccess(final Map<String, String> variables)
    {
        this(variables, List.of(), List.of(), List.of(), List.of());
    }

    /**
     * A device file.
     *
     * @param path        on the host.
     * @param target      in a container; the same for a process.
     * @param permissions of {@code rwm}: read, write, make.
     */
    public record DeviceFile(String path, String target, String permissions)
    {
    }

    /**
     * A directory or file of the host.
     *
     * @param source   on the host.
     * @param target   in a container; the same for a process.
     * @param readOnly whether it cannot be written to.
     */
    public record Mount(String source, String target, boolean readOnly)
    {
    }

    /**
     * What a driver of the container engine is asked for.
     *
     * @param driver       its name.
     * @param ids          of devices, as that driver knows them.
     * @param capabilities that it shall have, all of them.
     */
    public record Request(String driver, List<String> ids, List<String> capabilities)
    {
    }

    /** This, and that of a further device. */
    public DeviceAccess and(final DeviceAccess that)
    {
        final Map<String, String> both = new LinkedHashMap<>(variables);
        that.variables.forEach((name, value) -> both.merge(name, value, (one, other) -> one + ',' + other));
        return new DeviceAccess(
            both, union(files, that.files), union(mounts, that.mounts), union(requests, that.requests),
            union(cgroupRules, that.cgroupRules));
    }

    private static <T> List<T> union(final List<T> some, final List<T> more)
    {
        final List<T> all = new ArrayList<>(some);
        more.stream().filter(one -> !all.contains(one)).forEach(all::add);
        return List.copyOf(all);
    }

    /**
     * Looks for what neither a process nor a container can be given.
     *
     * @throws IllegalArgumentException that names the field, and says what would be right.
     */
    public DeviceAccess checked()
    {
        variables.forEach((name, value) ->
            check(!name.isEmpty() && name.indexOf('=') < 0 && null != value, "variables", name, "NAME: value"));
        for (final DeviceFile file : files)
        {
            check(isPath(file.path()), "files", file.path(), "an absolute path such as /dev/npu0");
            check(isPath(file.target()), "files", file.target(), "an absolute path such as /dev/npu0");
            check(file.permissions().matches("r?w?m?") && !file.permissions().isEmpty(),
                "files", file.permissions(), "permissions of r, w and m, in this order");
        }
        for (final Mount mount : mounts)
        {
            check(isPath(mount.source()), "mounts", mount.source(), "an absolute path without a colon");
            check(isPath(mount.target()), "mounts", mount.target(), "an absolute path without a colon");
        }
        for (final Request request : requests)
        {
            check(!request.driver().isEmpty() || !request.capabilities().isEmpty(),
                "requests", request.driver(), "the name of a driver of the container engine, or capabilities");
        }
        for (final String rule : cgroupRules)
        {
            check(rule.matches("[abc] ([0-9]+|\\*):([0-9]+|\\*) r?w?m?") && !rule.endsWith(" "),
                "cgroupRules", rule, "type, numbers and permissions such as 'c 240:* rwm'");
        }
        return this;
    }

    private static boolean isPath(final String path)
    {
        return path.startsWith("/") && path.indexOf(':') < 0 && path.indexOf('\0') < 0 &&
            !(path + '/').contains("/../");
    }

    private static void check(final boolean isRight, final String field, final String found, final String right)
    {
        if (!isRight)
        {
            throw new IllegalArgumentException(field + ": '" + found + "' should be " + right);
        }
    }
}
