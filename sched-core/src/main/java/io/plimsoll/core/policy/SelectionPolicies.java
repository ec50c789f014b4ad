package io.plimsoll.core.policy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.agrona.DirectBuffer;

/**
 * All policies that score agents, by name: those that come with the project, and users' own, which
 * {@link ServiceLoader} finds through the context class loader of the thread that makes a core. Policies may keep
 * working memory, so each core has instances of its own.
 */
public final class SelectionPolicies
{
    /** Most characters of a name. */
    public static final int NAME_LENGTH_MAX = 63;

    private final List<SelectionPolicy> policies = new ArrayList<>(List.of(
        new BestFit(),
        new DotProduct(),
        new GpuPacking(),
        new GpuClustering(),
        new FragmentationGradient(),
        new PlimsollPolicy()));

    /**
     * New instances of all.
     *
     * @throws PolicyLoadException if one of the users' own cannot be loaded, or has a name that will not do.
     */
    public SelectionPolicies()
    {
        try
        {
            for (final SelectionPolicy own : ServiceLoader.load(SelectionPolicy.class))
            {
                checkName(own);
                policies.add(own);
            }
        }
        catch (final ServiceConfigurationError | LinkageError ex)
        {
            final String cause = null == ex.getCause() ? "" : ": " + ex.getCause();
            throw new PolicyLoadException("a policy cannot be loaded: " + ex.getMessage() + cause, ex);
        }
    }

    private void checkName(final SelectionPolicy own)
    {
        final String name = own.name();
        if (!isName(name))
        {
            throw new PolicyLoadException(own.getClass().getName() + " calls itself '" + name +
                "'; the name of a policy is lower case with hyphens, at most " + NAME_LENGTH_MAX + " characters");
        }
        for (final SelectionPolicy known : policies)
        {
            if (known.name().equals(name))
            {
                throw new PolicyLoadException("two policies are called '" + name + "': " +
                    known.getClass().getName() + " and " + own.getClass().getName());
            }
        }
    }

    private static boolean isName(final String name)
    {
        boolean good = null != name && !name.isEmpty() && name.length() <= NAME_LENGTH_MAX;
        for (int i = 0; good && i < name.length(); i++)
        {
            final char character = name.charAt(i);
            good = character >= 'a' && character <= 'z' ||
                i > 0 && (character >= '0' && character <= '9' || '-' == character);
        }
        return good;
    }

    /** Names of all, in order. */
    public static List<String> names()
    {
        final List<String> names = new ArrayList<>();
        new SelectionPolicies().policies.forEach(policy -> names.add(policy.name()));
        Collections.sort(names);
        return names;
    }

    /** The policy of a name, null if there is none. */
    public SelectionPolicy find(final String name)
    {
        for (final SelectionPolicy policy : policies)
        {
            if (policy.name().equals(name))
            {
                return policy;
            }
        }
        return null;
    }

    /** The policy of a name in ASCII, null if there is none. */
    public SelectionPolicy find(final DirectBuffer name, final int offset, final int length)
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
