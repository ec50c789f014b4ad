package io.plimsoll.core;

import io.plimsoll.core.policy.BestFit;
import io.plimsoll.core.policy.DotProduct;
import io.plimsoll.core.policy.FragmentationGradient;
import io.plimsoll.core.policy.GpuClustering;
import io.plimsoll.core.policy.GpuPacking;
import io.plimsoll.core.policy.PlimsollPolicy;
import io.plimsoll.core.policy.SelectionPolicy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.ServiceLoader;
import org.agrona.DirectBuffer;

/**
 * All policies that score agents, by name: those that come with the project, and users' own, which are found through
 * {@link ServiceLoader}. Policies may keep working memory, so each core has instances of its own.
 */
public final class SelectionPolicies
{
    private final List<SelectionPolicy> policies = new ArrayList<>(List.of(
        new BestFit(),
        new DotProduct(),
        new GpuPacking(),
        new GpuClustering(),
        new FragmentationGradient(),
        new PlimsollPolicy()));

    SelectionPolicies()
    {
        for (final SelectionPolicy own : ServiceLoader.load(SelectionPolicy.class))
        {
            for (final SelectionPolicy known : policies)
            {
                if (known.name().equals(own.name()))
                {
                    throw new IllegalStateException(
                        "two policies of one name=" + own.name() + ": " + known.getClass() + ", " + own.getClass());
                }
            }
            policies.add(own);
        }
    }

    /** Names of all policies that score agents, in order. */
    public static List<String> names()
    {
        final List<String> names = new ArrayList<>();
        new SelectionPolicies().policies.forEach(policy -> names.add(policy.name()));
        Collections.sort(names);
        return names;
    }

    /** The policy of a name, null if there is none. */
    SelectionPolicy find(final DirectBuffer name, final int offset, final int length)
    {
        for (final SelectionPolicy policy : policies)
        {
            if (equals(policy.name(), name, offset, length))
            {
                return policy;
            }
        }
        return null;
    }

    private static boolean equals(final String text, final DirectBuffer name, final int offset, final int length)
    {
        boolean equal = text.length() == length;
        for (int i = 0; equal && i < length; i++)
        {
            equal = text.charAt(i) == name.getByte(offset + i);
        }
        return equal;
    }
}
