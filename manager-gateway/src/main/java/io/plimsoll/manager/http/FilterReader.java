package io.plimsoll.manager.http;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.manager.ManagerServices;
import io.plimsoll.manager.identity.Caller;
import io.plimsoll.manager.identity.Subject;
import io.plimsoll.manager.view.AccountView;
import io.plimsoll.manager.view.SessionFilter;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Reads which sessions are meant, from the parameters of a list and from what a cancellation selects. Of one request.
 */
final class FilterReader
{
    /** Parameters that it reads. */
    static final List<String> NAMES =
        List.of("state", "group", "name", "account", "array", "agent", "since", "until", "all");
    private static final Set<LifeState> UNENDED = EnumSet.of(
        LifeState.PENDING,
        LifeState.SCHEDULED,
        LifeState.PULLING,
        LifeState.PREPARING,
        LifeState.RUNNING,
        LifeState.TERMINATING);
    private static final int STATES_MAX = 32;
    private static final long NS_PER_S = 1_000_000_000L;

    private final ManagerServices services;
    private final Visibility visibility;
    private final Caller caller;

    FilterReader(final ManagerServices services, final Caller caller)
    {
        this.services = services;
        this.caller = caller;
        visibility = new Visibility(services);
    }

    /** Sessions that have not ended, unless states are named or {@code all} is set; what the caller may see of them. */
    SessionFilter read(final Map<String, String> values)
    {
        final String array = values.get("array");
        final long arrayId = null == array ? 0 : IdRanges.id(array);
        if (null != array && arrayId < 1)
        {
            throw bad("array", array, "the id of the first element of a job array");
        }
        final String agent = values.get("agent");
        final String account = values.get("account");
        return new SessionFilter(
            states(values.get("state"), values.get("all")),
            values.get("group"),
            values.get("name"),
            0 == arrayId ? null : arrayId,
            null == agent ? null : AgentRoutes.agent(services, agent).id(),
            null == account ? null : services.view().accountsBelow(account(account)),
            time("since", values.get("since")),
            time("until", values.get("until")),
            visibility.owners(caller),
            null);
    }

    /** Who may not see an account learns nothing of it, nor of the names of others. */
    private int account(final String idOrName)
    {
        if (Visibility.seesAll(caller))
        {
            return AccountRoutes.id(services, idOrName, "account");
        }
        final AccountView account = services.view().account(idOrName);
        if (null == account || !isSeen(account.options().id()))
        {
            throw new Problem(422, "unknown-account", "there is no account \"" + idOrName + "\"")
                .field("account")
                .asException();
        }
        return account.options().id();
    }

    /** Of a project that it is in a caller sees its own sessions. */
    private boolean isSeen(final int accountId)
    {
        final Subject subject = services.identities().identity().subject(accountId);
        return visibility.sees(caller, accountId) || null != subject && visibility.sees(caller, subject);
    }

    private static Set<LifeState> states(final String text, final String all)
    {
        if (null == text)
        {
            if (null != all && !"true".equals(all) && !"false".equals(all) && !all.isEmpty())
            {
                throw bad("all", all, "true or false");
            }
            return null == all || "false".equals(all) ? UNENDED : null;
        }
        final Set<LifeState> states = EnumSet.noneOf(LifeState.class);
        for (final String name : text.split(",", STATES_MAX))
        {
            states.add(state(text, name.trim().toUpperCase(Locale.ROOT)));
        }
        return states;
    }

    private static LifeState state(final String text, final String name)
    {
        final List<String> known = new ArrayList<>();
        for (final LifeState state : ApiNames.STATES)
        {
            if (state.name().equals(name))
            {
                return state;
            }
            known.add(state.name());
        }
        throw bad("state", text, "a list of " + String.join(", ", known));
    }

    /** Epoch nanoseconds; null if there is nothing. */
    private static Long time(final String name, final String text)
    {
        try
        {
            final Instant at = null == text ? null : OffsetDateTime.parse(text).toInstant();
            return null == at ? null : Math.addExact(Math.multiplyExact(at.getEpochSecond(), NS_PER_S), at.getNano());
        }
        catch (final DateTimeException | ArithmeticException ex)
        {
            throw bad(name, text, "a time such as 2026-11-22T18:00:00Z");
        }
    }

    private static ProblemException bad(final String name, final String given, final String right)
    {
        final String shown = given.length() <= 60 ? given : given.substring(0, 60) + "…";
        return new Problem(400, "bad-parameter", name + ": given \"" + shown + "\"; right is " + right)
            .field(name)
            .asException();
    }
}
