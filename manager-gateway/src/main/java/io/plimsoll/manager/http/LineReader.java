package io.plimsoll.manager.http;

import io.plimsoll.manager.control.PreparedSession;
import io.plimsoll.manager.control.SessionPreparer;
import io.plimsoll.manager.control.SessionRequest;
import java.util.List;
import java.util.function.UnaryOperator;

/** Turns lines of a bulk submission into sessions, by the rules of single submissions. One thread. */
final class LineReader
{
    private final int ownerId;
    private final SubmissionNames accounts;
    private final UnaryOperator<List<SessionRequest>> admission;
    private final SessionPreparer preparer = new SessionPreparer();

    /**
     * For one request.
     *
     * @param ownerId   whom sessions count for that name no account.
     * @param accounts  numbers of accounts by name.
     * @param admission checks and completes sessions of the submitter, or throws what is wrong.
     */
    LineReader(
        final int ownerId,
        final SubmissionNames accounts,
        final UnaryOperator<List<SessionRequest>> admission)
    {
        this.ownerId = ownerId;
        this.accounts = accounts;
        this.admission = admission;
    }

    Prepared read(final byte[] bytes, final int offset, final int length)
    {
        final SessionRequest request =
            admission.apply(List.of(SubmitParser.parseLine(bytes, offset, length, accounts))).get(0);
        return new Prepared(preparer.prepare(request, ownerId), 0 == request.terms().startsAtNs());
    }

    /**
     * What a line says.
     *
     * @param session to submit.
     * @param lasting whether the same line means the same a moment later; a time from now on does not.
     */
    record Prepared(PreparedSession session, boolean lasting)
    {
    }
}
