package io.plimsoll.bench.core;

import io.plimsoll.loadtest.workload.AgentShape;
import io.plimsoll.loadtest.workload.SessionShape;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The agents and the sessions that all benchmarks of decisions share: mixed, from a fixed seed. */
public final class ShapeMix
{
    /** Sessions drawn; benchmarks walk through them again and again. */
    public static final int SESSIONS = 1_024;
    /** Kernels that fill about seventy per cent of one average agent. */
    public static final double KERNELS_PER_AGENT = 6.5;

    private static final long GIB = 1L << 30;
    private static final long[] CPU_MILLIS = {250, 500, 1_000, 1_000, 2_000, 2_000, 4_000};
    private static final long SEED = 20_261_122L;

    private ShapeMix()
    {
    }

    /**
     * One of four kinds of agent, in turn.
     *
     * @param index of the agent.
     * @return its shape.
     */
    public static AgentShape agent(final int index)
    {
        return switch (index & 3)
        {
            case 0 -> AgentShape.of("default", 8_000, 32 * GIB);
            case 1 -> AgentShape.of("default", 16_000, 64 * GIB);
            case 2 -> AgentShape.of("default", 16_000, 64 * GIB, 4);
            default -> AgentShape.of("default", 32_000, 128 * GIB, 8);
        };
    }

    /** One-kernel sessions of 28 shapes: 250 to 4,000 millicores, 512 MiB to 8 GiB, one in ten with a device. */
    public static List<SessionShape> sessions()
    {
        final SplittableRandom random = new SplittableRandom(SEED);
        final List<SessionShape> shapes = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++)
        {
            final long cpu = CPU_MILLIS[random.nextInt(CPU_MILLIS.length)];
            final long memory = GIB / 2 << random.nextInt(4);
            final SessionShape shape = SessionShape.single(cpu, memory);
            shapes.add(0 == random.nextInt(10) ? shape.withSlot("cuda.device", 1) : shape);
        }
        return shapes;
    }
}
