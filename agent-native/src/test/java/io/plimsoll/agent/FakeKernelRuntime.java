package io.plimsoll.agent;

import io.plimsoll.agent.kernel.Assignment;
import io.plimsoll.agent.kernel.KernelEnd;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.agent.runtime.KernelLaunch;
import io.plimsoll.agent.runtime.KernelListener;
import io.plimsoll.agent.runtime.KernelRuntime;
import io.plimsoll.agent.terminal.KernelTerminal;
import io.plimsoll.agent.terminal.TerminalException;
import io.plimsoll.agent.terminal.TerminalRequest;
import io.plimsoll.agent.usage.UsageSubject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Kernels that start and end when they are told to; what runs outlives the agent. */
final class FakeKernelRuntime implements KernelRuntime
{
    final List<KernelLaunch> launches = new ArrayList<>();
    final Map<KernelKey, Long> kills = new LinkedHashMap<>();
    final Set<KernelKey> running = new HashSet<>();
    final Set<KernelKey> forestalled = new HashSet<>();
    final Set<KernelKey> discarded = new HashSet<>();
    final List<FakeTerminal> terminals = new ArrayList<>();
    final List<String> out = new ArrayList<>();
    final Map<KernelKey, Map<Integer, String>> portsTold = new HashMap<>();
    boolean refusesLaunches;
    private final Map<KernelKey, Long> toStart = new LinkedHashMap<>();
    private final Map<KernelKey, KernelEnd> toEnd = new LinkedHashMap<>();
    private final Map<KernelKey, KernelEnd> ended = new HashMap<>();

    @Override
    public void tellPorts(final KernelKey key, final Map<Integer, String> ports)
    {
        portsTold.put(key, ports);
    }

    void start(final KernelKey key, final long sinceNs)
    {
        toStart.put(key, sinceNs);
    }

    void end(final KernelKey key, final KernelEnd end)
    {
        toEnd.put(key, end);
    }

    @Override
    public String name()
    {
        return "fake";
    }

    @Override
    public void subjects(final Consumer<UsageSubject> to)
    {
        running.forEach(key -> to.accept(new UsageSubject(key, "", 1, List.of())));
    }

    @Override
    public void takeOut(final String device)
    {
        out.add(device);
    }

    @Override
    public boolean tryLaunch(final KernelLaunch launch, final long nowNs)
    {
        if (refusesLaunches)
        {
            return false;
        }
        launches.add(launch);
        running.add(launch.assignment().key());
        return true;
    }

    @Override
    public KernelTerminal openTerminal(final KernelKey key, final TerminalRequest request, final long nowNs)
        throws TerminalException
    {
        if (!running.contains(key))
        {
            return null;
        }
        if ("nosuch".equals(request.command().get(0)))
        {
            throw TerminalException.cannotStart("command not found: nosuch");
        }
        final FakeTerminal terminal = new FakeTerminal(request);
        terminals.add(terminal);
        return terminal;
    }

    @Override
    public boolean adopt(final Assignment assignment, final long nowNs)
    {
        final KernelKey key = assignment.key();
        if (running.contains(key))
        {
            toStart.put(key, nowNs);
            return true;
        }
        if (ended.containsKey(key))
        {
            running.add(key);
            toEnd.put(key, ended.get(key));
            return true;
        }
        return false;
    }

    @Override
    public boolean forestall(final KernelKey key)
    {
        return !running.contains(key) && !ended.containsKey(key) && (forestalled.add(key) || true);
    }

    @Override
    public void kill(final KernelKey key, final long graceNs, final long nowNs)
    {
        kills.put(key, graceNs);
    }

    @Override
    public int poll(final KernelListener listener, final long nowNs)
    {
        final Map<KernelKey, Long> starts = new LinkedHashMap<>(toStart);
        toStart.clear();
        starts.forEach((key, sinceNs) -> listener.onStarted(key, sinceNs, "0-1", ""));
        final Map<KernelKey, KernelEnd> ends = new LinkedHashMap<>(toEnd);
        toEnd.clear();
        ends.forEach((key, end) ->
        {
            running.remove(key);
            ended.put(key, end);
            listener.onEnded(key, end);
        });
        return starts.size() + ends.size();
    }

    @Override
    public int alive()
    {
        return running.size();
    }

    @Override
    public void discard(final KernelKey key)
    {
        discarded.add(key);
    }

    @Override
    public void close()
    {
        toStart.clear();
    }
}
