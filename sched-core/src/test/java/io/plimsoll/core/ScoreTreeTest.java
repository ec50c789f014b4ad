package io.plimsoll.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.plimsoll.core.sbe.SelectPolicy;
import io.plimsoll.core.testkit.SeededRandom;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The best that the tree knows is the one that a look at every agent finds. */
class ScoreTreeTest
{
    private static final int STEPS = 4_000;

    private final CoreState state = new CoreState(CoreOptions.defaults());
    private final AgentPool pool = poolOf(state);
    private final ScoreTree tree = new ScoreTree(pool);
    private boolean[] fits;
    private long[] scores;
    private long[] mems;
    /** Lowest score, of 40. */
    private int lowest = -20;
    private boolean inOrder;

    private static AgentPool poolOf(final CoreState state)
    {
        state.groups.select.set(state.groups.allocate(), (byte)SelectPolicy.RANDOM.value());
        return new AgentPool(state, 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 63, 64, 65, 300, 5_000})
    void shouldKnowTheBestWhateverChanges(final int agents)
    {
        final SeededRandom random = new SeededRandom(agents);
        join(agents, random);
        fill(random);
        for (int step = 0; step < STEPS; step++)
        {
            for (int changes = random.below(6); changes > 0; changes--)
            {
                // Those that are good change more often than others, as agents that are chosen do.
                final int best = tree.best(0);
                final int position = Table.NONE == best || random.below(3) > 0 ? random.below(agents) : best;
                set(position, random.below(4) > 0, score(random), random.below(100));
            }
            check(random.below(110));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 63, 64, 65, 300, 5_000})
    void shouldKnowTheBestOfSmallScoresInTheOrderOfIds(final int agents)
    {
        inOrder = true;
        shouldKnowTheBestWhateverChanges(agents);
    }

    @ParameterizedTest
    @ValueSource(ints = {-64, -70, 80, 152, 160})
    void shouldKnowTheBestAtTheEndsOfWhatIsSmall(final int least)
    {
        inOrder = true;
        lowest = least;
        shouldKnowTheBestWhateverChanges(200);
        fill(new SeededRandom(least));
        check(50);
    }

    @Test
    void shouldKnowTheBestOnceAnAgentCameOutOfOrder()
    {
        inOrder = true;
        final SeededRandom random = new SeededRandom(7);
        join(100, random);
        fill(random);
        pool.add(1_000);
        pool.add(999);
        fits = Arrays.copyOf(fits, 102);
        scores = Arrays.copyOf(scores, 102);
        mems = Arrays.copyOf(mems, 102);
        assertFalse(tree.holds(102, 1_001));
        fill(random);
        for (int step = 0; step < STEPS; step++)
        {
            set(random.below(102), random.below(4) > 0, score(random), random.below(100));
            check(random.below(110));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, Long.MIN_VALUE, 1L << 54, -(1L << 54)})
    void shouldKnowTheBestAmongScoresOfAnySize(final long extreme)
    {
        inOrder = 0 == (extreme & 1);
        final SeededRandom random = new SeededRandom(extreme);
        join(300, random);
        fill(random);
        for (int step = 0; step < STEPS; step++)
        {
            final long score = random.below(5) > 0 ? score(random) : extreme - Long.signum(extreme) * random.below(3);
            set(random.below(300), random.below(4) > 0, score, random.below(100));
            check(random.below(110));
        }
        fill(random);
        check(0);
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 2_000})
    void shouldKeepScoresAsTheyWereSet(final int agents)
    {
        final SeededRandom random = new SeededRandom(agents);
        join(agents, random);
        fill(random);
        for (int position = 0; position < agents; position++)
        {
            assertEquals(fits[position], tree.fits(position));
            if (fits[position])
            {
                assertEquals(scores[position], tree.score(position));
            }
        }
    }

    /** Agents in an order that need not be that of their ids. */
    private void join(final int agents, final SeededRandom random)
    {
        fits = new boolean[agents];
        scores = new long[agents];
        mems = new long[agents];
        final int offset = inOrder ? 0 : random.below(agents);
        for (int i = 0; i < agents; i++)
        {
            pool.add(1 + (i + offset) % agents);
        }
    }

    private void fill(final SeededRandom random)
    {
        tree.begin(agent -> mems[pool.position(agent)]);
        tree.clear(fits.length, 1 + highestAgent());
        for (int position = 0; position < fits.length; position++)
        {
            fits[position] = random.percent(50);
            scores[position] = score(random);
            mems[position] = random.below(100);
            if (fits[position])
            {
                tree.put(position, scores[position], mems[position]);
            }
        }
        tree.playAll();
        check(0);
    }

    private int highestAgent()
    {
        int highest = 0;
        for (int position = 0; position < fits.length; position++)
        {
            highest = Math.max(highest, pool.agentAt(position));
        }
        return highest;
    }

    private long score(final SeededRandom random)
    {
        return random.below(40) + (long)lowest;
    }

    private void set(final int position, final boolean fit, final long score, final long mem)
    {
        fits[position] = fit;
        scores[position] = score;
        mems[position] = mem;
        tree.set(position, fit, score, mem);
    }

    private void check(final long memNeeded)
    {
        int best = Table.NONE;
        for (int position = 0; position < fits.length; position++)
        {
            if (fits[position] && mems[position] >= memNeeded &&
                (Table.NONE == best || scores[position] > scores[best] ||
                scores[position] == scores[best] && pool.agentAt(position) < pool.agentAt(best)))
            {
                best = position;
            }
        }
        assertEquals(best, tree.best(memNeeded));
    }
}
