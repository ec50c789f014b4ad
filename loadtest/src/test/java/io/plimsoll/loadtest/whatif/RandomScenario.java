package io.plimsoll.loadtest.whatif;

import java.util.Locale;
import java.util.SplittableRandom;

/** Scenarios from seeds, in which no two things happen at one instant unless one follows from the other. */
final class RandomScenario
{
    private final SplittableRandom random;
    private final StringBuilder yaml = new StringBuilder();

    private RandomScenario(final long seed)
    {
        random = new SplittableRandom(seed);
    }

    /**
     * YAML with the sessions of a few hours.
     *
     * @param seed     of everything random.
     * @param sessions how many.
     * @param group    fields of the group, after its name.
     * @param rich     with gangs, limits, dependencies, cancellations, devices.
     */
    static String of(final long seed, final int sessions, final String group, final boolean rich)
    {
        return new RandomScenario(seed).write(sessions, group, rich);
    }

    /** The same, but nobody cancels: then the record tells how long everything runs. */
    static String uncancelled(final long seed, final int sessions, final String group)
    {
        return of(seed, sessions, group, true).replaceAll(", cancelAt: [0-9]+ms", "");
    }

    private String write(final int sessions, final String group, final boolean rich)
    {
        yaml.append("groups: [{name: default").append(group).append("}]\n");
        yaml.append("agents: [{name: a, count: 4, cpu: 8, mem: 32g, devices: {kind: cuda, model: A100, count: 4}}, ");
        yaml.append("{name: b, count: 2, cpu: 16, mem: 64g}]\n");
        yaml.append("owners: {users: [{name: alice, project: p1}, {name: bob, project: p1, limits: {cpu: 20}}, ");
        yaml.append("{name: carol, project: p2}]}\n");
        yaml.append("sessions:\n");
        long atMillis = 0;
        for (int i = 0; i < sessions; i++)
        {
            atMillis += 1 + random.nextInt(20_000_000);
            session(i, atMillis, rich);
        }
        return yaml.toString();
    }

    private void session(final int number, final long atMillis, final boolean rich)
    {
        final String[] users = {"alice", "bob", "carol"};
        final int kernels = rich && 0 == random.nextInt(6) ? 2 + random.nextInt(3) : 1;
        final boolean gpu = rich && 0 == random.nextInt(4);
        yaml.append(String.format(
            Locale.ROOT,
            "- {name: s%d, at: %dms, user: %s, priority: %d, kernels: [{cpu: %d, mem: %dg, count: %d%s}], " +
                "duration: %dms, startDelay: %dms",
            number, atMillis, users[random.nextInt(3)], 10 * random.nextInt(3), 1 + random.nextInt(6),
            1 + random.nextInt(8), kernels, gpu ? ", gpu: " + (random.nextBoolean() ? "0.5" : "2") : "",
            1_000_000 + random.nextInt(200_000_000), random.nextInt(3_000_000)));
        if (rich)
        {
            rich(number, atMillis);
        }
        yaml.append("}\n");
    }

    private void rich(final int number, final long atMillis)
    {
        if (0 == random.nextInt(3))
        {
            yaml.append(", limit: ").append(10_000_000 + random.nextInt(200_000_000)).append("ms");
        }
        if (number > 3 && 0 == random.nextInt(8))
        {
            yaml.append(", after: [{session: s").append(number - 1 - random.nextInt(3)).append(", ends: any}]");
        }
        if (0 == random.nextInt(12))
        {
            yaml.append(", cancelAt: ").append(atMillis + 1 + random.nextInt(100_000_000)).append("ms");
        }
        if (0 == random.nextInt(10))
        {
            yaml.append(", exitCode: 3");
        }
    }
}
