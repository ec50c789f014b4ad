package io.plimsoll.loadtest.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.plimsoll.loadtest.simulate.PlainFairShare.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Random scenarios under fair share against {@link PlainFairShare}, session by session. More seeds by hand:
 * {@code -Dplimsoll.seeds=N}.
 */
class FairShareRunTest
{
    private static final int[] HALF_LIVES_S = {0, 5, 7, 10, 60, 3600};

    @Test
    void shouldStartEverySessionWhenThePlainWordsSay()
    {
        final int seeds = Integer.getInteger("plimsoll.seeds", 400);
        final List<String> wrong = new ArrayList<>();
        for (long seed = 1; seed <= seeds; seed++)
        {
            compare(seed, wrong);
        }
        assertEquals(List.of(), wrong);
    }

    private static void compare(final long seed, final List<String> wrong)
    {
        final SplittableRandom random = new SplittableRandom(seed);
        final int cores = 2 + random.nextInt(7);
        final int users = 2 + random.nextInt(3);
        final int count = 4 + random.nextInt(20);
        final int timeMax = 5 + random.nextInt(40);
        final PlainFairShare plain = new PlainFairShare(cores, HALF_LIVES_S[random.nextInt(HALF_LIVES_S.length)]);
        final List<Session> sessions = new ArrayList<>();
        for (int i = 0; i < count; i++)
        {
            final int user = random.nextInt(users);
            final int at = random.nextInt(timeMax);
            sessions.add(plain.add(user, user / 2, at, 1 + random.nextInt(cores), 1 + random.nextInt(12)));
        }
        final ScenarioRun run = ScenarioHarness.run(plain.scenario(users));
        plain.run();
        for (int i = 0; i < count; i++)
        {
            final long startedNs = ScenarioHarness.session(run, "s" + i).startedNs();
            if (sessions.get(i).start * 1_000_000_000L != startedNs)
            {
                wrong.add("seed=" + seed + " s" + i + " " + startedNs + " instead of " + sessions.get(i).start + "\n" +
                    plain.scenario(users));
                return;
            }
        }
    }
}
