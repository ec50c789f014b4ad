package io.plimsoll.loadtest.live;

import io.plimsoll.loadtest.live.LoadException.Kind;
import io.plimsoll.transport.http.ApiClient;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One connection that submits. What the manager does not answer, or not now, is sent again with the same idempotency
 * key until it is answered, so that each submission is promised once whatever happens; its time counts from when it was
 * due. A thread each.
 */
final class Submitter implements AutoCloseable
{
    /** After which a submission without an answer ends the run. */
    static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(300);
    private static final long RETRY_NS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int TIMEOUT_MS = 60_000;

    private final Meters meters;
    private final Ledger ledger;
    private final ApiClient client;
    private final Sender sender;
    private volatile long lastId;
    private volatile long lastSequence;
    private volatile int inFlight;

    /**
     * Connects with the first submission.
     *
     * @param plan    says what a session is like, and how it is submitted.
     * @param manager to submit to.
     * @param meters  to count in.
     * @param ledger  told of what was accepted.
     * @param runId   of this run.
     */
    Submitter(
        final LoadPlan plan, final LiveManager manager, final Meters meters, final Ledger ledger, final String runId)
    {
        this.meters = meters;
        this.ledger = ledger;
        client = new ApiClient(manager.api().withTimeouts(TIMEOUT_MS, TIMEOUT_MS));
        sender = SubmitApi.BINARY == plan.api() ?
            new BinarySender(plan, manager.ingress()) : new HttpSender(client, plan, runId);
    }

    /**
     * Submits, and returns when the manager has accepted it.
     *
     * @param number   of the submission.
     * @param sessions in it.
     * @param dueNs    when it should have been sent.
     * @param run      that may be stopped meanwhile.
     * @return false if the run was stopped before there was an answer.
     */
    boolean submit(final long number, final int sessions, final long dueNs, final RunState run)
    {
        final long patientUntilNs = System.nanoTime() + PATIENCE_NS;
        final long resent = sender.resent();
        inFlight = sessions;
        while (true)
        {
            final Sender.Answer answer = sender.send(number, sessions, run);
            if (Sender.Outcome.ACCEPTED == answer.outcome())
            {
                ledger.onPromised(answer.firstId(), sessions, dueNs);
                inFlight = 0;
                meters.requests.increment();
                meters.outages.add(sender.resent() - resent);
                meters.replies.recordValue(Math.max(1, System.nanoTime() - dueNs));
                lastId = answer.firstId();
                lastSequence = answer.sequence();
                return true;
            }
            final boolean isLate = System.nanoTime() - patientUntilNs > 0;
            if (Sender.Outcome.BUSY == answer.outcome())
            {
                meters.refusals.increment();
            }
            else if (Sender.Outcome.NONE == answer.outcome())
            {
                meters.outages.increment();
                if (isLate)
                {
                    throw new LoadException(Kind.UNREACHABLE, "the manager does not answer: " + answer.trouble());
                }
            }
            if (run.isAbandoned() || isLate)
            {
                inFlight = 0;
                run.onDoubt(sessions);
                return false;
            }
            LockSupport.parkNanos(RETRY_NS);
        }
    }

    /** Id of the first session of its last submission; 0: none yet. */
    long lastId()
    {
        return lastId;
    }

    /** Sessions that it has sent and of which it does not know yet whether they are accepted. */
    int inFlight()
    {
        return inFlight;
    }

    /** Sequence of the reply to its last submission. */
    long lastSequence()
    {
        return lastSequence;
    }

    ApiClient client()
    {
        return client;
    }

    @Override
    public void close()
    {
        sender.close();
        client.close();
    }
}
