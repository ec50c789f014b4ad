package io.plimsoll.manager.http;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Liveness;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.RejectCode;
import java.util.List;
import java.util.Locale;

/** How the names of the core's language are spelled in the API; computed once. */
final class ApiNames
{
    /** In the order of their codes; the codec's own constants for "none" and "not known" are no states. */
    static final List<LifeState> STATES = List.of(
        LifeState.PENDING,
        LifeState.SCHEDULED,
        LifeState.PULLING,
        LifeState.PREPARING,
        LifeState.RUNNING,
        LifeState.TERMINATING,
        LifeState.TERMINATED,
        LifeState.CANCELLED,
        LifeState.ERROR);
    static final List<Liveness> LIVENESS = List.of(Liveness.ALIVE, Liveness.SUSPECT, Liveness.LOST);

    private static final String[] REASONS = kebab(Reason.values());
    private static final String[] REJECT_CODES = kebab(RejectCode.values());

    private ApiNames()
    {
    }

    static String reason(final Reason reason)
    {
        return REASONS[reason.ordinal()];
    }

    static String rejectCode(final RejectCode code)
    {
        return REJECT_CODES[code.ordinal()];
    }

    static String lower(final Enum<?> value)
    {
        return value.name().toLowerCase(Locale.ROOT);
    }

    static boolean hasEnded(final LifeState state)
    {
        return LifeState.TERMINATED == state || LifeState.CANCELLED == state || LifeState.ERROR == state;
    }

    private static String[] kebab(final Enum<?>[] values)
    {
        final String[] names = new String[values.length];
        for (int i = 0; i < values.length; i++)
        {
            names[i] = lower(values[i]).replace('_', '-');
        }
        return names;
    }
}
