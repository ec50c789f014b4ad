package io.plimsoll.loadtest.whatif;

import io.plimsoll.core.Explanation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the scheduler says of a session that waits, in a few words. */
final class ReasonText
{
    private ReasonText()
    {
    }

    static String of(final Explanation explanation, final ResourceBook resources)
    {
        final List<String> parts = new ArrayList<>();
        if (!explanation.known())
        {
            return "";
        }
        if (explanation.lostTail())
        {
            parts.add("nothing was placed, as the journal had lost its tail");
        }
        if (!explanation.missingPolicy().isEmpty())
        {
            parts.add("the policy " + explanation.missingPolicy() + " is not there");
        }
        if (explanation.unmetCount() > 0)
        {
            final int others = explanation.unmetCount() - 1;
            parts.add("it waited for session " + explanation.unmet().get(0).sessionId() +
                (others > 0 ? " and " + others + " others" : "") + " to end");
        }
        if (explanation.startsAtNs() > 0)
        {
            parts.add("it was not to start before " + ComparisonText.time(explanation.startsAtNs()));
        }
        if (explanation.notBeforeNs() > 0)
        {
            parts.add("it paused after a failed attempt");
        }
        if (!explanation.limits().isEmpty())
        {
            parts.add("over its limits (" + explanation.limits() + ")");
        }
        if (null != explanation.agents())
        {
            room(explanation, resources, parts);
        }
        return String.join("; ", parts);
    }

    private static void room(final Explanation explanation, final ResourceBook resources, final List<String> parts)
    {
        final Explanation.Agents agents = explanation.agents();
        if (agents.places() < agents.kernels())
        {
            final List<String> causes = new ArrayList<>();
            for (int slot = 0; slot < agents.lacking().length; slot++)
            {
                if (agents.lacking()[slot] > 0)
                {
                    causes.add(agents.lacking()[slot] + " had too little " + resources.slot(slot).name());
                }
            }
            for (final Explanation.Filter filter : Explanation.Filter.values())
            {
                final int rejected = agents.rejected()[filter.ordinal()];
                if (rejected > 0)
                {
                    causes.add(rejected + " " + word(filter));
                }
            }
            parts.add("no room on " + agents.total() + (1 == agents.total() ? " agent" : " agents") +
                (causes.isEmpty() ? "" : ": " + String.join(", ", causes)));
        }
        else if (parts.isEmpty())
        {
            parts.add("there was room, but others went first: it was number " + explanation.position() + " of " +
                explanation.waiting());
        }
    }

    private static String word(final Explanation.Filter filter)
    {
        return switch (filter)
        {
            case CONSTRAINT -> "did not meet its constraints";
            case CLAIMED -> "kept for somebody else";
            case KERNELS_MAX -> "full of kernels";
            case NOT_RECONCILED -> "not ready yet";
            default -> filter.name().toLowerCase(Locale.ROOT);
        };
    }
}
