package io.plimsoll.loadtest.sim;

import io.plimsoll.core.SessionPart;
import io.plimsoll.core.sbe.AccountLevel;
import io.plimsoll.core.sbe.ConstraintKind;
import io.plimsoll.core.sbe.FailurePolicy;
import io.plimsoll.core.sbe.OnLoss;
import io.plimsoll.core.sbe.SessionType;
import io.plimsoll.manager.ManagerStages;
import io.plimsoll.manager.control.AccountOptions;
import io.plimsoll.manager.control.CommandRejectedException;
import io.plimsoll.manager.control.Constraint;
import io.plimsoll.manager.control.GroupOption;
import io.plimsoll.manager.control.GroupOptions;
import io.plimsoll.manager.control.SessionRequest;
import io.plimsoll.manager.control.SessionTerms;
import io.plimsoll.manager.control.SubmitReply;
import io.plimsoll.manager.control.SubmitRequest;
import io.plimsoll.manager.view.AgentView;
import io.plimsoll.manager.view.IdRange;
import io.plimsoll.transport.LaunchSpec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * People who submit, cancel and change things, and remember every promise that was made to them. Answers get lost on
 * their way, and then they ask again, with the same key.
 */
final class SimClient
{
    static final String GROUP = "default";
    static final String GPU_GROUP = "gpu";
    static final String DEVICE = "cuda.device";
    static final String SHARES = "cuda.shares";

    private static final long SECOND_NS = SimTime.SECOND_NS;
    private static final long GIB = 1L << 30;
    private static final int OWNERS = 4;
    private static final int RETRIES_MAX = 8;
    private static final long RETRY_AFTER_NS = 5 * SECOND_NS;
    private static final long GIVE_UP_AFTER_NS = 40 * SECOND_NS;

    private final SimTime time;
    private final SimWiring wiring;
    private final Ledger ledger;
    private final TreeMap<Long, Long> promisedSequenceById = new TreeMap<>();
    private final List<Submission> open = new ArrayList<>();
    private long promises;
    private int submissions;
    private SimulationException violation;

    SimClient(final SimTime time, final SimWiring wiring, final Ledger ledger)
    {
        this.time = time;
        this.wiring = wiring;
        this.ledger = ledger;
    }

    /** Ids of all sessions whose acceptance was answered, in order. */
    List<Long> promised()
    {
        return List.copyOf(promisedSequenceById.keySet());
    }

    /** Sessions that were ever promised. */
    long promises()
    {
        return promises;
    }

    /** The journal has lost what came behind that sequence, and says so: these promises are void. */
    void onLost(final long sequence)
    {
        promisedSequenceById.values().removeIf(promised -> promised > sequence);
        open.forEach(submission -> submission.firstId = 0);
    }

    /** Whether nothing is left to ask, or to wait for. */
    boolean isIdle()
    {
        return open.isEmpty();
    }

    /** Asks again where no answer has come. */
    void retry(final ManagerStages stages)
    {
        if (null != violation)
        {
            throw violation;
        }
        for (int i = 0; i < open.size(); i++)
        {
            final Submission submission = open.get(i);
            if (time.nowNs() >= submission.nextNs)
            {
                submit(submission, stages);
            }
        }
        open.removeIf(submission -> submission.isOver || submission.tries >= RETRIES_MAX ||
            null == submission.request.idempotencyKey() && time.nowNs() >= submission.giveUpNs);
    }

    void act(final Work work, final ManagerStages stages)
    {
        final SplittableRandom random = new SplittableRandom(work.seed());
        switch (work.kind())
        {
            case SUBMIT -> submit(random, stages);
            case CANCEL -> cancel(random, stages);
            case GROUP -> configureGroup(random, stages);
            case ACCOUNT -> configureAccount(random, stages);
            case DRAIN -> drain(random, stages);
            default -> explain(random, stages);
        }
    }

    /** Makes agents available again that were drained. */
    void undrain(final ManagerStages stages)
    {
        for (final AgentView agent : stages.view().agents())
        {
            if (agent.drained())
            {
                stages.control().drain(agent.id(), false);
            }
        }
    }

    private void cancel(final SplittableRandom random, final ManagerStages stages)
    {
        final long id = anyId(random);
        if (0 != id)
        {
            stages.control().cancel(List.of(new IdRange(id, id + random.nextInt(3))));
        }
    }

    private void explain(final SplittableRandom random, final ManagerStages stages)
    {
        stages.explanations().explain(Math.max(1, anyId(random)));
    }

