package io.plimsoll.loadtest.sim;

import io.plimsoll.core.sbe.OnLoss;
import io.plimsoll.core.sbe.SessionType;
import io.plimsoll.manager.control.ClusterControl;
import io.plimsoll.manager.control.SessionRequest;
import io.plimsoll.manager.control.SessionTerms;
import io.plimsoll.manager.control.SubmitReply;
import io.plimsoll.manager.control.SubmitRequest;
import io.plimsoll.manager.view.IdRange;
import io.plimsoll.transport.LaunchSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Somebody who submits and cancels, and remembers every promise that was made. */
final class SimClient
{
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long GIB = 1L << 30;

    private final SplittableRandom random;
    private final List<Long> promised = new ArrayList<>();

    SimClient(final SplittableRandom random)
    {
        this.random = random;
    }

    /** Ids of all sessions whose acceptance was answered. */
    List<Long> promised()
    {
        return promised;
    }

    void act(final ClusterControl control)
    {
        if (0 == random.nextInt(8) && !promised.isEmpty())
        {
            final long id = promised.get(random.nextInt(promised.size()));
            control.cancel(List.of(new IdRange(id, id + random.nextInt(2))));
        }
        else
        {
            control.submit(new SubmitRequest(0, null, new byte[0], List.of(request()))).thenAccept(this::onAccepted);
        }
    }

    private void onAccepted(final List<SubmitReply> replies)
    {
        for (final SubmitReply reply : replies)
        {
            for (long i = 0; i < reply.count(); i++)
            {
                promised.add(reply.firstId() + i);
            }
        }
    }

    private SessionRequest request()
    {
        final boolean array = 0 == random.nextInt(6);
        final boolean gang = 0 == random.nextInt(5);
        final List<Long> dependencies = 0 == random.nextInt(8) && !promised.isEmpty() ?
            List.of(promised.get(random.nextInt(promised.size()))) : List.of();
        final List<String> command = 0 == random.nextInt(10) ? List.of("exit", "3") : List.of("true");
        return new SessionRequest(
            "sim",
            "default",
            SessionType.BATCH,
            random.nextInt(3) * 10,
            gang ? 2 + random.nextInt(3) : 1,
            array ? 1 + random.nextInt(6) : 1,
            array,
            500L << random.nextInt(3),
            GIB << random.nextInt(3),
            Map.of(),
            0 == random.nextInt(10) ? SECOND_NS * (1 + random.nextInt(20)) : 0,
            SECOND_NS * random.nextInt(8),
            0 == random.nextInt(2) ? OnLoss.RESTART : OnLoss.WAIT,
            dependencies,
            new LaunchSpec(command, Map.of(), null, null, 0, random.nextLong(30 * SECOND_NS)),
            SessionTerms.DEFAULTS);
    }
}
