package io.plimsoll.core;

import io.plimsoll.core.LimitReport.Kind;
import io.plimsoll.core.sbe.RejectCode;
import io.plimsoll.core.sbe.UpdateSessionsDecoder;
import org.agrona.collections.LongArrayList;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Decides changes of sessions. What one command may do is bounded: it says from where on the rest is to be asked for
 * again. As far as it goes it is done whole or not at all.
 */
final class UpdateDecider
{
    static final int PRIORITY = 1;
    static final int WALLTIME = 1 << 1;
    static final int NAME = 1 << 2;
    private static final int ALL = PRIORITY | WALLTIME | NAME;
    /** In bytes. */
    private static final int NAME_LENGTH_MAX = 1024;
    /** Ids looked up in one command, whatever there is of them. */
    private static final int LOOKUPS_MAX = 64 * 1024;
    /** Rows changed in one command, and bytes of their events. */
    private static final int ROWS_MAX = 256;
    private static final int EVENTS_LENGTH_MAX = CommandDecider.EVENTS_LENGTH_MAX / 2;
    /** Most bytes of an event without its name. */
    private static final int EVENT_LENGTH = 64;

    private final CoreState state;
    private final ClusterEmitter answers;
    private final LimitReport report;
    private final UpdateSessionsDecoder command = new UpdateSessionsDecoder();
    private final Rejection rejection = new Rejection();
    private final UnsafeBuffer name = new UnsafeBuffer(0, 0);
    /** First id and number of elements of each row that is to be changed. */
    private final LongArrayList found = new LongArrayList();
    private long updated;
    private long alreadyEnded;
    private long unknown;

    UpdateDecider(final CoreState state, final ClusterEmitter answers)
    {
        this.state = state;
        this.answers = answers;
        report = new LimitReport(state);
    }

    UpdateSessionsDecoder command()
    {
        return command;
    }

    void onUpdate(final WorkBudget budget)
    {
        rejection.reset(command.correlationId(), command.source());
        command.wrapSessionName(name);
        if (!checkFields())
        {
            return;
        }
        found.clear();
        updated = 0;
        alreadyEnded = 0;
        unknown = 0;
        final long nextId = walk(budget);
        if (!checkAccounts())
        {
            return;
        }
        for (int i = 0; i < found.size(); i += 2)
        {
            update(found.getLong(i), found.getLong(i + 1));
        }
        answers.updateAccepted(command, updated, alreadyEnded, unknown, nextId);
    }

    private boolean checkFields()
    {
        final int changes = command.changes();
        if (0 == changes || 0 != (changes & ~ALL))
        {
            return reject("changes", changes, ALL);
        }
        if (has(PRIORITY) && command.priority() > EntryLimits.PRIORITY_MAX)
        {
            return reject("priority", command.priority(), EntryLimits.PRIORITY_MAX);
        }
        if (command.firstId() < 1 || command.lastId() < command.firstId())
        {
            return reject("ids", command.firstId(), command.lastId());
        }
        final long walltimeNs = command.walltimeNs();
        if (has(WALLTIME) && (walltimeNs < 0 || walltimeNs > EntryLimits.DURATION_MAX))
        {
            return reject("walltime", walltimeNs, EntryLimits.DURATION_MAX);
        }
        return name.capacity() <= NAME_LENGTH_MAX || reject("name", name.capacity(), NAME_LENGTH_MAX);
    }

    private boolean reject(final String field, final long requested, final long limit)
    {
        answers.rejected(rejection.because(RejectCode.OUT_OF_RANGE, requested, limit), field);
        return false;
    }

    private boolean has(final int change)
    {
        return 0 != (command.changes() & change);
    }

    /** Finds the rows that are to be changed; gives the id from which on it was too much, 0 if it was not. */
    private long walk(final WorkBudget budget)
    {
        final SessionTable sessions = state.sessions;
        final long last = command.lastId();
        final long end = Math.min(last, state.nextSessionId - 1);
        long id = command.firstId();
        final int rowsMax = Math.min(ROWS_MAX, EVENTS_LENGTH_MAX / (EVENT_LENGTH + name.capacity()));
        int lookups = 0;
        while (id <= end)
        {
            if (lookups == LOOKUPS_MAX || found.size() == 2 * rowsMax || !budget.isLeft())
            {
                return id;
            }
            lookups++;
            if (sessions.blocks.isEmpty(id))
            {
                final long next = Math.min(IdBlocks.nextBlock(id), end + 1);
                unknown += next - id;
                id = next;
            }
            else
            {
                id += look(id, end, budget);
            }
        }
        unknown += Math.max(0, last - Math.max(end, id - 1));
        return 0;
    }

    /** Looks at an id that is not unknown by its block; gives the number of ids of which that says all. */
    private long look(final long id, final long end, final WorkBudget budget)
    {
        final SessionTable sessions = state.sessions;
        final int session = sessions.find(id);
        if (Table.NONE == session)
        {
            unknown++;
            return 1;
        }
        if (sessions.isTerminal(session))
        {
            alreadyEnded++;
            return 1;
        }
        final long count = Table.NONE == sessions.findOwn(id) ?
            Math.min(end + 1, sessions.get(sessions.endId, session)) - id : 1;
        budget.spend();
        found.addLong(id);
        found.addLong(count);
        updated += count;
        return count;
    }

    /** Whoever asks for more than an account allows is refused; what is above that already may stay as it is. */
    private boolean checkAccounts()
    {
        final SessionTable sessions = state.sessions;
        final ShapeTable shapes = state.shapes;
        final AccountTable accounts = state.accounts;
        for (int i = 0; has(PRIORITY) && i < found.size(); i += 2)
        {
            final int shape = sessions.get(sessions.shape, sessions.find(found.getLong(i)));
            final int account = shapes.account(shape);
            report.clear(shapes.get(shapes.group, shape));
            if (command.priority() > shapes.get(shapes.priority, shape))
            {
                for (int row = account; Table.NONE != row; row = accounts.next(account, row))
                {
                    final int priorityMax = accounts.get(accounts.priorityMax, row);
                    if (command.priority() > priorityMax)
                    {
                        report.add(Kind.PRIORITY, row, Table.NONE, 0, command.priority(), priorityMax);
                    }
                }
            }
            if (report.count() > 0)
            {
                rejection.because(RejectCode.QUOTA_EXCEEDED, report.requested(0), report.limit(0));
                rejection.subject = found.getLong(i);
                answers.rejected(rejection, report);
                return false;
            }
        }
        return true;
    }

    private void update(final long firstId, final long count)
    {
        final SessionTable sessions = state.sessions;
        final ShapeTable shapes = state.shapes;
        final int session = sessions.find(firstId);
        final int priority = has(PRIORITY) ?
            command.priority() : shapes.get(shapes.priority, sessions.get(sessions.shape, session));
        final long walltimeNs = has(WALLTIME) ? command.walltimeNs() : sessions.get(sessions.walltimeNs, session);
        answers.sessionUpdated(firstId, count, priority, walltimeNs, command, name);
    }
}
