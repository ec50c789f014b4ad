package io.plimsoll.loadtest.workload;

import io.plimsoll.core.sbe.OnLoss;
import io.plimsoll.core.sbe.SessionType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Draws submissions of every kind, some of which the core has to refuse. One thread. */
final class SubmissionMix
{
    private static final long GIB = 1L << 30;
    private static final List<byte[]> SPECS = specs();

    private final SplittableRandom random;

    SubmissionMix(final SplittableRandom random)
    {
        this.random = random;
    }

    int next(final CommandEncoder encoder, final long correlationId, final long lastSessionId)
    {
        final List<SessionShape> entries = new ArrayList<>();
        final int count = 1 + (0 == random.nextInt(3) ? random.nextInt(6) : 0);
        for (int i = 0; i < count; i++)
        {
            entries.add(0 == random.nextInt(40) ? refused() : accepted(lastSessionId));
        }
        final long key = 0 == random.nextInt(8) ? 1 + random.nextInt(10) : 0;
        return encoder.submit(correlationId, key, 0 == key ? 0 : random.nextInt(2), SPECS, entries);
    }

    private SessionShape accepted(final long lastSessionId)
    {
        final boolean gpu = 0 == random.nextInt(5);
        final int kernels = 0 == random.nextInt(5) ? 2 + random.nextInt(4) : 1;
        final boolean array = 0 == random.nextInt(8);
        final List<SessionShape.Slot> slots =
            gpu ? List.of(new SessionShape.Slot("cuda.device", 1 + random.nextInt(2))) : List.of();
        return new SessionShape(
            0 == random.nextInt(6) ? SessionType.INTERACTIVE : SessionType.BATCH,
            0 == random.nextInt(4) ? OnLoss.RESTART : OnLoss.WAIT,
            random.nextInt(3) * 10,
            kernels,
            array ? 1 + random.nextInt(30) : 1,
            array,
            250L << random.nextInt(4),
            GIB / 4 << random.nextInt(4),
            0 == random.nextInt(10) ? 1_000_000_000L * (1 + random.nextInt(60)) : 0,
            SessionShape.GRACE_NS,
            slots,
            dependencies(lastSessionId),
            gpu ? "gpu" : "default",
            random.nextInt(SPECS.size()));
    }

    private List<Long> dependencies(final long lastSessionId)
    {
        final List<Long> ids = new ArrayList<>();
        if (lastSessionId > 0 && 0 == random.nextInt(10))
        {
            for (int i = random.nextInt(3); i >= 0; i--)
            {
                final long id = Math.max(1, lastSessionId - random.nextInt(30));
                if (!ids.contains(id))
                {
                    ids.add(id);
                }
            }
        }
        return ids;
    }

    private SessionShape refused()
    {
        return switch (random.nextInt(5))
        {
            case 0 -> SessionShape.single(1_000_000_000, GIB);
            case 1 -> SessionShape.single(-1, GIB);
            case 2 -> SessionShape.single(250, GIB).withSlot("no.such.slot", 1);
            case 3 -> SessionShape.gang(1_025, 250, GIB);
            default -> new SessionShape(
                SessionType.BATCH, OnLoss.WAIT, 10, 1, 1, false, 250, GIB, 0, SessionShape.GRACE_NS,
                List.of(), List.of(Long.MAX_VALUE / 2), "no-such-group", 0);
        };
    }

    private static List<byte[]> specs()
    {
        final List<byte[]> specs = new ArrayList<>();
        for (int i = 0; i < 4; i++)
        {
            specs.add(("{\"command\":[\"job\",\"" + i + "\"]}").getBytes(StandardCharsets.UTF_8));
        }
        return specs;
    }
}
