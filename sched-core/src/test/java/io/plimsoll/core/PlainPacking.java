package io.plimsoll.core;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Whether a session whose parts differ fits, in plain words: what {@link PartsFit} must agree with. */
final class PlainPacking
{
    private final ExhaustivePlacement trial;
    private final CoreState state;
    private final List<Integer> rows = new ArrayList<>();
    private final List<Integer> firsts = new ArrayList<>();
    private final List<Integer> scarcest = new ArrayList<>();
    /** By part, the agents that it fits when nothing is taken. */
    private final List<List<Integer>> spots = new ArrayList<>();
    private final Map<Integer, Integer> agentOf = new TreeMap<>();
    private int tries;

    PlainPacking(final ExhaustivePlacement trial, final CoreState state, final int shape)
    {
        this.trial = trial;
        this.state = state;
        int kernels = 0;
        for (int row = shape; Table.NONE != row; row = state.shapes.nextPart(row))
        {
            rows.add(row);
            firsts.add(kernels);
            kernels += state.shapes.kernels.get(row);
        }
    }

    int row(final int part)
    {
        return rows.get(part);
    }

    int firstIndex(final int part)
    {
        return firsts.get(part);
    }

    List<Integer> natural()
    {
        final List<Integer> order = new ArrayList<>();
        for (int part = 0; part < rows.size(); part++)
        {
            order.add(part);
        }
        return order;
    }

    List<Integer> scarcest()
    {
        return scarcest;
    }

    boolean find()
    {
        final boolean packs = trial.packsNew();
        for (int part = 0; part < rows.size(); part++)
        {
            if (!fitsAlone(part, packs))
            {
                return false;
            }
        }
        scarcest.addAll(natural());
        scarcest.sort(Comparator.<Integer>comparingInt(part -> spots.get(part).size())
            .thenComparingLong(part -> -state.shapes.amount(row(part), SlotTable.CPU))
            .thenComparingLong(part -> -state.shapes.amount(row(part), SlotTable.MEM))
            .thenComparingInt(part -> part));
        if (packs)
        {
            for (int agent = 1; agent < state.agents.highWater(); agent++)
            {
                if (holdsAll(agent))
                {
                    return true;
                }
            }
            return false;
        }
        return pack(scarcest, true) || pack(natural(), false) || search();
    }

    /** See {@link PartsSearch}; what is tried is taken anew from the first kernel on, instead of being taken back. */
    private boolean search()
    {
        final List<Integer> parts = new ArrayList<>();
        for (final int part : scarcest)
        {
            parts.addAll(Collections.nCopies(state.shapes.kernels.get(row(part)), part));
        }
        final List<Integer> agents = spots.stream().flatMap(List::stream).distinct().sorted().toList();
        tries = 0;
        final List<Integer> found = new ArrayList<>();
        if (parts.size() > PartsSearch.KERNELS_MAX || agents.size() > PartsSearch.AGENTS_MAX ||
            !goOn(parts, agents, found))
        {
            return false;
        }
        final int[] next = new int[rows.size()];
        for (int kernel = 0; kernel < parts.size(); kernel++)
        {
            final int part = parts.get(kernel);
            agentOf.put(firstIndex(part) + next[part]++, found.get(kernel));
        }
        return true;
    }

    private boolean goOn(final List<Integer> parts, final List<Integer> agents, final List<Integer> found)
    {
        final int kernel = found.size();
        if (kernel == parts.size())
        {
            return true;
        }
        final boolean isNext = kernel > 0 && parts.get(kernel - 1).equals(parts.get(kernel));
        final List<Integer> before = new ArrayList<>();
        for (final int agent : agents)
        {
            if (tries < PartsSearch.TRIES_MAX && (!isNext || agent >= found.get(kernel - 1)))
            {
                takeAnew(parts, found);
                if (before.stream().noneMatch(other -> trial.isLike(other, agent)) && mayTake(parts.get(kernel), agent))
                {
                    tries++;
                    found.add(agent);
                    if (goOn(parts, agents, found))
                    {
                        return true;
                    }
                    found.remove(kernel);
                }
                before.add(agent);
            }
        }
        return false;
    }

    private boolean mayTake(final int part, final int agent)
    {
        trial.ask(row(part));
        return trial.mayTake(agent);
    }

    private void takeAnew(final List<Integer> parts, final List<Integer> found)
    {
        trial.reset();
        for (int kernel = 0; kernel < found.size(); kernel++)
        {
            trial.ask(row(parts.get(kernel)));
            trial.take(found.get(kernel));
        }
    }

    private boolean fitsAlone(final int part, final boolean packs)
    {
        trial.reset();
        trial.ask(row(part));
        final List<Integer> fitting = new ArrayList<>();
        for (int agent = 1; agent < state.agents.highWater(); agent++)
        {
            if (trial.mayTake(agent))
            {
                fitting.add(agent);
            }
        }
        spots.add(fitting);
        int sum = 0;
        int most = 0;
        for (final int agent : fitting)
        {
            if (packs)
            {
                trial.reset();
            }
            int places = 0;
            while (places < state.shapes.kernels.get(row(part)) && trial.mayTake(agent))
            {
                trial.take(agent);
                places++;
            }
            sum += places;
            most = Math.max(most, places);
        }
        return (packs ? most : sum) >= state.shapes.kernels.get(row(part));
    }

    /** Whether all kernels go to one agent. */
    boolean holdsAll(final int agent)
    {
        trial.reset();
        for (final int part : scarcest)
        {
            trial.ask(row(part));
            for (int i = 0; i < state.shapes.kernels.get(row(part)); i++)
            {
                if (!trial.mayTake(agent))
                {
                    return false;
                }
                trial.take(agent);
                agentOf.put(firstIndex(part) + i, agent);
            }
        }
        return true;
    }

    private boolean pack(final List<Integer> order, final boolean special)
    {
        trial.reset();
        for (int at = 0; at < order.size(); at++)
        {
            final int part = order.get(at);
            final List<Integer> later = order.subList(at + 1, order.size());
            final List<Integer> agents = new ArrayList<>(spots.get(part));
            if (special)
            {
                agents.sort(Comparator.comparingLong(
                    agent -> later.stream().filter(other -> spots.get(other).contains(agent)).count()));
            }
            trial.ask(row(part));
            int kernel = 0;
            for (final int agent : agents)
            {
                while (kernel < state.shapes.kernels.get(row(part)) && trial.mayTake(agent))
                {
                    trial.take(agent);
                    agentOf.put(firstIndex(part) + kernel++, agent);
                }
            }
            if (kernel < state.shapes.kernels.get(row(part)))
            {
                return false;
            }
        }
        return true;
    }

    void copyTo(final int[] chosen)
    {
        agentOf.forEach((kernel, agent) -> chosen[kernel] = agent);
    }
}
