package io.plimsoll.ops.e2e;

import java.util.ArrayList;
import java.util.List;

/**
 * Network namespaces as machines: one for the manager, which holds a bridge, and one for each agent, plugged into it
 * with a cable that can be cut.
 * <pre>
 *   manager 10.77.0.1 (br0) ─┬─ cable 1 ─ agent 1 10.77.0.11
 *                            └─ cable 2 ─ agent 2 10.77.0.12
 * </pre>
 */
final class Namespaces implements AutoCloseable
{
    static final String MANAGER_ADDRESS = "10.77.0.1";

    private final String prefix = "plms" + ProcessHandle.current().pid() + "-";
    private final List<String> names = new ArrayList<>();

    Namespaces(final int agents)
    {
        add("m");
        in("m", "ip", "link", "add", "br0", "type", "bridge");
        in("m", "ip", "addr", "add", MANAGER_ADDRESS + "/24", "dev", "br0");
        in("m", "ip", "link", "set", "br0", "up");
        for (int agent = 1; agent <= agents; agent++)
        {
            final String name = "a" + agent;
            add(name);
            final String cable = "cable" + agent;
            in("m", "ip", "link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", prefix + name);
            in("m", "ip", "link", "set", cable, "master", "br0", "up");
            in(name, "ip", "addr", "add", "10.77.0.1" + agent + "/24", "dev", "eth0");
            in(name, "ip", "link", "set", "eth0", "up");
        }
    }

    /** Words before a command that is to run on the machine. */
    List<String> manager()
    {
        return List.of("ip", "netns", "exec", prefix + "m");
    }

    List<String> agent(final int agent)
    {
        return List.of("ip", "netns", "exec", prefix + "a" + agent);
    }

    void cut(final int agent)
    {
        in("m", "ip", "link", "set", "cable" + agent, "down");
    }

    void heal(final int agent)
    {
        in("m", "ip", "link", "set", "cable" + agent, "up");
    }

    private void add(final String name)
    {
        Shell.run("ip", "netns", "add", prefix + name);
        names.add(prefix + name);
        in(name, "ip", "link", "set", "lo", "up");
    }

    private void in(final String name, final String... command)
    {
        final List<String> words = new ArrayList<>(List.of("ip", "netns", "exec", prefix + name));
        words.addAll(List.of(command));
        Shell.run(words.toArray(new String[0]));
    }

    @Override
    public void close()
    {
        for (final String name : names)
        {
            Shell.exec("ip", "netns", "delete", name);
        }
    }
}