    private void drain(final SplittableRandom random, final ManagerStages stages)
    {
        final List<AgentView> agents = stages.view().agents();
        if (!agents.isEmpty())
        {
            stages.control().drain(agents.get(random.nextInt(agents.size())).id(), random.nextBoolean());
        }
    }

    private void configureGroup(final SplittableRandom random, final ManagerStages stages)
    {
        final String group = random.nextBoolean() ? GROUP : GPU_GROUP;
        stages.configuration().configureGroup(group, current ->
        {
            GroupOptions options = null == current ? GroupOptions.DEFAULTS : current;
            for (int i = 1 + random.nextInt(3); i > 0; i--)
            {
                options = change(options, random);
            }
            return options;
        });
    }

    private static GroupOptions change(final GroupOptions options, final SplittableRandom random)
    {
        return switch (random.nextInt(10))
        {
            case 0, 1 -> options.with(GroupOption.ORDER, any(GroupOption.ORDER.choices(), random));
            case 2, 3 -> options.with(GroupOption.SELECT, any(GroupOption.SELECT.choices(), random));
            case 4, 5 -> options.with(GroupOption.BACKFILL, any(GroupOption.BACKFILL.choices(), random));
            case 6 -> options.with(GroupOption.PREEMPTION_MODE, any(GroupOption.PREEMPTION_MODE.choices(), random));
            case 7 -> options.with(GroupOption.ATTEMPTS_MAX, Integer.toString(1 + random.nextInt(4)));
            case 8 -> options.with(GroupOption.DECISIONS_MAX, Integer.toString(1 + random.nextInt(5)));
            default -> random.nextBoolean() ?
                options.with(GroupOption.AGEING, random.nextInt(20) + "s") :
                options.with(GroupOption.PENDING_TIMEOUT, random.nextInt(3) * 60 + "s");
        };
    }

    private void configureAccount(final SplittableRandom random, final ManagerStages stages)
    {
        final int id = 1 + random.nextInt(OWNERS - 1);
        final Map<String, Long> limits =
            random.nextBoolean() ? Map.of() : Map.of("cpu", 1_000L + random.nextInt(8_000));
        final int sessionsMax = random.nextBoolean() ? -1 : 1 + random.nextInt(6);
        final int weight = 100 + random.nextInt(4_000);
        stages.configuration().configureAccount(Integer.toString(id), (current, known) -> new AccountOptions(
            id, "owner-" + id, AccountLevel.USER, 0, 0, weight, sessionsMax, -1, -1, -1, 100, 0, limits, Map.of()));
    }

    private void submit(final SplittableRandom random, final ManagerStages stages)
    {
        final List<SessionRequest> sessions = new ArrayList<>();
        for (int i = 0 == random.nextInt(4) ? 1 + random.nextInt(4) : 1; i > 0; i--)
        {
            sessions.add(request(random));
        }
        final String key = 0 == random.nextInt(3) ? null : "key-" + submissions;
        final byte[] body = ("body-" + submissions++).getBytes(StandardCharsets.UTF_8);
        final int owner = random.nextInt(OWNERS);
        // Who may not ask twice does not.
        final boolean answerIsLost = null != key && 0 == random.nextInt(6);
        final Submission submission = new Submission(new SubmitRequest(owner, key, body, sessions), answerIsLost);
        open.add(submission);
        submit(submission, stages);
    }

    private void submit(final Submission submission, final ManagerStages stages)
    {
        submission.nextNs =
            null == submission.request.idempotencyKey() ? Long.MAX_VALUE : time.nowNs() + RETRY_AFTER_NS;
        submission.giveUpNs = time.nowNs() + GIVE_UP_AFTER_NS;
        submission.tries++;
        stages.control().submit(wiring.request(submission.request)).whenComplete((replies, error) ->
        {
            if (null == error)
            {
                onAccepted(submission, replies);
            }
            else
            {
                submission.isOver = error instanceof CommandRejectedException;
            }
        });
    }

    private void onAccepted(final Submission submission, final List<SubmitReply> replies)
    {
        final long firstId = replies.get(0).firstId();
        if (0 != submission.firstId && submission.firstId != firstId && !keyHasExpired(submission.firstId, firstId))
        {
            // Thrown in here, it would only end up in a future.
            violation = new SimulationException("one submission was accepted twice: as " + submission.firstId +
                " and as " + firstId + ", key " + submission.request.idempotencyKey());
        }
        submission.firstId = firstId;
        for (final SubmitReply reply : replies)
        {
            for (long i = 0; i < reply.count(); i++)
            {
                promises += null == promisedSequenceById.put(reply.firstId() + i, reply.sequence()) ? 1 : 0;
            }
        }
        submission.isOver = !submission.answerIsLost || submission.tries > 1;
    }

