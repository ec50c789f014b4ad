package io.plimsoll.loadtest.simulate;

import io.plimsoll.core.Explanation;
import io.plimsoll.manager.http.ExplanationText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;

/** What a session waits for when its scenario is over: every cause, all limits that it is over, what agents lack. */
final class WaitText
{
    private WaitText()
    {
    }

    /**
     * In one line.
     *
     * @param said      by the scheduler.
     * @param slotNames by number.
     * @return causes, separated by semicolons; empty if it does not wait.
     */
    static String of(final Explanation said, final IntFunction<String> slotNames)
    {
        final List<String> parts = new ArrayList<>();
        for (final String cause : ExplanationText.waitsFor(said))
        {
            parts.add(
                switch (cause)
                {
                    case "quota" -> cause + ": " + said.limits();
                    case "resources" -> cause + ": " + room(said.agents(), slotNames);
                    default -> cause;
                });
        }
        return String.join("; ", parts);
    }

    private static String room(final Explanation.Agents agents, final IntFunction<String> slotNames)
    {
        final List<String> causes = new ArrayList<>();
        final int[] lacking = agents.lacking();
        for (int slot = 0; slot < lacking.length; slot++)
        {
            if (lacking[slot] > 0)
            {
                causes.add(lacking[slot] + " with too little " + slotNames.apply(slot));
            }
        }
        for (final Explanation.Filter filter : Explanation.Filter.values())
        {
            final int rejected = agents.rejected()[filter.ordinal()];
            if (rejected > 0)
            {
                causes.add(rejected + " " + filter.name().toLowerCase(Locale.ROOT).replace('_', '-'));
            }
        }
        return "room for " + agents.places() + " of " + agents.kernels() +
            (1 == agents.kernels() ? " kernel on " : " kernels on ") + agents.total() +
            (1 == agents.total() ? " agent" : " agents") +
            (causes.isEmpty() ? "" : " (" + String.join(", ", causes) + ")");
    }
}