    /** A key is known for a time, on the clock of the cluster; somebody who asks later gets other sessions. */
    private boolean keyHasExpired(final long id, final long laterId)
    {
        return ledger.queuedNs(laterId) - ledger.queuedNs(id) >= SimWorld.CORE_OPTIONS.keyTtlNs();
    }

    private long anyId(final SplittableRandom random)
    {
        if (promisedSequenceById.isEmpty())
        {
            return 0;
        }
        final long last = promisedSequenceById.lastKey();
        final Long id = promisedSequenceById.ceilingKey(Math.max(1, last - random.nextInt(20)));
        return null == id ? last : id;
    }

    private SessionRequest request(final SplittableRandom random)
    {
        final boolean array = 0 == random.nextInt(8);
        final boolean gang = 0 == random.nextInt(4);
        final boolean gpu = 0 == random.nextInt(3);
        final List<Long> dependencies = ids(random, 8);
        final List<String> command = 0 == random.nextInt(10) ? List.of("exit", "3") : List.of("true");
        return new SessionRequest(
            "sim",
            gpu ? GPU_GROUP : GROUP,
            any(List.of(SessionType.BATCH, SessionType.BATCH, SessionType.INTERACTIVE, SessionType.INFERENCE), random),
            random.nextInt(3) * 10,
            gang ? 2 + random.nextInt(3) : 1,
            array ? 1 + random.nextInt(5) : 1,
            array,
            500L << random.nextInt(3),
            GIB << random.nextInt(3),
            gpu ? slots(random) : Map.of(),
            0 == random.nextInt(4) ? SECOND_NS * (1 + random.nextInt(20)) : 0,
            SECOND_NS * random.nextInt(8),
            0 == random.nextInt(2) ? OnLoss.RESTART : OnLoss.WAIT,
            dependencies,
            new LaunchSpec(command, Map.of(), null, null, 0, runTimeNs(random)),
            terms(random, array));
    }

    private static long runTimeNs(final SplittableRandom random)
    {
        return random.nextLong(1 + (0 == random.nextInt(3) ? 25 : 4) * SECOND_NS);
    }

    private static Map<String, Long> slots(final SplittableRandom random)
    {
        return random.nextBoolean() ?
            Map.of(DEVICE, 1L + random.nextInt(2)) : Map.of(SHARES, 250L * (1 + random.nextInt(4)));
    }

    private SessionTerms terms(final SplittableRandom random, final boolean array)
    {
        if (0 != random.nextInt(4))
        {
            return SessionTerms.DEFAULTS;
        }
        final List<SessionPart> parts = array || 0 != random.nextInt(3) ? List.of() :
            List.of(new SessionPart(1 + random.nextInt(2), 250, GIB, Map.of()));
        return new SessionTerms(
            0,
            0,
            random.nextBoolean() ? FailurePolicy.STRICT : FailurePolicy.TOLERANT,
            random.nextBoolean(),
            ids(random, 4),
            0 == random.nextInt(3) ? List.of(constraint(random)) : List.of(),
            parts);
    }

    private static Constraint constraint(final SplittableRandom random)
    {
        return switch (random.nextInt(4))
        {
            case 0 -> new Constraint(ConstraintKind.LABEL_IN, "rack", "r0");
            case 1 -> new Constraint(ConstraintKind.LABEL_NOT_IN, "rack", "r1");
            case 2 -> new Constraint(ConstraintKind.SPREAD_PREFERRED, "group-" + random.nextInt(2), "");
            default -> new Constraint(ConstraintKind.PACK_PREFERRED, "group-" + random.nextInt(2), "");
        };
    }

    private List<Long> ids(final SplittableRandom random, final int oneIn)
    {
        final long id = 0 == random.nextInt(oneIn) ? anyId(random) : 0;
        return 0 == id ? List.of() : List.of(id);
    }

    private static <T> T any(final List<T> list, final SplittableRandom random)
    {
        return list.get(random.nextInt(list.size()));
    }

    private static final class Submission
    {
        private final SubmitRequest request;
        private final boolean answerIsLost;
        private long firstId;
        private long nextNs;
        private long giveUpNs;
        private int tries;
        private boolean isOver;

        Submission(final SubmitRequest request, final boolean answerIsLost)
        {
            this.request = request;
            this.answerIsLost = answerIsLost;
        }
    }
}
